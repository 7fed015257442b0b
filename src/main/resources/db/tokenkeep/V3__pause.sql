-- A registration that is left alone, by every replica that uses the same credential.
create table tokenkeep_pause (
    registration text        not null,
    credential   bytea       not null,
    paused_until timestamptz not null,
    reason       text        not null,
    paused_at    timestamptz not null default now(),
    primary key (registration, credential)
);
