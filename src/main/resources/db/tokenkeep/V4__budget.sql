-- The token requests that a registration has spent of its rate limit, as the time up to which they were paid.
create table tokenkeep_budget (
    registration text        primary key,
    paid_until   timestamptz not null
);
