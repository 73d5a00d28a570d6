-- deliver: requests to other people's servers, and every attempt at them

create table delivery_target (
  id         text primary key,
  secret     text not null,
  former     text not null,
  former_til bigint not null,
  numbered   bigint not null,
  paused     bigint not null,
  paused_by  text not null,
  failing    bigint not null,
  misses     bigint not null,
  rests      bigint not null,
  due        bigint not null,
  leased_by  text not null,
  leased_til bigint not null,
  created    bigint not null
);
create index delivery_target_due on delivery_target (due) where due > 0 and paused = 0;

create table delivery (
  id       text primary key,
  once_key text not null unique,
  target   text not null references delivery_target (id),
  number   bigint not null,
  about    text not null,
  subject  text not null,
  test     boolean not null,
  method   text not null,
  url      text not null,
  kind     text not null,
  body     text not null,
  state    text not null,
  attempts bigint not null,
  tries    bigint not null,
  due      bigint not null,
  created  bigint not null,
  finished bigint not null,
  unique (target, number)
);
create index delivery_waiting on delivery (target, test desc, number) where state = 'waiting';
create index delivery_created on delivery (created);

create table delivery_attempt (
  delivery text not null references delivery (id),
  number   bigint not null,
  at       bigint not null,
  took     bigint not null,
  status   bigint not null,
  fault    text not null,
  detail   text not null,
  answer   text not null,
  primary key (delivery, number)
);

-- postback: what partners want to be told, and where

create table postback (
  id          text primary key references delivery_target (id),
  program     text not null,
  partnership text not null references partnership (id),
  name        text not null,
  way         text not null,
  template    text not null,
  moments     text not null,
  events      text not null,
  created     bigint not null,
  removed     bigint not null
);
create index postback_of on postback (partnership, id);
create index postback_program on postback (program, id);
