-- How often browsers have opened the ticket of a sign-in. Each time a request may be pushed to the authorization server.
alter table tokenkeep_authorization add column openings integer not null default 0;
