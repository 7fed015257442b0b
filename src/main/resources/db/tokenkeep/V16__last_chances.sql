-- Sessions of which nobody knows whether their refresh token was spent, by when it was sent first: where it is taken again for a
-- while, that is when the while ends.
create index tokenkeep_session_unknown on tokenkeep_session (registration, sent_at)
    where status = 'ACTIVE' and failures > 0 and sent_version = rt_version;
