-- Due sessions that have not failed since their last success come before those that have: each kind is found in the order in
-- which it became due, however long the other's backlog is.
create index tokenkeep_session_due_fresh on tokenkeep_session (registration, refresh_due_at)
    where status = 'ACTIVE' and failures = 0;
create index tokenkeep_session_due_again on tokenkeep_session (registration, refresh_due_at)
    where status = 'ACTIVE' and failures > 0;
-- Which registrations have due sessions: asked once for all of them, and the beginning of this index. By an expression, so that it
-- is never taken for what is due of one registration: that would go through the backlog of all others.
create index tokenkeep_session_next on tokenkeep_session ((refresh_due_at at time zone 'UTC')) where status = 'ACTIVE';
-- A replica of the release before finds what is due of a registration by its two indexes.
drop index tokenkeep_session_due;

-- What sessions that keep failing have spent of the part of the budget that is theirs.
alter table tokenkeep_budget add column retries_paid_until timestamptz;

-- Which registrations have revocations to send.
create index tokenkeep_revocation_next on tokenkeep_revocation ((not_before at time zone 'UTC'));
