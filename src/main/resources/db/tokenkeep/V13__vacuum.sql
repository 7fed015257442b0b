-- Every refresh writes its row twice: the claim beside the row, where there is room on its page and no index has to change,
-- the store elsewhere. What they leave is taken up while it is little, and not once it is a fifth of the table.
alter table tokenkeep_session set (
    fillfactor = 80,
    autovacuum_vacuum_scale_factor = 0.02,
    autovacuum_vacuum_cost_delay = 0
);
