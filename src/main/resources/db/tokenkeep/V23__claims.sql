-- A claim changes no column that an index has, so that it is written beside its row (see V13). Sessions whose refresh token is good
-- only a little longer are found by when they failed last. The former index goes last: until then readers are not kept out.
create index tokenkeep_session_failed on tokenkeep_session (registration, failure_at)
    where status = 'ACTIVE' and failures > 0;
drop index tokenkeep_session_unknown;
