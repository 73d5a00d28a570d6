-- touch: what people decided about touches that a rule had marked, or had not

create table judgement (
  id      text primary key,
  program text not null references program (id),
  touch   text not null,
  was     text not null,
  mark    text not null,
  reason  text not null,
  author  text not null,
  at      bigint not null,
  turn    bigint not null
);
create index judgement_touch on judgement (touch, turn);
create index judgement_program on judgement (program, turn);

-- program: within how long a visitor's clicks on one link are one, and whether data centres are trusted
alter table program add column repeat_ms bigint not null default 2000;
alter table program add column trust_datacentres boolean not null default false;
