-- The worker: where its jobs live, how it learns of the outbox, and the few questions it may ask across organizations.
-- Its login has no right on a table of app_web or app_auth. Each function below does one narrow thing, in bounded
-- batches, and takes no organization from whoever calls it. docs/decisions/worker.md

grant usage on schema app_auth to dfworx_worker;
grant usage on schema app_admin to dfworx_definer;
grant create on schema app_auth, app_web, shared_services, app_admin to dfworx_definer;

-- Jobs ----------------------------------------------------------------------------------------------------------
-- The job library's own tables are made by `dfworx db migrate` from the installed package (cli/jobs_schema.py). Its
-- wall is the schema's: nobody but the worker has USAGE, and no table in it has row level security.

create schema jobs;
grant usage on schema jobs to dfworx_worker;

-- Whoever holds the row hands over: of several workers one at a time, so that jobs are numbered as events are.
create table jobs.turns (
  name text primary key,
  last timestamptz not null default now()
);
grant select, update (last) on jobs.turns to dfworx_worker;
insert into jobs.turns (name) values ('outbox');

-- Outbox --------------------------------------------------------------------------------------------------------

alter table shared_services.outbox add column handed_at timestamptz;
comment on column shared_services.outbox.handed_at is
  'when the worker made a job of it for each consumer; delivered_at is when the last of them was done';
create unique index outbox_organization_id_outbox_id_idx on shared_services.outbox (organization_id, outbox_id);
alter table shared_services.outbox
  add constraint outbox_organization_id_outbox_id_key unique using index outbox_organization_id_outbox_id_idx;
-- Not "greater than the last": a row with a lower number may be committed later.
create index outbox_waiting_idx on shared_services.outbox (outbox_id) where handed_at is null;
create index outbox_delivered_at_idx on shared_services.outbox (delivered_at) where delivered_at is not null;

-- What each consumer was handed, and whether it is done: the record by which a second delivery is known.
create table shared_services.deliveries (
  organization_id uuid not null,
  outbox_id       bigint not null,
  consumer        text not null check (consumer ~ '^[a-z0-9_]{1,50}$'),
  delivered_at    timestamptz,
  failed_at       timestamptz,
  primary key (organization_id, outbox_id, consumer),
  foreign key (organization_id, outbox_id)
    references shared_services.outbox (organization_id, outbox_id) on delete cascade
);
alter table shared_services.deliveries enable row level security;
create index deliveries_failed_at_idx on shared_services.deliveries (failed_at) where failed_at is not null;

grant select, update (handed_at, delivered_at, payload), delete on shared_services.outbox to dfworx_definer;
grant select, delete, insert (organization_id, outbox_id, consumer), update (delivered_at, failed_at)
  on shared_services.deliveries to dfworx_definer;
create policy "definer functions hand events over" on shared_services.outbox
  for select to dfworx_definer using (true);
create policy "definer functions mark what was handed over" on shared_services.outbox
  for update to dfworx_definer using (true) with check (true);
create policy "definer functions sweep what was delivered" on shared_services.outbox
  for delete to dfworx_definer using (true);
create policy "definer functions keep the deliveries" on shared_services.deliveries
  for all to dfworx_definer using (true) with check (true);

-- The word only says that there is something: whoever listens looks for itself, and looks without it too.
create function app.tell_of_outbox() returns trigger
language plpgsql set search_path = ''
as $$
begin
  perform pg_notify('dfworx_outbox', '');
  return null;
end
$$;
revoke all on function app.tell_of_outbox() from public;
create trigger outbox_told after insert on shared_services.outbox
  for each statement execute function app.tell_of_outbox();

-- The oldest that nobody was handed. Call it while holding the turn, and make the jobs in the same transaction.
create function shared_services.outbox_take(n integer)
returns table (outbox_id bigint, organization_id uuid, topic text, entity_id uuid)
language sql security definer set search_path = ''
as $$
  with waiting as (
    select o.outbox_id from shared_services.outbox o
     where o.handed_at is null order by o.outbox_id limit least(n, 1000) for update skip locked
  )
  update shared_services.outbox o set handed_at = now()
    from waiting where o.outbox_id = waiting.outbox_id
  returning o.outbox_id, o.organization_id, o.topic, o.entity_id
$$;

-- Pairs of an event and a consumer that will be handed it.
create function shared_services.outbox_expect(ids bigint[], consumers text[]) returns void
language sql security definer set search_path = ''
as $$
  insert into shared_services.deliveries (organization_id, outbox_id, consumer)
  select o.organization_id, o.outbox_id, wanted.consumer
    from unnest(ids, consumers) as wanted (outbox_id, consumer)
    left join shared_services.outbox o on o.outbox_id = wanted.outbox_id
   where o.handed_at is not null
  on conflict do nothing
$$;

-- What only a mail needed is forgotten with it: a link that opens something must not outlive its delivery.
create function shared_services.outbox_forget(id bigint, consumer text) returns void
language sql security definer set search_path = ''
as $$
  update shared_services.outbox o set payload = o.payload - array['link', 'token', 'secret']
   where o.outbox_id = id and consumer = 'mail' and o.payload ?| array['link', 'token', 'secret']
$$;

-- Marks those of which no delivery is left to wait for.
create function shared_services.outbox_settle(ids bigint[]) returns void
language sql security definer set search_path = ''
as $$
  update shared_services.outbox o set delivered_at = now()
   where o.outbox_id = any (ids) and o.handed_at is not null and o.delivered_at is null
     and not exists (select from shared_services.deliveries d
                      where d.organization_id = o.organization_id and d.outbox_id = o.outbox_id
                        and d.delivered_at is null)
$$;

-- What this consumer has yet to deliver; nothing when it is done.
create function shared_services.outbox_read(id bigint, for_consumer text)
returns table (event_id bigint, organization_id uuid, topic text, entity_id uuid, payload jsonb, created_at timestamptz)
language sql stable security definer set search_path = ''
as $$
  select o.outbox_id, o.organization_id, o.topic, o.entity_id, o.payload, o.created_at
    from shared_services.outbox o
   where o.outbox_id = id
     and exists (select from shared_services.deliveries d
                  where d.organization_id = o.organization_id and d.outbox_id = o.outbox_id
                    and d.consumer = for_consumer and d.delivered_at is null)
$$;

-- Whether it was this call that marked it: false is a second delivery.
create function shared_services.outbox_delivered(id bigint, by_consumer text) returns boolean
language plpgsql security definer set search_path = ''
as $$
declare
  marked boolean;
begin
  -- Of the event's last two consumers, the later one waits here and then sees that the other is done.
  perform from shared_services.outbox o where o.outbox_id = id for update;
  update shared_services.deliveries d set delivered_at = now(), failed_at = null
   where d.organization_id = (select o.organization_id from shared_services.outbox o where o.outbox_id = id)
     and d.outbox_id = id and d.consumer = by_consumer and d.delivered_at is null;
  marked := found;
  perform shared_services.outbox_forget(id, by_consumer);
  perform shared_services.outbox_settle(array[id]);
  return marked;
end
$$;

-- Given up. The event stays, for the operator, until it is swept.
create function shared_services.outbox_failed(id bigint, by_consumer text) returns void
language sql security definer set search_path = ''
as $$
  update shared_services.deliveries d set failed_at = now()
   where d.organization_id = (select o.organization_id from shared_services.outbox o where o.outbox_id = id)
     and d.outbox_id = id and d.consumer = by_consumer and d.delivered_at is null;
  select shared_services.outbox_forget(id, by_consumer)
$$;

-- What was delivered a week ago, and what failed two weeks ago.
create function shared_services.outbox_sweep(n integer) returns integer
language plpgsql security definer set search_path = ''
as $$
declare
  gone integer;
begin
  with old as (
    select o.outbox_id from shared_services.outbox o
     where o.delivered_at < now() - interval '7 days'
        or (o.delivered_at is null
            and exists (select from shared_services.deliveries d
                         where d.organization_id = o.organization_id and d.outbox_id = o.outbox_id
                           and d.failed_at < now() - interval '14 days'))
     order by o.outbox_id limit least(n, 10000) for update skip locked
  )
  delete from shared_services.outbox o using old where o.outbox_id = old.outbox_id;
  get diagnostics gone = row_count;
  return gone;
end
$$;

-- Forgotten passwords -------------------------------------------------------------------------------------------
-- Anybody may ask, in anybody's name: the row is written whether or not there is such an account, so that neither the
-- answer nor its time tells. The token is made by the worker when it mails it, and kept as its SHA-256 alone: the auth
-- service, and SQL injected into it, never has one that its owner hasn't brought.

create table app_auth.password_resets (
  password_reset_id uuid primary key default gen_random_uuid(),
  email             text not null check (email = lower(email) and length(email) between 3 and 320),
  requested_at      timestamptz not null default now(),
  expires_at        timestamptz not null default now() + interval '1 hour',
  tried_at          timestamptz,   -- when the worker last took it, to mail it
  mailed_at         timestamptz,
  token_hash        bytea unique check (length(token_hash) = 32)
);
alter table app_auth.password_resets enable row level security;
create index password_resets_email_idx on app_auth.password_resets (email);
create index password_resets_waiting_idx on app_auth.password_resets (tried_at nulls first, requested_at)
  where mailed_at is null;
create index password_resets_expires_at_idx on app_auth.password_resets (expires_at);
grant select, insert (email), update (tried_at, mailed_at, token_hash), delete on app_auth.password_resets to dfworx_definer;
create policy "definer functions keep password resets" on app_auth.password_resets
  for all to dfworx_definer using (true) with check (true);

create function app_auth.request_reset(for_email text) returns void
language sql security definer set search_path = ''
as $$
  insert into app_auth.password_resets (email) values (lower(for_email))
$$;

-- For the worker: one that waits to be mailed, with the hash of the token that the mail will carry; the longest untried
-- first. One whose mail didn't go is given again after a while, with another token. Requests for nobody's address are
-- dropped on the way, so many at once and no more: then a row without an address says that there may be others.
create function app_auth.issue_reset(hash bytea)
returns table (password_reset_id uuid, email text)
language plpgsql security definer set search_path = ''
as $$
declare
  waiting app_auth.password_resets;
begin
  for _ in 1..100 loop
    select r.* into waiting from app_auth.password_resets r
     where r.mailed_at is null and r.expires_at > now()
       and (r.tried_at is null or r.tried_at < now() - interval '30 seconds')
     order by r.tried_at nulls first, r.requested_at limit 1 for update skip locked;
    if not found then return; end if;
    if exists (select from app_auth.identities i where i.email = waiting.email) then
      update app_auth.password_resets r set tried_at = now(), token_hash = hash
       where r.password_reset_id = waiting.password_reset_id;
      return query select waiting.password_reset_id, waiting.email;
      return;
    end if;
    delete from app_auth.password_resets r where r.password_reset_id = waiting.password_reset_id;
  end loop;
  return query select null::uuid, null::text;
end
$$;

create function app_auth.reset_mailed(id uuid) returns void
language sql security definer set search_path = ''
as $$
  update app_auth.password_resets r set mailed_at = now() where r.password_reset_id = id
$$;

-- Whose password the token resets. Takes the token itself: a hash that was read somewhere opens nothing.
create function app_auth.find_reset(token text)
returns table (identity_id uuid, email text)
language sql stable security definer set search_path = ''
as $$
  select i.identity_id, i.email
    from app_auth.identities i
   where i.email = (select r.email from app_auth.password_resets r
                     where r.token_hash = sha256(convert_to(token, 'UTF8')) and r.expires_at > now())
$$;

-- Stores another password for the identity that the token names, which must also be the one that the service has
-- sealed. All that was asked for this address is used up: of two at once, the second waits here and finds nothing.
create function app_auth.reset_password(token text, new_hash text) returns boolean
language plpgsql security definer set search_path = ''
as $$
declare
  its_email text;
begin
  -- Locked first: two resets of one identity would else wait for each other's rows.
  perform from app_auth.identities i where i.identity_id = (select app_auth.proven_identity()) for update;
  delete from app_auth.password_resets r
   where r.token_hash = sha256(convert_to(token, 'UTF8')) and r.expires_at > now()
     and r.email = (select i.email from app_auth.identities i
                     where i.identity_id = (select app_auth.proven_identity()))
   returning r.email into its_email;
  if not found then return false; end if;
  delete from app_auth.password_resets r where r.email = its_email;
  update app_auth.identities i
     set password_hash = new_hash,
         password_changed_at = greatest(clock_timestamp(), i.password_changed_at + interval '1 microsecond')
   where i.email = its_email;
  return true;
end
$$;

-- As 008 has it; and whoever holds a mail of before the change holds nothing.
create or replace function app_auth.change_password(password_set_at timestamptz, new_hash text) returns boolean
language plpgsql security definer set search_path = ''
as $$
declare
  its_email text;
begin
  update app_auth.identities i
     set password_hash = new_hash,
         password_changed_at = greatest(clock_timestamp(), password_set_at + interval '1 microsecond')
   where i.identity_id = (select app_auth.proven_identity()) and i.password_changed_at = password_set_at
  returning i.email into its_email;
  if not found then return false; end if;
  delete from app_auth.password_resets r where r.email = its_email;
  return true;
end
$$;

-- What has expired: resets at once, invitations after a month in which admins may still wonder about them.
create function app_auth.sweep_expired(n integer) returns integer
language plpgsql security definer set search_path = ''
as $$
declare
  resets integer;
  invitations integer;
begin
  delete from app_auth.password_resets r where r.password_reset_id in (
    select old.password_reset_id from app_auth.password_resets old
     where old.expires_at < now() limit least(n, 10000) for update skip locked);
  get diagnostics resets = row_count;
  delete from app_auth.invitations i where i.invitation_id in (
    select old.invitation_id from app_auth.invitations old
     where old.accepted_at is null and old.expires_at < now() - interval '30 days'
     limit least(n, 10000) for update skip locked);
  get diagnostics invitations = row_count;
  return resets + invitations;
end
$$;
create index invitations_expires_at_idx on app_auth.invitations (expires_at) where accepted_at is null;

-- Figures -------------------------------------------------------------------------------------------------------

-- What happened in each organization on one day (UTC), of at most n organizations after this one in the order of
-- their ids. The worker writes each of them under that organization's seal.
create function app_admin.daily_figures(of_day date, after_organization uuid, n integer)
returns table (organization_id uuid, posts_published bigint, comments_written bigint, active_authors bigint,
               members bigint)
language sql stable security definer set search_path = ''
as $$
  select o.organization_id,
    (select count(*) from app_web.posts p
      where p.organization_id = o.organization_id and p.published_at >= of_day and p.published_at < of_day + 1),
    (select count(*) from app_web.comments c
      where c.organization_id = o.organization_id and c.created_at >= of_day and c.created_at < of_day + 1),
    (select count(*) from (
       select p.user_id from app_web.posts p
        where p.organization_id = o.organization_id and p.created_at >= of_day and p.created_at < of_day + 1
       union
       select c.user_id from app_web.comments c
        where c.organization_id = o.organization_id and c.created_at >= of_day and c.created_at < of_day + 1) authors),
    (select count(*) from public.users u
      where u.organization_id = o.organization_id and u.is_active and u.created_at < of_day + 1)
    from public.organizations o
   where o.organization_id > after_organization
   order by o.organization_id limit least(n, 1000)
$$;
grant select (organization_id, user_id, published_at, created_at) on app_web.posts to dfworx_definer;
grant select (organization_id, user_id, created_at) on app_web.comments to dfworx_definer;
create index posts_organization_id_published_at_idx on app_web.posts (organization_id, published_at)
  where published_at is not null;
create index posts_organization_id_created_at_idx on app_web.posts (organization_id, created_at);
create index comments_organization_id_created_at_idx on app_web.comments (organization_id, created_at);

-- Who owns and who may call --------------------------------------------------------------------------------------

alter function shared_services.outbox_take(integer) owner to dfworx_definer;
alter function shared_services.outbox_expect(bigint[], text[]) owner to dfworx_definer;
alter function shared_services.outbox_forget(bigint, text) owner to dfworx_definer;
alter function shared_services.outbox_settle(bigint[]) owner to dfworx_definer;
alter function shared_services.outbox_read(bigint, text) owner to dfworx_definer;
alter function shared_services.outbox_delivered(bigint, text) owner to dfworx_definer;
alter function shared_services.outbox_failed(bigint, text) owner to dfworx_definer;
alter function shared_services.outbox_sweep(integer) owner to dfworx_definer;
alter function app_auth.request_reset(text) owner to dfworx_definer;
alter function app_auth.issue_reset(bytea) owner to dfworx_definer;
alter function app_auth.reset_mailed(uuid) owner to dfworx_definer;
alter function app_auth.find_reset(text) owner to dfworx_definer;
alter function app_auth.reset_password(text, text) owner to dfworx_definer;
alter function app_auth.sweep_expired(integer) owner to dfworx_definer;
alter function app_admin.daily_figures(date, uuid, integer) owner to dfworx_definer;

revoke all on function
  shared_services.outbox_take(integer), shared_services.outbox_expect(bigint[], text[]),
  shared_services.outbox_settle(bigint[]), shared_services.outbox_read(bigint, text),
  shared_services.outbox_forget(bigint, text),
  shared_services.outbox_delivered(bigint, text), shared_services.outbox_failed(bigint, text),
  shared_services.outbox_sweep(integer), app_auth.request_reset(text), app_auth.issue_reset(bytea),
  app_auth.reset_mailed(uuid), app_auth.find_reset(text), app_auth.reset_password(text, text),
  app_auth.sweep_expired(integer), app_admin.daily_figures(date, uuid, integer) from public;
grant execute on function
  shared_services.outbox_take(integer), shared_services.outbox_expect(bigint[], text[]),
  shared_services.outbox_settle(bigint[]), shared_services.outbox_read(bigint, text),
  shared_services.outbox_delivered(bigint, text), shared_services.outbox_failed(bigint, text),
  shared_services.outbox_sweep(integer), app_auth.issue_reset(bytea), app_auth.reset_mailed(uuid),
  app_auth.sweep_expired(integer), app_admin.daily_figures(date, uuid, integer) to dfworx_worker;
grant execute on function
  app_auth.request_reset(text), app_auth.find_reset(text), app_auth.reset_password(text, text) to dfworx_auth;

revoke create on schema app_auth, app_web, shared_services, app_admin from dfworx_definer;
