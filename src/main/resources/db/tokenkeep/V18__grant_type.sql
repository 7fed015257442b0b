-- How a session gets its next access token. For all but REFRESH_TOKEN, refresh_token holds what else it is renewed with.
alter table tokenkeep_session add column grant_type text not null default 'REFRESH_TOKEN';
