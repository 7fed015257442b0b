-- Registrations that were added while Tokenkeep ran. Their settings are encrypted, because they hold client secrets.
create table tokenkeep_registration (
    name       text        not null primary key,
    -- ACTIVE; REMOVED, its sessions stay; ENDING, its sessions are being removed too
    state      text        not null,
    key_id     text        not null,
    -- null once it is removed and its sessions stay
    settings   bytea,
    -- which client it is, and where it sends tokens: must not change while there are sessions
    destination text       not null,
    version    bigint      not null,
    changed_by text        not null,
    changed_at timestamptz not null
);
-- What has changed since a replica looked.
create index tokenkeep_registration_changed on tokenkeep_registration (version);
-- One row, which each change raises. Replicas read it to see whether there was a change.
create table tokenkeep_registration_version (
    id      int    not null primary key check (id = 1),
    version bigint not null
);
insert into tokenkeep_registration_version (id, version) values (1, 0);
