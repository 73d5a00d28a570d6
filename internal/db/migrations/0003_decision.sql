-- decision: lists of what is held, payable or nobody's, and the search by an e-mail address

create index commission_state on commission (program, state, conversion);
create index derivation_nobody on derivation (program, conversion) where reason <> '';
create index conversion_email on conversion (email) where email <> '';
