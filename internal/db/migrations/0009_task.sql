-- task: long work that somebody watches

create table task (
  id       text primary key,
  program  text not null references program (id),
  kind     text not null,
  author   text not null,
  state    text not null,
  done     bigint not null,
  total    bigint not null,
  outcome  text not null,
  created  bigint not null,
  finished bigint not null,
  seen     boolean not null
);
create unique index task_running on task (program, kind) where state = 'running';
create index task_of on task (program, kind, id);
create index task_news on task (author) where not seen;
