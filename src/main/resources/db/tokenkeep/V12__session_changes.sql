-- Tells every replica of a change that no token in its memory may survive. A trigger, so that nobody can forget it: neither a
-- replica of an older version nor whoever mends a row by hand. What an attempt or a re-encryption writes is no such change.
create function tokenkeep_session_changed() returns trigger language plpgsql as $$
begin
    perform pg_notify('tokenkeep_session', old.id);
    return null;
end $$;

create trigger tokenkeep_session_changed after update on tokenkeep_session for each row
    when (old.rt_version is distinct from new.rt_version
          or old.status is distinct from new.status
          or old.access_token_expires_at is distinct from new.access_token_expires_at
          or old.owning_caller is distinct from new.owning_caller)
    execute function tokenkeep_session_changed();

create trigger tokenkeep_session_gone after delete on tokenkeep_session for each row
    execute function tokenkeep_session_changed();
