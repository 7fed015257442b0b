-- The live replicas and the keys that each of them can read: a new key encrypts only once all of them have it.
create table tokenkeep_replica (
    id            uuid        primary key,
    seen_at       timestamptz not null,
    key_ids       text[]      not null,
    encrypts_with text        not null
);
