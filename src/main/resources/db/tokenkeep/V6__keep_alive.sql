alter table tokenkeep_session
    -- when the grant ends whatever is refreshed; known only where its absolute lifetime is configured
    add column grant_expires_at timestamptz,
    -- when the refresh token has to be used lest it dies of disuse; null unless sessions are kept alive
    add column keep_alive_at    timestamptz,
    -- when a token was last asked for, roughly; null unless sessions that nobody reads are skipped
    add column read_at          timestamptz;
