-- The key that a session's tokens are bound to (RFC 9449), encrypted as its refresh token is; null if they are bound to none.
alter table tokenkeep_session add column dpop_key bytea;
-- The key of a sign-in, which becomes its session's.
alter table tokenkeep_authorization add column dpop_key bytea;
