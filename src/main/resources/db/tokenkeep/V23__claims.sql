-- A claim changes no column that an index has, so that it is written beside its row (see V13). Sessions whose refresh token is good
-- only a little longer are found by when they failed last, which is after it was sent.
drop index tokenkeep_session_unknown;
create index tokenkeep_session_failed on tokenkeep_session (registration, failure_at)
    where status = 'ACTIVE' and failures > 0;
