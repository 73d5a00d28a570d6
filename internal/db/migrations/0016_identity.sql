-- promo codes by date, single-use batches, what an order's code counts for; keys that are different people; customers who
-- belong to a partner

-- program: what a promo code counts for, from a day on

create table code_policy (
  id      text primary key,
  program text not null references program (id),
  since   bigint not null,
  turn    bigint not null,
  credit  text not null,
  created bigint not null,
  author  text not null
);
create index code_policy_program on code_policy (program, since, turn);

-- creative: partnership is whose code it is now, given whose it was at first; a batch's codes can be used once

alter table promo_code add column given text not null default '';
alter table promo_code add column batch text not null default '';
update promo_code set given = partnership;
create index promo_code_batch on promo_code (batch, code) where batch <> '';

create table code_standing (
  id          text primary key,
  program     text not null,
  code        text not null,
  partnership text not null,
  since       bigint not null,
  turn        bigint not null,
  suspended   boolean not null,
  near        text not null,
  hosts       text not null,
  reason      text not null,
  author      text not null,
  created     bigint not null
);
create index code_standing_of on code_standing (program, code, since, turn);

create table code_batch (
  id          text primary key,
  program     text not null,
  partnership text not null references partnership (id),
  label       text not null,
  prefix      text not null,
  size        bigint not null,
  created     bigint not null,
  author      text not null
);
create index code_batch_of on code_batch (partnership, id);

-- journey: what people and the line itself have said against links

create table identity_split (
  id      text primary key,
  program text not null,
  kind    text not null,
  at      bigint not null,
  turn    bigint not null,
  reason  text not null,
  author  text not null
);
create index identity_split_program on identity_split (program, turn);

create table identity_side (
  split   text not null references identity_split (id),
  program text not null,
  key     text not null,
  side    bigint not null,
  primary key (split, key)
);
create index identity_side_program on identity_side (program);

-- conversion: all uses of a code, and those of orders with several codes or several reports

create index conversion_with_code on conversion (code, program, at) where code <> '';

-- by every key that one of several reports of an order names
create table conversion_key (
  key        text not null,
  program    text not null,
  conversion text not null,
  primary key (key, program, conversion)
);

create table conversion_code (
  code       text not null,
  program    text not null,
  conversion text not null,
  primary key (code, program, conversion)
);

-- contract: how many months a customer stays with the partner who brought them; commission: what the brand has said against it

alter table terms add column binds bigint not null default 0;
create index terms_binds on terms (program) where binds <> 0;

create table customer_binding (
  id          text primary key,
  program     text not null,
  key         text not null,
  partnership text not null,
  since       bigint not null,
  until       bigint not null,
  turn        bigint not null,
  reason      text not null,
  author      text not null,
  created     bigint not null
);
create index customer_binding_of on customer_binding (program, key, since, turn);

-- commission: what each code on an order came to, derived with it

create table code_use (
  conversion  text not null references conversion (id),
  program     text not null,
  code        text not null,
  partnership text not null,
  at          bigint not null,
  visited     boolean not null,
  verdict     text not null,
  primary key (conversion, code)
);
create index code_use_program on code_use (program, at);
