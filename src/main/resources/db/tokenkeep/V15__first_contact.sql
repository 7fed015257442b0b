-- The lifetime that the authorization server told last of this session's access tokens, in seconds: some leave it out of later
-- answers. Null if it never told.
alter table tokenkeep_session add column access_token_lifetime integer;

-- Which client of which authorization server a registration is, also a registration that is configured nowhere any more: a refresh
-- token is its client's, whatever name the client goes by here.
create table tokenkeep_client (
    registration text  primary key,
    client       bytea not null
);
create index tokenkeep_client_client on tokenkeep_client (client);
