-- Refresh tokens that wait to be revoked at their authorization server (RFC 7009).
create table tokenkeep_revocation (
    id            uuid        primary key,
    session_id    text        not null,
    registration  text        not null,
    key_id        text        not null,
    rt_version    bigint      not null,
    refresh_token bytea       not null,
    not_before    timestamptz not null,
    attempts      integer     not null default 0,
    created_at    timestamptz not null default now()
);

create index tokenkeep_revocation_due on tokenkeep_revocation (registration, not_before);
create index tokenkeep_revocation_session on tokenkeep_revocation (session_id);
