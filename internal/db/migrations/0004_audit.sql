-- audit: what somebody changed through a door; rows are added and never changed

create table audit (
  id      text primary key,
  at      bigint not null,
  brand   text not null,
  program text not null,
  kind    text not null,
  who     text not null,
  name    text not null,
  address text not null,
  noun    text not null,
  verb    text not null,
  subject text not null,
  title   text not null,
  changes text not null
);
create index audit_brand on audit (brand, id);
create index audit_noun on audit (brand, noun, id);
create index audit_who on audit (who, brand, id);
create index audit_subject on audit (subject, brand, id);
