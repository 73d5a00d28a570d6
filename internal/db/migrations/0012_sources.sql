-- creative: domains whose visitors are a partner's without any parameter

create table direct_domain (
  id          text primary key,
  program     text not null references program (id),
  partnership text not null references partnership (id),
  host        text not null,
  state       text not null,
  link        text not null,
  reason      text not null,
  author      text not null,
  asked       bigint not null,
  changed     bigint not null
);
create index direct_domain_program on direct_domain (program, id);
create index direct_domain_of on direct_domain (partnership, host);
create unique index direct_domain_approved on direct_domain (program, host) where state = 'approved';
create index direct_domain_changed on direct_domain (changed);

-- program: what the browser tag reads and when it may remember

create table tag_setting (
  program text primary key references program (id),
  params  text not null,
  consent text not null,
  changed bigint not null
);

-- track: the chance of the day in the names of visitors of whom nothing is kept

create table visitor_salt (
  day  text primary key,
  salt bytea not null
);

-- track: tags that pages may hold on to

create table tag_version (
  path text primary key,
  body bytea not null
);
