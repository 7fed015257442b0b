-- How many sessions there are of each status, but for the active ones, which tokenkeep_session_due counts. A refresh of an
-- active session does not touch it.
create index tokenkeep_session_inactive on tokenkeep_session (registration, status) where status <> 'ACTIVE';
