-- Who was given what, changed what and was refused; written where tokenkeep.audit.table is on.
create table tokenkeep_audit (
    id           bigint      generated always as identity primary key,
    at           timestamptz not null default clock_timestamp(),
    request_id   text,
    caller       text,
    operation    text        not null,
    registration text,
    -- an HMAC of the session's id
    session      bytea,
    decision     text        not null,
    reason       text,
    key_id       text,
    rt_version   bigint,
    latency_ms   double precision
);

create index tokenkeep_audit_at on tokenkeep_audit using brin (at);
create index tokenkeep_audit_session on tokenkeep_audit (session) where session is not null;

-- Append-only: whoever has to let go of old rows disables the trigger as the table's owner, which is seen.
create function tokenkeep_audit_stays() returns trigger language plpgsql as $$
begin
    raise exception 'tokenkeep_audit is append-only';
end $$;

create trigger tokenkeep_audit_stays before update or delete or truncate on tokenkeep_audit
    for each statement execute function tokenkeep_audit_stays();
