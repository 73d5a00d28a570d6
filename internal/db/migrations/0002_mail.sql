-- mail: what was written to people, and the one-time keys that its links carry

create table mail (
  id        text primary key,
  once_key  text not null unique,
  brand     text not null,
  kind      text not null,
  recipient text not null,
  name      text not null,
  sender    text not null,
  locale    text not null,
  subject   text not null,
  text      text not null,
  html      text not null,
  state     text not null,
  attempts  bigint not null,
  error     text not null,
  created   bigint not null,
  sent      bigint not null
);
create index mail_brand on mail (brand, id);

create table password_reset (
  hash    text primary key,
  person  text not null references person (id),
  created bigint not null,
  expires bigint not null,
  used    bigint not null
);
create index password_reset_person on password_reset (person);
create index password_reset_expires on password_reset (expires);

create table password_ask (
  who   text primary key,
  n     bigint not null,
  since bigint not null
);
create index password_ask_since on password_ask (since);

create table invitation (
  id      text primary key,
  hash    text not null unique,
  brand   text not null,
  program text not null,
  scope   text not null,
  role    text not null,
  email   text not null,
  name    text not null,
  author  text not null,
  created bigint not null,
  expires bigint not null,
  used    bigint not null
);
create index invitation_brand on invitation (brand, id);
create index invitation_email on invitation (email);

-- What happened before there was mail is not written about.
insert into event_cursor (name, seq) select 'mail', coalesce(max(seq), 0) from event
