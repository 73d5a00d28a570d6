-- The line: from a visitor's click to a paid partner.
-- Times (at, since, created, …) are milliseconds UTC; amounts are minor units; rates are parts per million; JSON is text.
-- turn is the program's logical clock: every transaction that adds facts to a program takes the next one.

-- instance

create table setting (
  name  text primary key,
  value text not null
);

create table counter (
  name text primary key,
  n    bigint not null
);

-- event: the facts, for the watchers

create table event (
  seq     bigint primary key,
  id      text not null unique,
  kind    text not null,
  brand   text not null,
  program text not null,
  subject text not null,
  at      bigint not null,
  data    text not null
);
create index event_brand on event (brand, seq);
create index event_program on event (program, seq);
create index event_subject on event (subject, seq);

create table event_cursor (
  name text primary key,
  seq  bigint not null
);

-- job

create table job (
  id         text primary key,
  kind       text not null,
  once_key   text not null unique,
  payload    text not null,
  run_at     bigint not null,
  attempts   bigint not null,
  leased_by  text not null,
  leased_til bigint not null,
  done       bigint not null,
  failed     bigint not null,
  last_error text not null
);
create index job_due on job (run_at) where done = 0 and failed = 0;

-- once: durable answers to idempotency keys

create table once (
  owner  text not null,
  name   text not null,
  hash   text not null,
  status bigint not null,
  body   bytea not null,
  at     bigint not null,
  primary key (name, owner)
);
create index once_at on once (at);

-- auth

create table person (
  id       text primary key,
  email    text not null unique,
  name     text not null,
  password text not null,
  locale   text not null,
  created  bigint not null
);

create table sign_in (
  who      text primary key,
  failures bigint not null,
  blocked  bigint not null,
  at       bigint not null
);
create index sign_in_at on sign_in (at);

create table membership (
  person  text not null references person (id),
  scope   text not null,
  role    text not null,
  created bigint not null,
  primary key (person, scope)
);
create index membership_scope on membership (scope);

create table session (
  hash    text primary key,
  person  text not null references person (id),
  created bigint not null,
  expires bigint not null,
  agent   text not null
);
create index session_expires on session (expires);

create table token (
  id      text primary key,
  hash    text not null unique,
  brand   text not null,
  name    text not null,
  mode    text not null,
  scopes  text not null,
  hint    text not null,
  created bigint not null,
  used    bigint not null,
  revoked bigint not null
);
create index token_brand on token (brand);

-- program

create table brand (
  id      text primary key,
  slug    text not null unique,
  name    text not null,
  created bigint not null
);

create table program (
  id          text primary key,
  brand       text not null references brand (id),
  slug        text not null unique,
  name        text not null,
  description text not null,
  currency    text not null,
  timezone    text not null,
  locale      text not null,
  landing     text not null,
  domains     text not null,
  events      text not null,
  click_param text not null,
  form        text not null,
  defaults    text not null,
  secret      text not null,
  tag_sales   boolean not null,
  status      text not null,
  created     bigint not null,
  changed     bigint not null
);
create index program_brand on program (brand);
create index program_changed on program (changed);

create table program_turn (
  program text primary key references program (id),
  turn    bigint not null,
  agreed  text not null
);

create table policy (
  id      text primary key,
  program text not null references program (id),
  since   bigint not null,
  turn    bigint not null,
  model   text not null,
  created bigint not null,
  author  text not null
);
create index policy_program on policy (program, since, turn);

-- partner

create table partner (
  id      text primary key,
  name    text not null,
  kind    text not null,
  email   text not null,
  website text not null,
  country text not null,
  locale  text not null,
  rail    text not null,
  pay_to  text not null,
  created bigint not null
);
create unique index partner_email on partner (email);

create table partnership (
  id      text primary key,
  program text not null references program (id),
  partner text not null references partner (id),
  status  text not null,
  answers text not null,
  created bigint not null,
  unique (program, partner)
);
create index partnership_partner on partnership (partner);

create table partnership_change (
  id          text primary key,
  partnership text not null references partnership (id),
  program     text not null,
  status      text not null,
  since       bigint not null,
  turn        bigint not null,
  author      text not null,
  reason      text not null
);
create index partnership_change_of on partnership_change (partnership, since, turn);

-- contract

create table terms (
  id          text primary key,
  program     text not null,
  partnership text not null references partnership (id),
  version     bigint not null,
  since       bigint not null,
  turn        bigint not null,
  terms       text not null,
  author      text not null,
  created     bigint not null,
  unique (partnership, version)
);
create index terms_of on terms (partnership, since, turn);

-- creative

create table link (
  id          text primary key,
  number      bigint not null unique,
  program     text not null,
  partnership text not null references partnership (id),
  code        text not null unique,
  target      text not null,
  label       text not null,
  created     bigint not null,
  changed     bigint not null
);
create index link_of on link (partnership, id);
create index link_changed on link (changed);

create table promo_code (
  program     text not null,
  code        text not null,
  partnership text not null references partnership (id),
  created     bigint not null,
  turn        bigint not null,
  primary key (program, code)
);
create index promo_code_of on promo_code (partnership);

-- touch

create table journal (
  id      text primary key,
  touches bigint not null,
  body    bytea not null
);

create table touch (
  id          text primary key,
  program     text not null,
  kind        text not null,
  partnership text not null,
  link        text not null,
  who         text not null,
  at          bigint not null,
  turn        bigint not null,
  mark        text not null,
  url         text not null,
  referrer    text not null,
  agent       text not null,
  address     text not null,
  sub1        text not null,
  sub2        text not null,
  sub3        text not null,
  sub4        text not null,
  sub5        text not null,
  shared      text not null
);
create index touch_who on touch (who, program, at);
create index touch_at on touch (program, at, partnership, kind, mark);

-- journey

create table identity_link (
  program text not null,
  a       text not null,
  b       text not null,
  at      bigint not null,
  turn    bigint not null,
  primary key (a, b, program)
);
create index identity_link_program on identity_link (program);

create table identity (
  program text not null,
  key     text not null,
  person  text not null,
  primary key (key, program)
);
create index identity_person on identity (person, program);

-- conversion

create table conversion (
  id        text primary key,
  program   text not null,
  event     text not null,
  order_id  text not null,
  at        bigint not null,
  received  bigint not null,
  turn      bigint not null,
  amount    bigint not null,
  currency  text not null,
  who       text not null,
  click     text not null,
  visitor   text not null,
  customer  text not null,
  email     text not null,
  code      text not null,
  source    text not null,
  unique (order_id, program, event)
);
create index conversion_program on conversion (program, id);
create index conversion_click on conversion (click) where click <> '';
create index conversion_who on conversion (who, program, at);
create index conversion_at on conversion (program, at);

create table refund (
  id        text primary key,
  program   text not null,
  event     text not null,
  order_id  text not null,
  refund_id text not null,
  at        bigint not null,
  turn      bigint not null,
  whole     boolean not null,
  amount    bigint not null,
  currency  text not null,
  reason    text not null,
  unique (order_id, refund_id, program, event)
);

create table decision (
  id          text primary key,
  program     text not null,
  conversion  text not null references conversion (id),
  partnership text not null,
  kind        text not null,
  reason      text not null,
  note        text not null,
  author      text not null,
  at          bigint not null,
  turn        bigint not null
);
create index decision_of on decision (conversion);

-- commission: what is owed, derived from the facts above

create table derivation (
  conversion  text primary key references conversion (id),
  program     text not null,
  net         bigint not null,
  reason      text not null,
  locked      bigint not null,
  explanation text not null,
  turn        bigint not null
);

create table commission (
  id          text primary key,
  conversion  text not null references conversion (id),
  program     text not null,
  partnership text not null,
  at          bigint not null,
  amount      bigint not null,
  settled     bigint not null,
  currency    text not null,
  state       text not null,
  matures     bigint not null,
  matured     bigint not null,
  seq         bigint not null,
  reason      text not null,
  created     bigint not null,
  updated     bigint not null,
  unique (conversion, partnership)
);
create index commission_of on commission (partnership, id);
create index commission_at on commission (program, at);
create index commission_program on commission (program, id);
create index commission_due on commission (matures) where matured = 0;
create index commission_open on commission (program, partnership) where matured > 0 and amount <> settled;

-- ledger

create table account (
  name     text not null,
  currency text not null,
  balance  bigint not null,
  primary key (name, currency)
);

create table entry (
  id       text primary key,
  cause    text not null,
  seq      bigint not null,
  program  text not null,
  source   text not null,
  target   text not null,
  amount   bigint not null check (amount > 0),
  currency text not null,
  at       bigint not null,
  unique (cause, seq)
);
create index entry_source on entry (source, id);
create index entry_target on entry (target, id);
create index entry_program on entry (program, id);

-- payout

create table payout_batch (
  id       text primary key,
  program  text not null references program (id),
  currency text not null,
  created  bigint not null,
  author   text not null,
  approved bigint not null,
  approver text not null
);
create index payout_batch_program on payout_batch (program, id);

create table payout (
  id          text primary key,
  batch       text not null references payout_batch (id),
  program     text not null,
  partnership text not null,
  amount      bigint not null,
  currency    text not null,
  state       text not null,
  rail        text not null,
  pay_to      text not null,
  payee       text not null,
  reason      text not null,
  created     bigint not null,
  sent        bigint not null,
  settled     bigint not null
);
create index payout_batch_of on payout (batch, id);
create index payout_of on payout (partnership, id);
create index payout_program on payout (program, id);

create table payout_line (
  payout     text not null references payout (id),
  commission text not null references commission (id),
  amount     bigint not null,
  primary key (payout, commission)
);
create index payout_line_of on payout_line (commission);

create table payout_file (
  batch   text not null references payout_batch (id),
  name    text not null,
  rail    text not null,
  body    bytea not null,
  created bigint not null,
  primary key (batch, name)
);
