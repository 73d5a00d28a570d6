-- program: whether a visitor is sent on when the click cannot be kept, and how long touches and what they tell are kept
alter table program add column redirect_first boolean not null default false;
alter table program add column keep_months bigint not null default 0;
alter table program add column plain_days bigint not null default 0;

-- touch: how many could not be kept, by hour
create table touch_loss (
  program text not null,
  kind    text not null,
  at      bigint not null,
  touches bigint not null,
  last    bigint not null,
  primary key (program, at, kind)
);

-- touch: how many there were of those that are kept no longer, by day
create table touch_total (
  program     text not null,
  at          bigint not null,
  partnership text not null,
  link        text not null,
  kind        text not null,
  mark        text not null,
  touches     bigint not null,
  primary key (program, at, partnership, link, kind, mark)
);

-- retention: how far each program's touches have been looked through
create table retention (
  program text not null,
  work    text not null,
  at      bigint not null,
  touch   text not null,
  primary key (program, work)
);
