-- The key of the fingerprints, encrypted. One row for the database's whole life.
create table tokenkeep_fingerprint_key (
    id         integer     primary key check (id = 1),
    key_id     text        not null,
    ciphertext bytea       not null,
    created_at timestamptz not null default now()
);
