-- A program may have a twin for what is only tried: touches, orders and commissions of its own. The twins are of a brand that
-- nobody is in, so whatever goes by a brand passes them by.
alter table program add column test_of text not null default '';
