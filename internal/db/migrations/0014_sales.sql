-- conversions from the server side: what an order was made of, reports that contradict or complete each other, edits, refunds
-- by item, and conversions that qualify only later

-- conversion: the order in detail, and the row as it stands by all its reports
alter table conversion add column detail text not null default '';

-- The reports of orders of which there is more than one: n counts them, 0 is the first. print is the same for the same content.
create table order_report (
  conversion text not null references conversion (id),
  n          bigint not null,
  program    text not null,
  at         bigint not null,
  received   bigint not null,
  turn       bigint not null,
  amount     bigint not null,
  currency   text not null,
  click      text not null,
  visitor    text not null,
  customer   text not null,
  email      text not null,
  code       text not null,
  source     text not null,
  detail     text not null,
  print      text not null,
  primary key (conversion, n),
  unique (conversion, print)
);
create index order_report_program on order_report (program);

-- Values of a shop's own fields, for the search.
create table conversion_field (
  value      text not null,
  program    text not null,
  conversion text not null,
  primary key (value, program, conversion)
);

-- What an order became: of several the latest by the shop's time holds.
create table order_edit (
  id       text primary key,
  program  text not null,
  event    text not null,
  order_id text not null,
  edit_id  text not null,
  at       bigint not null,
  turn     bigint not null,
  amount   bigint not null,
  currency text not null,
  detail   text not null,
  reason   text not null,
  author   text not null,
  unique (order_id, edit_id, program, event)
);

alter table refund add column items text not null default '';

-- qualification: on what condition an event type is paid, and what was said of single conversions
create table qualifying (
  id      text primary key,
  program text not null references program (id),
  event   text not null,
  since   bigint not null,
  turn    bigint not null,
  rule    text not null,
  author  text not null,
  created bigint not null
);
create index qualifying_program on qualifying (program, since, turn);

create table verdict (
  id       text primary key,
  program  text not null,
  event    text not null,
  order_id text not null,
  verdict  text not null,
  at       bigint not null,
  turn     bigint not null,
  reason   text not null,
  author   text not null,
  unique (order_id, at, verdict, program, event)
);

-- program: further names that a shop gives to the parameters of its postbacks
alter table program add column postback_names text not null default '{}';
