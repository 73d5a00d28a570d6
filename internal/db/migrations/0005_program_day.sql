-- when the facts of each day last changed, so that what was counted of a day before can be believed

create table program_day (
  program text not null,
  figure  text not null,
  day     bigint not null,
  turn    bigint not null,
  primary key (program, figure, day)
);
