-- The tables as they are, made from internal/db/migrations by: go test ./internal/db -run TestSchema -update

CREATE TABLE account (
  name     text not null,
  currency text not null,
  balance  bigint not null,
  primary key (name, currency)
);

CREATE TABLE assignment (
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

CREATE INDEX assignment_name on assignment (name, kind, program);

CREATE INDEX assignment_partnership on assignment (partnership, kind, id);

CREATE INDEX assignment_program on assignment (program, kind, id);

CREATE TABLE audit (
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

CREATE INDEX audit_brand on audit (brand, id);

CREATE INDEX audit_noun on audit (brand, noun, id);

CREATE INDEX audit_subject on audit (subject, brand, id);

CREATE INDEX audit_who on audit (who, brand, id);

CREATE TABLE brand (
  id      text primary key,
  slug    text not null unique,
  name    text not null,
  created bigint not null
);

CREATE TABLE call (
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

CREATE INDEX call_caller on call (caller, program, at);

CREATE INDEX call_number on call (number, program, at);

CREATE INDEX call_program on call (program, id);

CREATE TABLE call_rule (
  program text primary key references program (id),
  seconds bigint not null
);

CREATE TABLE cap (
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

CREATE INDEX cap_changed on cap (changed);

CREATE INDEX cap_program on cap (program, id);

CREATE TABLE certificate_file (
  name    text primary key,
  body    bytea not null,
  changed bigint not null
);

CREATE TABLE certificate_lock (
  name   text primary key,
  holder text not null,
  til    bigint not null
);

CREATE TABLE code_batch (
  id          text primary key,
  program     text not null,
  partnership text not null references partnership (id),
  label       text not null,
  prefix      text not null,
  size        bigint not null,
  created     bigint not null,
  author      text not null
);

CREATE INDEX code_batch_of on code_batch (partnership, id);

CREATE TABLE code_policy (
  id      text primary key,
  program text not null references program (id),
  since   bigint not null,
  turn    bigint not null,
  credit  text not null,
  created bigint not null,
  author  text not null
);

CREATE INDEX code_policy_program on code_policy (program, since, turn);

CREATE TABLE code_standing (
  id          text primary key,
  program     text not null,
  code        text not null,
  partnership text not null,
  since       bigint not null,
  turn        bigint not null,
  suspended   boolean not null,
  near        text not null,
  hosts       text not null,
  reason      text not null,
  author      text not null,
  created     bigint not null
);

CREATE INDEX code_standing_of on code_standing (program, code, since, turn);

CREATE TABLE code_use (
  conversion  text not null references conversion (id),
  program     text not null,
  code        text not null,
  partnership text not null,
  at          bigint not null,
  visited     boolean not null,
  verdict     text not null,
  primary key (conversion, code)
);

CREATE INDEX code_use_program on code_use (program, at);

CREATE TABLE commission (
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

CREATE INDEX commission_at on commission (program, at);

CREATE INDEX commission_due on commission (matures) where matured = 0;

CREATE INDEX commission_of on commission (partnership, id);

CREATE INDEX commission_open on commission (program, partnership) where matured > 0 and amount <> settled;

CREATE INDEX commission_program on commission (program, id);

CREATE INDEX commission_state on commission (program, state, conversion);

CREATE TABLE conversion (
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
  source    text not null, detail text not null default '',
  unique (order_id, program, event)
);

CREATE INDEX conversion_at on conversion (program, at);

CREATE INDEX conversion_click on conversion (click) where click <> '';

CREATE INDEX conversion_email on conversion (email) where email <> '';

CREATE INDEX conversion_program on conversion (program, id);

CREATE INDEX conversion_who on conversion (who, program, at);

CREATE INDEX conversion_with_code on conversion (code, program, at) where code <> '';

CREATE TABLE conversion_code (
  code       text not null,
  program    text not null,
  conversion text not null,
  primary key (code, program, conversion)
);

CREATE TABLE conversion_field (
  value      text not null,
  program    text not null,
  conversion text not null,
  primary key (value, program, conversion)
);

CREATE TABLE conversion_key (
  key        text not null,
  program    text not null,
  conversion text not null,
  primary key (key, program, conversion)
);

CREATE TABLE counter (
  name text primary key,
  n    bigint not null
);

CREATE TABLE creative (
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

CREATE INDEX creative_program on creative (program, place, id);

CREATE TABLE creative_link (
  creative    text not null references creative (id),
  partnership text not null references partnership (id),
  link        text not null,
  primary key (creative, partnership)
);

CREATE INDEX creative_link_of on creative_link (partnership);

CREATE TABLE customer_binding (
  id          text primary key,
  program     text not null,
  key         text not null,
  partnership text not null,
  since       bigint not null,
  until       bigint not null,
  turn        bigint not null,
  reason      text not null,
  author      text not null,
  created     bigint not null
);

CREATE INDEX customer_binding_of on customer_binding (program, key, since, turn);

CREATE TABLE decision (
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

CREATE INDEX decision_of on decision (conversion);

CREATE TABLE delivery (
  id       text primary key,
  once_key text not null unique,
  target   text not null references delivery_target (id),
  number   bigint not null,
  about    text not null,
  subject  text not null,
  test     boolean not null,
  method   text not null,
  url      text not null,
  kind     text not null,
  body     text not null,
  state    text not null,
  attempts bigint not null,
  tries    bigint not null,
  due      bigint not null,
  created  bigint not null,
  finished bigint not null,
  unique (target, number)
);

CREATE INDEX delivery_created on delivery (created);

CREATE INDEX delivery_waiting on delivery (target, test desc, number) where state = 'waiting';

CREATE TABLE delivery_attempt (
  delivery text not null references delivery (id),
  number   bigint not null,
  at       bigint not null,
  took     bigint not null,
  status   bigint not null,
  fault    text not null,
  detail   text not null,
  answer   text not null,
  primary key (delivery, number)
);

CREATE TABLE delivery_target (
  id         text primary key,
  secret     text not null,
  former     text not null,
  former_til bigint not null,
  numbered   bigint not null,
  paused     bigint not null,
  paused_by  text not null,
  failing    bigint not null,
  misses     bigint not null,
  rests      bigint not null,
  due        bigint not null,
  leased_by  text not null,
  leased_til bigint not null,
  created    bigint not null
);

CREATE INDEX delivery_target_due on delivery_target (due) where due > 0 and paused = 0;

CREATE TABLE derivation (
  conversion  text primary key references conversion (id),
  program     text not null,
  net         bigint not null,
  reason      text not null,
  locked      bigint not null,
  explanation text not null,
  turn        bigint not null
);

CREATE INDEX derivation_nobody on derivation (program, conversion) where reason <> '';

CREATE TABLE direct_domain (
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

CREATE UNIQUE INDEX direct_domain_approved on direct_domain (program, host) where state = 'approved';

CREATE INDEX direct_domain_changed on direct_domain (changed);

CREATE INDEX direct_domain_of on direct_domain (partnership, host);

CREATE INDEX direct_domain_program on direct_domain (program, id);

CREATE TABLE domain (
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

CREATE INDEX domain_changed on domain (changed);

CREATE INDEX domain_name on domain (name);

CREATE INDEX domain_program on domain (program, name);

CREATE UNIQUE INDEX domain_proven on domain (name) where proven > 0 and removed = 0;

CREATE TABLE domain_rule (
  program  text primary key references program (id),
  partners boolean not null
);

CREATE TABLE entry (
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

CREATE INDEX entry_program on entry (program, id);

CREATE INDEX entry_source on entry (source, id);

CREATE INDEX entry_target on entry (target, id);

CREATE TABLE event (
  seq     bigint primary key,
  id      text not null unique,
  kind    text not null,
  brand   text not null,
  program text not null,
  subject text not null,
  at      bigint not null,
  data    text not null
);

CREATE INDEX event_brand on event (brand, seq);

CREATE INDEX event_program on event (program, seq);

CREATE INDEX event_subject on event (subject, seq);

CREATE TABLE event_cursor (
  name text primary key,
  seq  bigint not null
);

CREATE TABLE identity (
  program text not null,
  key     text not null,
  person  text not null,
  primary key (key, program)
);

CREATE INDEX identity_person on identity (person, program);

CREATE TABLE identity_link (
  program text not null,
  a       text not null,
  b       text not null,
  at      bigint not null,
  turn    bigint not null,
  primary key (a, b, program)
);

CREATE INDEX identity_link_program on identity_link (program);

CREATE TABLE identity_side (
  split   text not null references identity_split (id),
  program text not null,
  key     text not null,
  side    bigint not null,
  primary key (split, key)
);

CREATE INDEX identity_side_program on identity_side (program);

CREATE TABLE identity_split (
  id      text primary key,
  program text not null,
  kind    text not null,
  at      bigint not null,
  turn    bigint not null,
  reason  text not null,
  author  text not null
);

CREATE INDEX identity_split_program on identity_split (program, turn);

CREATE TABLE invitation (
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

CREATE INDEX invitation_email on invitation (email);

CREATE INDEX invitation_scope on invitation (scope, id);

CREATE TABLE job (
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

CREATE INDEX job_due on job (run_at) where done = 0 and failed = 0;

CREATE TABLE journal (
  id      text primary key,
  touches bigint not null,
  body    bytea not null
);

CREATE TABLE judgement (
  id      text primary key,
  program text not null references program (id),
  touch   text not null,
  was     text not null,
  mark    text not null,
  reason  text not null,
  author  text not null,
  at      bigint not null,
  turn    bigint not null
);

CREATE INDEX judgement_program on judgement (program, turn);

CREATE INDEX judgement_touch on judgement (touch, turn);

CREATE TABLE link (
  id          text primary key,
  number      bigint not null unique,
  program     text not null,
  partnership text not null references partnership (id),
  code        text not null unique,
  target      text not null,
  label       text not null,
  created     bigint not null,
  changed     bigint not null
, ends bigint not null default 0, afterwards text not null default '');

CREATE INDEX link_changed on link (changed);

CREATE INDEX link_of on link (partnership, id);

CREATE INDEX link_program on link (program, id);

CREATE TABLE mail (
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

CREATE INDEX mail_brand on mail (brand, id);

CREATE TABLE membership (
  person  text not null references person (id),
  scope   text not null,
  role    text not null,
  created bigint not null,
  primary key (person, scope)
);

CREATE INDEX membership_scope on membership (scope);

CREATE TABLE migration (name text primary key, at bigint not null);

CREATE TABLE once (
  owner  text not null,
  name   text not null,
  hash   text not null,
  status bigint not null,
  body   bytea not null,
  at     bigint not null,
  primary key (name, owner)
);

CREATE INDEX once_at on once (at);

CREATE TABLE order_edit (
  id       text primary key,
  program  text not null,
  event    text not null,
  order_id text not null,
  edit_id  text not null,
  at       bigint not null,
  turn     bigint not null,
  amount   bigint not null,
  currency text not null,
  detail   text not null,
  reason   text not null,
  author   text not null,
  unique (order_id, edit_id, program, event)
);

CREATE TABLE order_report (
  conversion text not null references conversion (id),
  n          bigint not null,
  program    text not null,
  at         bigint not null,
  received   bigint not null,
  turn       bigint not null,
  amount     bigint not null,
  currency   text not null,
  click      text not null,
  visitor    text not null,
  customer   text not null,
  email      text not null,
  code       text not null,
  source     text not null,
  detail     text not null,
  print      text not null,
  primary key (conversion, n),
  unique (conversion, print)
);

CREATE INDEX order_report_program on order_report (program);

CREATE TABLE page_check (
  program text not null references program (id),
  address text not null,
  status  bigint not null,
  fault   text not null,
  at      bigint not null,
  since   bigint not null,
  misses  bigint not null,
  primary key (program, address)
);

CREATE TABLE partner (
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

CREATE UNIQUE INDEX partner_email on partner (email);

CREATE TABLE partner_contact (
  id      text primary key,
  partner text not null references partner (id),
  name    text not null,
  role    text not null,
  email   text not null,
  phone   text not null,
  created bigint not null
);

CREATE INDEX partner_contact_of on partner_contact (partner, id);

CREATE TABLE partner_group (
  id      text primary key,
  program text not null references program (id),
  name    text not null,
  colour  text not null,
  rank    bigint not null,
  created bigint not null,
  unique (program, name)
);

CREATE TABLE partner_property (
  id       text primary key,
  partner  text not null references partner (id),
  kind     text not null,
  address  text not null,
  audience bigint not null,
  created  bigint not null,
  unique (partner, address)
);

CREATE TABLE partnership (
  id      text primary key,
  program text not null references program (id),
  partner text not null references partner (id),
  status  text not null,
  answers text not null,
  created bigint not null,
  unique (program, partner)
);

CREATE INDEX partnership_partner on partnership (partner);

CREATE TABLE partnership_care (
  partnership text primary key references partnership (id),
  program     text not null,
  grouped     text not null,
  manager     text not null
);

CREATE INDEX partnership_care_program on partnership_care (program, grouped);

CREATE TABLE partnership_change (
  id          text primary key,
  partnership text not null references partnership (id),
  program     text not null,
  status      text not null,
  since       bigint not null,
  turn        bigint not null,
  author      text not null,
  reason      text not null
);

CREATE INDEX partnership_change_of on partnership_change (partnership, since, turn);

CREATE TABLE partnership_note (
  id          text primary key,
  partnership text not null references partnership (id),
  program     text not null,
  author      text not null,
  text        text not null,
  pinned      boolean not null,
  created     bigint not null,
  edited      bigint not null,
  deleted     bigint not null
);

CREATE INDEX partnership_note_of on partnership_note (partnership, id);

CREATE TABLE partnership_tag (
  partnership text not null references partnership (id),
  program     text not null,
  tag         text not null,
  created     bigint not null,
  primary key (partnership, tag)
);

CREATE INDEX partnership_tag_program on partnership_tag (program, tag, partnership);

CREATE TABLE password_ask (
  who   text primary key,
  n     bigint not null,
  since bigint not null
);

CREATE INDEX password_ask_since on password_ask (since);

CREATE TABLE password_reset (
  hash    text primary key,
  person  text not null references person (id),
  created bigint not null,
  expires bigint not null,
  used    bigint not null
);

CREATE INDEX password_reset_expires on password_reset (expires);

CREATE INDEX password_reset_person on password_reset (person);

CREATE TABLE payout (
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

CREATE INDEX payout_batch_of on payout (batch, id);

CREATE INDEX payout_of on payout (partnership, id);

CREATE INDEX payout_program on payout (program, id);

CREATE TABLE payout_batch (
  id       text primary key,
  program  text not null references program (id),
  currency text not null,
  created  bigint not null,
  author   text not null,
  approved bigint not null,
  approver text not null
);

CREATE INDEX payout_batch_program on payout_batch (program, id);

CREATE TABLE payout_file (
  batch   text not null references payout_batch (id),
  name    text not null,
  rail    text not null,
  body    bytea not null,
  created bigint not null,
  primary key (batch, name)
);

CREATE TABLE payout_line (
  payout     text not null references payout (id),
  commission text not null references commission (id),
  amount     bigint not null,
  primary key (payout, commission)
);

CREATE INDEX payout_line_of on payout_line (commission);

CREATE TABLE payout_reading (
  id       text primary key,
  batch    text not null references payout_batch (id),
  at       bigint not null,
  author   text not null,
  paid     bigint not null,
  failed   bigint not null,
  returned bigint not null,
  rest     bigint not null
);

CREATE INDEX payout_reading_batch on payout_reading (batch, id);

CREATE TABLE person (
  id       text primary key,
  email    text not null unique,
  name     text not null,
  password text not null,
  locale   text not null,
  created  bigint not null
);

CREATE TABLE picture (
  hash    text primary key,
  format  text not null,
  width   bigint not null,
  height  bigint not null,
  body    bytea not null,
  created bigint not null
);

CREATE TABLE policy (
  id      text primary key,
  program text not null references program (id),
  since   bigint not null,
  turn    bigint not null,
  model   text not null,
  created bigint not null,
  author  text not null
);

CREATE INDEX policy_program on policy (program, since, turn);

CREATE TABLE postback (
  id          text primary key references delivery_target (id),
  program     text not null,
  partnership text not null references partnership (id),
  name        text not null,
  way         text not null,
  template    text not null,
  moments     text not null,
  events      text not null,
  created     bigint not null,
  removed     bigint not null
);

CREATE INDEX postback_of on postback (partnership, id);

CREATE INDEX postback_program on postback (program, id);

CREATE TABLE program (
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
, descriptions text not null default '{}', repeat_ms bigint not null default 2000, trust_datacentres boolean not null default false, postback_names text not null default '{}', redirect_first boolean not null default false, keep_months bigint not null default 0, plain_days bigint not null default 0, test_of text not null default '');

CREATE INDEX program_brand on program (brand);

CREATE INDEX program_changed on program (changed);

CREATE TABLE program_day (
  program text not null,
  figure  text not null,
  day     bigint not null,
  turn    bigint not null,
  primary key (program, figure, day)
);

CREATE TABLE program_turn (
  program text primary key references program (id),
  turn    bigint not null,
  agreed  text not null
);

CREATE TABLE promo_code (
  program     text not null,
  code        text not null,
  partnership text not null references partnership (id),
  created     bigint not null,
  turn        bigint not null, given text not null default '', batch text not null default '',
  primary key (program, code)
);

CREATE INDEX promo_code_batch on promo_code (batch, code) where batch <> '';

CREATE INDEX promo_code_of on promo_code (partnership);

CREATE TABLE property_confirmation (
  property text not null references partner_property (id),
  program  text not null,
  author   text not null,
  created  bigint not null,
  primary key (property, program)
);

CREATE TABLE qualifying (
  id      text primary key,
  program text not null references program (id),
  event   text not null,
  since   bigint not null,
  turn    bigint not null,
  rule    text not null,
  author  text not null,
  created bigint not null
);

CREATE INDEX qualifying_program on qualifying (program, since, turn);

CREATE TABLE refund (
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
  reason    text not null, items text not null default '',
  unique (order_id, refund_id, program, event)
);

CREATE TABLE refusal (
  program text not null references program (id),
  hour    bigint not null,
  way     text not null,
  reason  text not null,
  field   text not null,
  n       bigint not null,
  last    bigint not null,
  primary key (program, hour, way, reason, field)
);

CREATE TABLE retention (
  program text not null,
  work    text not null,
  at      bigint not null,
  touch   text not null,
  primary key (program, work)
);

CREATE TABLE rule (
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

CREATE INDEX rule_changed on rule (changed);

CREATE INDEX rule_program on rule (program, place, id);

CREATE TABLE session (
  hash    text primary key,
  person  text not null references person (id),
  created bigint not null,
  expires bigint not null,
  agent   text not null
);

CREATE INDEX session_expires on session (expires);

CREATE TABLE setting (
  name  text primary key,
  value text not null
);

CREATE TABLE sign_in (
  who      text primary key,
  failures bigint not null,
  blocked  bigint not null,
  at       bigint not null
, since bigint not null default 0, address text not null default '');

CREATE INDEX sign_in_address on sign_in (address);

CREATE INDEX sign_in_at on sign_in (at);

CREATE TABLE split (
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

CREATE INDEX split_changed on split (changed);

CREATE INDEX split_program on split (program, id);

CREATE TABLE sqlite_stat1(tbl,idx,stat);

CREATE TABLE sqlite_stat4(tbl,idx,neq,nlt,ndlt,sample);

CREATE TABLE tag_setting (
  program text primary key references program (id),
  params  text not null,
  consent text not null,
  changed bigint not null
);

CREATE TABLE tag_version (
  path text primary key,
  body bytea not null
);

CREATE TABLE task (
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

CREATE INDEX task_news on task (author) where not seen;

CREATE INDEX task_of on task (program, kind, id);

CREATE UNIQUE INDEX task_running on task (program, kind) where state = 'running';

CREATE TABLE terms (
  id          text primary key,
  program     text not null,
  partnership text not null references partnership (id),
  version     bigint not null,
  since       bigint not null,
  turn        bigint not null,
  terms       text not null,
  author      text not null,
  created     bigint not null, binds bigint not null default 0,
  unique (partnership, version)
);

CREATE INDEX terms_binds on terms (program) where binds <> 0;

CREATE INDEX terms_of on terms (partnership, since, turn);

CREATE TABLE token (
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

CREATE INDEX token_brand on token (brand);

CREATE TABLE touch (
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
, country text not null default '', region text not null default '', asn text not null default '', sent text not null default '', variant text not null default '');

CREATE INDEX touch_at on touch (program, at, partnership, kind, mark);

CREATE INDEX touch_who on touch (who, program, at);

CREATE TABLE touch_loss (
  program text not null,
  kind    text not null,
  at      bigint not null,
  touches bigint not null,
  last    bigint not null,
  primary key (program, at, kind)
);

CREATE TABLE touch_total (
  program     text not null,
  at          bigint not null,
  partnership text not null,
  link        text not null,
  kind        text not null,
  mark        text not null,
  touches     bigint not null,
  primary key (program, at, partnership, link, kind, mark)
);

CREATE TABLE upload (
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

CREATE INDEX upload_partnership on upload (partnership, id) where partnership <> '';

CREATE INDEX upload_program on upload (program, id);

CREATE TABLE upload_fault (
  upload text not null references upload (id),
  line   bigint not null,
  code   text not null,
  field  text not null,
  detail text not null,
  primary key (upload, line)
);

CREATE TABLE upload_file (
  upload text primary key references upload (id),
  body   bytea not null
);

CREATE TABLE verdict (
  id       text primary key,
  program  text not null,
  event    text not null,
  order_id text not null,
  verdict  text not null,
  at       bigint not null,
  turn     bigint not null,
  reason   text not null,
  author   text not null,
  unique (order_id, at, verdict, program, event)
);

CREATE TABLE visitor_salt (
  day  text primary key,
  salt bytea not null
);
