-- creative: what a brand gives its partners to hand out, and each partner's own link for each of them

create table picture (
  hash    text primary key,
  format  text not null,
  width   bigint not null,
  height  bigint not null,
  body    bytea not null,
  created bigint not null
);

create table creative (
  id       text primary key,
  program  text not null references program (id),
  kind     text not null,
  name     text not null,
  target   text not null,
  locale   text not null,
  place    bigint not null,
  subject  text not null,
  text     text not null,
  picture  text not null,
  format   text not null,
  width    bigint not null,
  height   bigint not null,
  starts   bigint not null,
  ends     bigint not null,
  archived bigint not null,
  author   text not null,
  created  bigint not null
);
create index creative_program on creative (program, place, id);

create table creative_link (
  creative    text not null references creative (id),
  partnership text not null references partnership (id),
  link        text not null,
  primary key (creative, partnership)
);
create index creative_link_of on creative_link (partnership);

-- link: the list of all links of a program
create index link_program on link (program, id)
