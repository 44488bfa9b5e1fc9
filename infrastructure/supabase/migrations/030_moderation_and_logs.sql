-- What admins watch: what the system tells them, what members flag and what became of it, and how far their events
-- are behind. docs/decisions/admin.md

grant create on schema app, app_admin, app_web to dfworx_definer;
grant usage on schema app_web to dfworx_definer;

-- System logs ---------------------------------------------------------------------------------------------------

-- One mistake, met many times, is one group: numbers and ids aren't what makes two of them differ.
-- Hardly anything has written rows so far: the rewrite is short.
alter table app_admin.system_logs
  add column fingerprint text not null
    -- squawk-ignore adding-field-with-default
    generated always as (md5(service || ' ' || level || ' ' || regexp_replace(
      message, '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9]+', '#', 'g'))) stored;
create index system_logs_organization_id_system_log_id_idx
  on app_admin.system_logs (organization_id, system_log_id desc);
create index system_logs_organization_id_fingerprint_idx
  on app_admin.system_logs (organization_id, fingerprint, system_log_id desc);

grant select, insert (organization_id, service, level, message, context), delete
  on app_admin.system_logs to dfworx_definer;
create policy "definer functions write and sweep system logs" on app_admin.system_logs
  for all to dfworx_definer using (true) with check (true);

-- For services that have no right on the table: to the seal's organization, in their own name.
create function app.write_log(at_level text, told text, about jsonb) returns void
language sql security definer set search_path = ''
as $$
  insert into app_admin.system_logs (organization_id, service, level, message, context)
  select app.org_id(), replace(session_user::text, 'dfworx_', ''), at_level, left(told, 10000),
         case when length(about::text) <= 20000 then about else '{}' end
   where app.org_id() is not null
$$;

-- What is older than its organization keeps it: `system_log_days`, 30 when nothing was chosen.
create function app_admin.sweep_system_logs(n integer) returns integer
language plpgsql security definer set search_path = ''
as $$
declare
  gone integer;
begin
  delete from app_admin.system_logs l where l.system_log_id in (
    select old.system_log_id
      from public.organizations o
      left join app_admin.admin_settings s
        on s.organization_id = o.organization_id and s.key = 'system_log_days' and jsonb_typeof(s.value) = 'number'
     cross join lateral (
       select e.system_log_id from app_admin.system_logs e
        where e.organization_id = o.organization_id
          and e.created_at < now() - make_interval(days => least(greatest(coalesce(s.value::integer, 30), 1), 365))
        limit least(n, 10000)) old
     limit least(n, 10000));
  get diagnostics gone = row_count;
  return gone;
end
$$;

-- Flags ---------------------------------------------------------------------------------------------------------
-- A member says that a post, a comment or a message should be looked at. What it was then is kept beside it, as far as
-- PostgreSQL knows it, and found under the member's own policies: nobody flags what they can't see, or makes it up.

create table app_web.flags (
  flag_id         uuid primary key default gen_random_uuid(),
  organization_id uuid not null references public.organizations on delete cascade,
  user_id         uuid not null,                            -- who flagged
  kind            text not null check (kind in ('post', 'comment', 'message')),
  entity_id       text not null check (length(entity_id) between 1 and 100),
  post_id         uuid,                                     -- the post, or the one commented on
  thread_id       text check (length(thread_id) between 1 and 100),
  author_id       uuid,                                     -- whose it is; null for a message
  excerpt         text not null default '' check (length(excerpt) <= 500),
  reason          text not null check (reason in ('spam', 'abuse', 'off_topic', 'confidential', 'other')),
  note            text not null default '' check (length(note) <= 1000),
  created_at      timestamptz not null default now(),
  unique (organization_id, user_id, kind, entity_id),
  foreign key (organization_id, user_id) references public.users (organization_id, user_id) on delete cascade,
  check ((kind = 'message') = (thread_id is not null)),
  constraint flags_moments_check check (created_at between '0001-01-02Z' and '9999-12-30Z')
);
create index flags_organization_id_kind_entity_id_idx
  on app_web.flags (organization_id, kind, entity_id, created_at desc);
alter table app_web.flags enable row level security;

grant select, insert (organization_id, user_id, kind, entity_id, thread_id, reason, note),
      update (reason, note, created_at) on app_web.flags to dfworx_web;
grant select on app_web.flags to dfworx_admin;
create policy "people read their own flags" on app_web.flags
  for select to dfworx_web
  using (organization_id = (select app.org_id()) and user_id = (select app.user_id()));
create policy "people flag in their own name" on app_web.flags
  for insert to dfworx_web
  with check (organization_id = (select app.org_id()) and user_id = (select app.user_id()));
create policy "people flag again in their own name" on app_web.flags
  for update to dfworx_web
  using (organization_id = (select app.org_id()) and user_id = (select app.user_id()))
  with check (organization_id = (select app.org_id()) and user_id = (select app.user_id()));
create policy "admins read their organization's flags" on app_web.flags
  for select to dfworx_admin
  using (organization_id = (select app.org_id()) and (select app.org_role()) = 'admin');

create function app_web.prepare_flag() returns trigger
language plpgsql set search_path = ''
as $$
begin
  if new.kind = 'post' then
    select p.post_id, p.user_id, left(p.title || E'\n' || coalesce(p.excerpt, ''), 500)
      into new.post_id, new.author_id, new.excerpt
      from app_web.posts p
     where p.organization_id = new.organization_id and p.post_id = new.entity_id::uuid;
  elsif new.kind = 'comment' then
    select c.post_id, c.user_id, left(c.content, 500) into new.post_id, new.author_id, new.excerpt
      from app_web.comments c
     where c.organization_id = new.organization_id and c.comment_id = new.entity_id::uuid and c.removed_at is null;
  end if;
  if new.kind <> 'message' and new.post_id is null then
    raise exception 'there is nothing to flag' using errcode = 'restrict_violation', constraint = 'flags_seen';
  end if;
  return new;
end
$$;
revoke all on function app_web.prepare_flag() from public;
create trigger flags_prepare before insert or update on app_web.flags
  for each row execute function app_web.prepare_flag();
create trigger flags_audit after insert or update on app_web.flags
  for each row execute function app.audit('flag_id', 'excerpt,note', 'kind,entity_id');

-- What an admin decided about it; flags of after that are open again.
create table app_admin.decisions (
  decision_id     uuid primary key default gen_random_uuid(),
  organization_id uuid not null references public.organizations on delete cascade,
  kind            text not null check (kind in ('post', 'comment', 'message')),
  entity_id       text not null check (length(entity_id) between 1 and 100),
  decision        text not null check (decision in ('kept', 'removed')),
  reason          text not null check (length(reason) between 1 and 1000),
  decided_by      uuid,
  created_at      timestamptz not null default clock_timestamp(),
  unique (organization_id, decision_id),
  foreign key (organization_id, decided_by) references public.users (organization_id, user_id)
    on delete set null (decided_by)
);
create index decisions_organization_id_kind_entity_id_idx
  on app_admin.decisions (organization_id, kind, entity_id, created_at desc);
create index decisions_organization_id_created_at_idx
  on app_admin.decisions (organization_id, created_at desc, decision_id desc);
create index decisions_organization_id_decided_by_idx on app_admin.decisions (organization_id, decided_by);
alter table app_admin.decisions enable row level security;
grant select, insert (organization_id, kind, entity_id, decision, reason, decided_by)
  on app_admin.decisions to dfworx_admin;
create policy "admins read decisions" on app_admin.decisions
  for select to dfworx_admin
  using (organization_id = (select app.org_id()) and (select app.org_role()) = 'admin');
create policy "admins decide in their own name" on app_admin.decisions
  for insert to dfworx_admin
  with check (organization_id = (select app.org_id()) and (select app.org_role()) = 'admin'
              and decided_by = (select app.user_id()));
create trigger decisions_audit after insert or update or delete on app_admin.decisions
  for each row execute function app.audit('decision_id', '', 'kind,entity_id');

-- Whether members see it no more. Of a message Convex knows.
create function app_web.is_removed(of_kind text, of_entity text) returns boolean
language sql stable security definer set search_path = ''
as $$
  select case of_kind
    when 'post' then not exists (
      select from app_web.posts p
       where p.organization_id = app.org_id() and p.post_id = of_entity::uuid
         and p.deleted_at is null and p.status not in ('archived', 'trashed'))
    when 'comment' then not exists (
      select from app_web.comments c
       where c.organization_id = app.org_id() and c.comment_id = of_entity::uuid and c.removed_at is null)
    else true end
$$;

-- Health --------------------------------------------------------------------------------------------------------

-- The organization's own events that somebody must still hear of. Another's are nobody's business, not even counted.
create function app_admin.outbox_health()
returns table (waiting bigint, oldest_seconds double precision, failed bigint)
language sql stable security definer set search_path = ''
as $$
  select count(*) filter (where o.delivered_at is null and not is_failed),
         coalesce(extract(epoch from now() - min(o.created_at)
                            filter (where o.delivered_at is null and not is_failed)), 0)::double precision,
         count(*) filter (where is_failed)
    from shared_services.outbox o
   cross join lateral (
     select exists (select from shared_services.deliveries d
                     where d.organization_id = o.organization_id and d.outbox_id = o.outbox_id
                       and d.failed_at is not null) as is_failed) f
   where o.organization_id = app.org_id() and (o.delivered_at is null or is_failed)
$$;

-- The number of the last migration that was applied; null where another tool applies them.
do $$
begin
  if to_regclass('supabase_migrations.schema_migrations') is not null then
    grant usage on schema supabase_migrations to dfworx_definer;
    grant select on supabase_migrations.schema_migrations to dfworx_definer;
  end if;
end
$$;
create function app_admin.last_migration() returns text
language plpgsql stable security definer set search_path = ''
as $$
begin
  return (select max(m.version) from supabase_migrations.schema_migrations m);
exception when undefined_table or insufficient_privilege then
  return null;
end
$$;

-- Who owns and who may call --------------------------------------------------------------------------------------

alter function app.write_log(text, text, jsonb) owner to dfworx_definer;
alter function app_admin.sweep_system_logs(integer) owner to dfworx_definer;
alter function app_web.is_removed(text, text) owner to dfworx_definer;
alter function app_admin.outbox_health() owner to dfworx_definer;
alter function app_admin.last_migration() owner to dfworx_definer;
revoke all on function app.write_log(text, text, jsonb), app_admin.sweep_system_logs(integer),
  app_web.is_removed(text, text), app_admin.outbox_health(), app_admin.last_migration() from public;
grant execute on function app.write_log(text, text, jsonb) to dfworx_auth, dfworx_web, dfworx_admin;
grant execute on function app_admin.sweep_system_logs(integer) to dfworx_worker;
grant execute on function app_web.is_removed(text, text), app_admin.outbox_health(), app_admin.last_migration()
  to dfworx_admin;

revoke create on schema app, app_admin, app_web from dfworx_definer;
