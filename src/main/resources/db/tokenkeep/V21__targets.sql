-- Access tokens for targets: one session, several resource servers. Each can be got again, so nothing else depends on a row.
create table tokenkeep_target_token (
    session_id   text        not null references tokenkeep_session (id) on delete cascade,
    target       text        not null,
    key_id       text        not null,
    access_token bytea       not null,
    token_type   text        not null,
    scope        text,
    obtained_at  timestamptz not null,
    expires_at   timestamptz not null,
    version      bigint      not null,
    -- that of its session: a token of a grant that was replaced does not count
    granted_version bigint   not null,
    primary key (session_id, target)
) with (fillfactor = 80);
-- How many steps of rt_version were refreshes for targets. They left the session's own access token as it was.
alter table tokenkeep_session add column target_refreshes bigint not null default 0;
-- Whose access token was returned; null for the session's own.
alter table tokenkeep_audit add column target text;
