-- The span of the latest attempt, where traces are on: a reader that waits for another replica's attempt links to it.
alter table tokenkeep_session add column traceparent text;
