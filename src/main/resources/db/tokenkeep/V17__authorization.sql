-- Sign-ins that have begun. What identifies one to the browser is kept as a hash, what proves it to the server encrypted.
create table tokenkeep_authorization (
    id                   text        primary key,
    caller               text        not null,
    registration         text        not null,
    subject              text        not null,
    flow                 text        not null,
    -- the issuer, or the endpoints where none is known: a response is good for these only
    authorization_server text        not null,
    -- empty where the user enters a code elsewhere
    redirect_uri         text        not null,
    -- hosted callback: where the browser goes at the end, and what the authorization request adds, as a form
    return_uri           text,
    parameters           text,
    scope                text,
    max_age              integer,
    acr_values           text,
    -- the session whose tokens are replaced
    replaces             text,
    status               text        not null,
    error                text,
    session_id           text,
    state_hash           bytea,
    ticket_hash          bytea,
    -- the browser that opened the ticket last
    browser_hash         bytea,
    confirmation_hash    bytea,
    key_id               text        not null,
    verifier             bytea,
    nonce                bytea,
    -- the authorization code until it is confirmed, or the device code
    code                 bytea,
    -- of the code that was sent: none is sent twice
    code_hash            bytea,
    attempt_id           uuid,
    lease_until          timestamptz,
    -- device code: how long to wait between two polls, in seconds
    poll_interval        integer,
    -- when the authorization server is asked next; while it is being asked, when another replica may ask
    next_poll_at         timestamptz,
    created_at           timestamptz not null,
    expires_at           timestamptz not null,
    ended_at             timestamptz,
    constraint tokenkeep_authorization_status check (status in
        ('PENDING', 'AWAITING_CONFIRMATION', 'COMPLETED', 'FAILED', 'EXPIRED'))
);

-- How many a caller has begun.
create index tokenkeep_authorization_pending on tokenkeep_authorization (caller, subject) where ended_at is null;

-- What a browser brings.
create index tokenkeep_authorization_ticket on tokenkeep_authorization (ticket_hash) where ended_at is null;
create index tokenkeep_authorization_state on tokenkeep_authorization (state_hash) where ended_at is null;

-- What the purge looks for.
create index tokenkeep_authorization_expired on tokenkeep_authorization (expires_at) where ended_at is null;
create index tokenkeep_authorization_ended on tokenkeep_authorization (ended_at) where ended_at is not null;

-- Device codes to poll with.
create index tokenkeep_authorization_poll on tokenkeep_authorization (registration, next_poll_at)
    where ended_at is null and next_poll_at is not null;
