-- domain: hosts of brands' and partners' own at which their links stand; rows stay, removed ones too
create table domain (
  id          text primary key,
  name        text not null,
  program     text not null references program (id),
  partnership text not null,
  secret      text not null,
  proven      bigint not null,
  reaches     boolean not null,
  fault       text not null,
  found       text not null,
  since       bigint not null,
  checked     bigint not null,
  created     bigint not null,
  author      text not null,
  removed     bigint not null,
  changed     bigint not null
);
create unique index domain_proven on domain (name) where proven > 0 and removed = 0;
create index domain_program on domain (program, name);
create index domain_name on domain (name);
create index domain_changed on domain (changed);

-- domain: whether partners of a program may bring domains of their own
create table domain_rule (
  program  text primary key references program (id),
  partners boolean not null
);

-- certificate: what certmagic keeps, keys too, for all nodes; and who works on what
create table certificate_file (
  name    text primary key,
  body    bytea not null,
  changed bigint not null
);
create table certificate_lock (
  name   text primary key,
  holder text not null,
  til    bigint not null
);

-- refusal: reports that were refused, counted by the hour; nothing of what they held
create table refusal (
  program text not null references program (id),
  hour    bigint not null,
  way     text not null,
  reason  text not null,
  field   text not null,
  n       bigint not null,
  last    bigint not null,
  primary key (program, hour, way, reason, field)
);

-- page: how the pages that links lead to answered when they were last looked at
create table page_check (
  program text not null references program (id),
  address text not null,
  status  bigint not null,
  fault   text not null,
  at      bigint not null,
  since   bigint not null,
  misses  bigint not null,
  primary key (program, address)
);
