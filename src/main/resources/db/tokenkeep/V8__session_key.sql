-- What is still to be encrypted anew, in the order in which that is done, and how many rows each key has.
create index tokenkeep_session_key on tokenkeep_session (key_id, id);
