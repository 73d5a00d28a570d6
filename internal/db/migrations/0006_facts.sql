-- what was read for batches, sign-ins by network, and programs in several languages

-- payout: which result files were read for a batch, by whom, and what they did

create table payout_reading (
  id       text primary key,
  batch    text not null references payout_batch (id),
  at       bigint not null,
  author   text not null,
  paid     bigint not null,
  failed   bigint not null,
  returned bigint not null,
  rest     bigint not null
);
create index payout_reading_batch on payout_reading (batch, id);

-- What was settled before is told by what its payouts remember; by whom, they do not.
insert into payout_reading (id, batch, at, author, paid, failed, returned, rest)
  select 'rdg_' || substr(min(id), 5), batch, settled, '',
    sum(case when state = 'paid' then 1 else 0 end), sum(case when state = 'failed' then 1 else 0 end), 0, 0
  from payout where state in ('paid', 'failed') group by batch, settled;

-- auth: failed sign-ins are counted since a moment, by address and network together and by each alone
alter table sign_in add column since bigint not null default 0;
alter table sign_in add column address text not null default '';
create index sign_in_address on sign_in (address);

-- program: its description in other languages
alter table program add column descriptions text not null default '{}';
