/** The tables of the embedded store. Every key leads with the brand; nothing joins two brands. */
export const schema = `
create table if not exists fact (
  brand text not null, seq integer not null check (seq > 0), at integer not null, "by" text not null,
  body text not null, hash text not null, primary key (brand, seq)
) strict, without rowid;
create trigger if not exists fact_unchanged before update on fact begin select raise(abort, 'facts are never changed'); end;
create trigger if not exists fact_kept before delete on fact begin select raise(abort, 'facts are never removed'); end;
create trigger if not exists fact_appended before insert on fact
when exists (select 1 from fact where brand = new.brand and seq >= new.seq)
begin select raise(abort, 'facts are only ever appended'); end;
create table if not exists document (
  brand text not null, key text not null, body text not null, primary key (brand, key)
) strict, without rowid;
create table if not exists private (
  brand text not null, key text not null, body text not null, primary key (brand, key)
) strict, without rowid;
create table if not exists touch (
  brand text not null, id text not null, at integer not null, ord integer not null, visitor text, click text,
  kind text not null, link text not null, contract text, robot integer not null, primary key (brand, id)
) strict, without rowid;
create index if not exists touch_visitor on touch (brand, visitor, at) where visitor is not null;
create index if not exists touch_click on touch (brand, click) where click is not null;
create index if not exists touch_met on touch (brand, contract, at, click, kind, robot) where contract is not null and click is not null;
create index if not exists touch_order on touch (ord);
create index if not exists touch_at on touch (brand, at);
create table if not exists counter (
  brand text not null, key text not null, total integer not null, primary key (brand, key)
) strict, without rowid;
create table if not exists answer (
  brand text not null, key text not null, body_hash text not null, reply text not null, primary key (brand, key)
) strict, without rowid;
create table if not exists name (name text primary key, brand text not null) strict, without rowid;
create table if not exists drawn (brand text primary key, version integer not null) strict, without rowid;
`;
