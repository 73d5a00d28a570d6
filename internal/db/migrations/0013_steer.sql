-- touch: where the visitor was, as far as the owner's files of places say, and what sent them where
alter table touch add column country text not null default '';
alter table touch add column region text not null default '';
alter table touch add column asn text not null default '';
alter table touch add column sent text not null default '';
alter table touch add column variant text not null default '';

-- link: when it ends, and where it leads from then on
alter table link add column ends bigint not null default 0;
alter table link add column afterwards text not null default '';

-- steer: where visitors are sent instead, and how much is too much

create table rule (
  id         text primary key,
  program    text not null references program (id),
  link       text not null,
  place      bigint not null,
  conditions text not null,
  action     text not null,
  target     text not null,
  resting    boolean not null,
  author     text not null,
  created    bigint not null,
  changed    bigint not null,
  removed    bigint not null
);
create index rule_program on rule (program, place, id);
create index rule_changed on rule (changed);

create table cap (
  id          text primary key,
  program     text not null references program (id),
  partnership text not null,
  link        text not null,
  measure     text not null,
  period      text not null,
  most        bigint not null,
  target      text not null,
  author      text not null,
  created     bigint not null,
  changed     bigint not null,
  removed     bigint not null
);
create index cap_program on cap (program, id);
create index cap_changed on cap (changed);

create table split (
  id       text primary key,
  program  text not null references program (id),
  link     text not null,
  name     text not null,
  variants text not null,
  rate     bigint not null,
  lift     bigint not null,
  ended    bigint not null,
  winner   text not null,
  author   text not null,
  created  bigint not null,
  changed  bigint not null
);
create index split_program on split (program, id);
create index split_changed on split (changed);
