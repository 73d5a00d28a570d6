-- partner: what a brand keeps about its partners, and what partners say about themselves.
-- The first four are the brand's alone: no query of the cabinet reads them.

create table partner_group (
  id      text primary key,
  program text not null references program (id),
  name    text not null,
  colour  text not null,
  rank    bigint not null,
  created bigint not null,
  unique (program, name)
);

create table partnership_care (
  partnership text primary key references partnership (id),
  program     text not null,
  grouped     text not null,
  manager     text not null
);
create index partnership_care_program on partnership_care (program, grouped);

create table partnership_tag (
  partnership text not null references partnership (id),
  program     text not null,
  tag         text not null,
  created     bigint not null,
  primary key (partnership, tag)
);
create index partnership_tag_program on partnership_tag (program, tag, partnership);

create table partnership_note (
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
create index partnership_note_of on partnership_note (partnership, id);

create table partner_property (
  id       text primary key,
  partner  text not null references partner (id),
  kind     text not null,
  address  text not null,
  audience bigint not null,
  created  bigint not null,
  unique (partner, address)
);

create table property_confirmation (
  property text not null references partner_property (id),
  program  text not null,
  author   text not null,
  created  bigint not null,
  primary key (property, program)
);

create table partner_contact (
  id      text primary key,
  partner text not null references partner (id),
  name    text not null,
  role    text not null,
  email   text not null,
  phone   text not null,
  created bigint not null
);
create index partner_contact_of on partner_contact (partner, id);

-- Invitations are found by what they let somebody into, which may be a partner too.
drop index invitation_brand;
create index invitation_scope on invitation (scope, id);
