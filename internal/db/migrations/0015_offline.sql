-- what no browser saw: numbers that are called, cards that pay, calls, and the files in which they come

-- offline: to whom a phone number or a card belongs from a moment on; the last word before a moment holds

create table assignment (
  id          text primary key,
  program     text not null references program (id),
  kind        text not null,
  name        text not null,
  partnership text not null,
  since       bigint not null,
  turn        bigint not null,
  author      text not null,
  created     bigint not null
);
create index assignment_name on assignment (name, kind, program);
create index assignment_program on assignment (program, kind, id);
create index assignment_partnership on assignment (partnership, kind, id);

create table call (
  id       text primary key,
  program  text not null references program (id),
  call_id  text not null,
  number   text not null,
  caller   text not null,
  at       bigint not null,
  seconds  bigint not null,
  outcome  text not null,
  turn     bigint not null,
  received bigint not null,
  unique (call_id, program)
);
create index call_caller on call (caller, program, at);
create index call_number on call (number, program, at);
create index call_program on call (program, id);

create table call_rule (
  program text primary key references program (id),
  seconds bigint not null
);

-- upload: files of conversions and the like, how each was read, and what came of its lines

create table upload (
  id          text primary key,
  program     text not null references program (id),
  partnership text not null,
  kind        text not null,
  name        text not null,
  bytes       bigint not null,
  hash        text not null,
  reading     text not null,
  author      text not null,
  created     bigint not null,
  state       text not null,
  task        text not null,
  total       bigint not null,
  done        bigint not null,
  accepted    bigint not null,
  known       bigint not null,
  refused     bigint not null,
  finished    bigint not null
);
create index upload_program on upload (program, id);
create index upload_partnership on upload (partnership, id) where partnership <> '';

create table upload_file (
  upload text primary key references upload (id),
  body   bytea not null
);

create table upload_fault (
  upload text not null references upload (id),
  line   bigint not null,
  code   text not null,
  field  text not null,
  detail text not null,
  primary key (upload, line)
);
