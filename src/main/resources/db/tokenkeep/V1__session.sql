create table tokenkeep_session (
    id                       text        primary key,
    registration             text        not null,
    subject                  text        not null,
    owning_caller            text        not null,
    status                   text        not null,
    scope                    text,
    key_id                   text        not null,
    rt_version               bigint      not null,
    -- the version at which a caller last brought tokens: what was spent before it belongs to a grant that was replaced
    granted_version          bigint      not null,
    refresh_token            bytea       not null,
    refresh_token_expires_at timestamptz,
    access_token             bytea,
    token_type               text,
    access_token_obtained_at timestamptz,
    access_token_expires_at  timestamptz,
    id_token                 bytea,
    registered_fingerprint   bytea       not null,
    current_fingerprint      bytea,
    refresh_due_at           timestamptz,
    -- no attempt before: the session is backing off
    not_before               timestamptz,
    attempt_id               uuid,
    lease_until              timestamptz,
    sent_version             bigint,
    sent_at                  timestamptz,
    failures                 integer     not null default 0,
    failure_code             text,
    failure_at               timestamptz,
    created_at               timestamptz not null,
    refreshed_at             timestamptz,
    constraint tokenkeep_session_status check (status in
        ('ACTIVE', 'REAUTHENTICATION_REQUIRED', 'USER_ACTION_REQUIRED', 'QUARANTINED', 'REMOVED'))
);

-- One refresh token, one row.
create unique index tokenkeep_session_registered on tokenkeep_session (registration, registered_fingerprint);
create unique index tokenkeep_session_current on tokenkeep_session (registration, current_fingerprint);

-- What the job looks for.
create index tokenkeep_session_due on tokenkeep_session (registration, refresh_due_at) where status = 'ACTIVE';

-- What callers list.
create index tokenkeep_session_owner on tokenkeep_session (owning_caller, id) where status <> 'REMOVED';
create index tokenkeep_session_subject on tokenkeep_session (owning_caller, subject, id) where status <> 'REMOVED';

-- What the purge looks for.
create index tokenkeep_session_removed on tokenkeep_session (id) where status = 'REMOVED';
