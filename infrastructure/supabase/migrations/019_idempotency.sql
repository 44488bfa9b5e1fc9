-- Writes that were sent with an Idempotency-Key: done once, and answered again with the same answer for a day.

-- The row is written by the transaction of the write itself, so it is there exactly if the write was done. What was
-- answered comes after it: sealed by the service with a key made of the client's own, which is kept as a hash only.
create table shared_services.idempotency_keys (
  organization_id uuid not null,
  user_id         uuid not null,
  key_hash        bytea not null check (length(key_hash) = 32),
  fingerprint     bytea not null check (length(fingerprint) = 32),  -- of what was asked
  answer          bytea check (length(answer) <= 4194304),          -- null until it is known, sealed
  created_at      timestamptz not null default now(),
  primary key (organization_id, user_id, key_hash),
  foreign key (organization_id, user_id) references public.users (organization_id, user_id) on delete cascade
);
create index idempotency_keys_created_at_idx on shared_services.idempotency_keys (created_at);
alter table shared_services.idempotency_keys enable row level security;

grant select on shared_services.idempotency_keys to dfworx_auth, dfworx_web, dfworx_admin;
grant insert (organization_id, user_id, key_hash, fingerprint), update (answer)
  on shared_services.idempotency_keys to dfworx_auth, dfworx_web, dfworx_admin;
create policy "people see their own keys" on shared_services.idempotency_keys
  for select to dfworx_auth, dfworx_web, dfworx_admin
  using (organization_id = (select app.org_id()) and user_id = (select app.user_id()));
create policy "people write under their own keys" on shared_services.idempotency_keys
  for insert to dfworx_auth, dfworx_web, dfworx_admin
  with check (organization_id = (select app.org_id()) and user_id = (select app.user_id()));
create policy "what was answered is said once" on shared_services.idempotency_keys
  for update to dfworx_auth, dfworx_web, dfworx_admin
  using (organization_id = (select app.org_id()) and user_id = (select app.user_id()) and answer is null)
  with check (organization_id = (select app.org_id()) and user_id = (select app.user_id()));

-- Whether the key was free, and is the caller's from this transaction on. Who comes second waits for the first to
-- commit or to fail, at most so long.
create function shared_services.claim_key(key_hash bytea, fingerprint bytea) returns boolean
language plpgsql security invoker set search_path = '' set lock_timeout = '5s'
as $$
begin
  insert into shared_services.idempotency_keys (organization_id, user_id, key_hash, fingerprint)
  values (app.org_id(), app.user_id(), claim_key.key_hash, claim_key.fingerprint)
  on conflict do nothing;
  return found;
end
$$;

-- The worker's: keys older than a day go, at most so many at once, and it hears whose they were.
grant select, delete, update (answer) on shared_services.idempotency_keys to dfworx_definer;
create policy "the sweep finds old keys" on shared_services.idempotency_keys
  for select to dfworx_definer using (true);
create policy "the sweep locks old keys" on shared_services.idempotency_keys
  for update to dfworx_definer using (created_at < now() - interval '1 day') with check (false);
create policy "the sweep takes old keys" on shared_services.idempotency_keys
  for delete to dfworx_definer using (created_at < now() - interval '1 day');

create function shared_services.sweep_idempotency_keys(n integer)
returns table (organization_id uuid, swept bigint)
language sql security definer set search_path = ''
as $$
  with old as (
    select k.organization_id, k.user_id, k.key_hash from shared_services.idempotency_keys k
     where k.created_at < now() - interval '1 day'
     order by k.created_at limit n for update skip locked
  ), gone as (
    delete from shared_services.idempotency_keys k using old
     where k.organization_id = old.organization_id and k.user_id = old.user_id and k.key_hash = old.key_hash
    returning k.organization_id
  )
  select gone.organization_id, count(*) from gone group by 1
$$;

grant create on schema shared_services to dfworx_definer;
alter function shared_services.sweep_idempotency_keys(integer) owner to dfworx_definer;
revoke create on schema shared_services from dfworx_definer;
revoke all on function shared_services.claim_key(bytea, bytea),
                       shared_services.sweep_idempotency_keys(integer) from public;
grant execute on function shared_services.claim_key(bytea, bytea) to dfworx_auth, dfworx_web, dfworx_admin;
grant execute on function shared_services.sweep_idempotency_keys(integer) to dfworx_worker;
