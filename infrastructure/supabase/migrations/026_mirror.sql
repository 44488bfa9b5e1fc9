-- What Convex keeps a copy of is noted in the outbox by trigger, in the transaction that changes it and whatever the
-- door: organizations, people, posts and notifications, as the row then is. docs/decisions/bridge.md
-- An event is of one statement: one row or, of a bulk, up to a hundred. Events of one row are numbered in the order of
-- its changes, since each change holds the row's lock when it takes its number: a copy that remembers the number of what
-- it holds takes events in any order.

alter policy "services note what happened, but none of what auth alone notes" on shared_services.outbox
  with check (organization_id = (select app.org_id())
              and topic !~ '^(sessions|members|invitations|notifications|mirror)\.');
alter policy "definer functions note what they have done" on shared_services.outbox
  with check (topic in ('sessions.revoked', 'members.joined', 'posts.published', 'notifications.created',
                        'invitations.created', 'mirror.organization', 'mirror.user', 'mirror.post',
                        'mirror.notification'));

grant create on schema app, app_web, shared_services to dfworx_definer;

-- The mirror -----------------------------------------------------------------------------------------------
-- What a copy has of a row. An email is never among it.

grant select (organization_id, post_id, user_id, title, slug, status, trashed_from, visibility, version, deleted_at)
  on app_web.posts to dfworx_definer;
grant usage on sequence shared_services.outbox_outbox_id_seq to dfworx_definer;
-- A row can be locked by who may change something of it.
grant update (updated_at) on public.organizations to dfworx_definer;

create function app.mirrored_organization(o public.organizations) returns jsonb
language sql immutable set search_path = ''
as $$ select jsonb_build_object('id', o.organization_id, 'name', o.name, 'slug', o.slug) $$;

create function app.mirrored_user(u public.users) returns jsonb
language sql immutable set search_path = ''
as $$
  select jsonb_build_object('id', u.user_id, 'name', u.name, 'avatar_url', u.avatar_url, 'role', u.role,
                            'is_active', u.is_active)
$$;

create function app.mirrored_notification(n public.notifications) returns jsonb
language sql immutable set search_path = ''
as $$
  select jsonb_build_object('id', n.notification_id, 'user_id', n.user_id, 'kind', n.kind, 'actor_id', n.actor_id,
                            'post_id', n.post_id, 'comment_id', n.comment_id, 'thread_id', n.thread_id,
                            'message_id', n.message_id, 'is_read', n.read_at is not null,
                            'created_at', floor(extract(epoch from n.created_at) * 1000)::bigint)
$$;

-- Notes the rows, a hundred an event; null for one that is gone. With its organization gone there is nobody to tell.
create function app.note_mirror(with_topic text, orgs uuid[], ids uuid[], copies jsonb[]) returns void
language plpgsql security definer set search_path = ''
as $$
begin
  if cardinality(ids) = 0 then return; end if;
  insert into shared_services.outbox (organization_id, topic, entity_id, payload)
  select c.org, with_topic, (array_agg(c.id order by c.id))[1],
         jsonb_build_object('rows', coalesce(jsonb_agg(c.copy order by c.id) filter (where c.copy is not null), '[]'),
                            'gone', coalesce(jsonb_agg(c.id order by c.id) filter (where c.copy is null), '[]'))
    from (select t.org, t.id, t.copy, (row_number() over (partition by t.org order by t.id) - 1) / 100 as part
            from unnest(orgs, ids, copies) as t (org, id, copy)) as c
   where exists (select from public.organizations o where o.organization_id = c.org)
   group by c.org, c.part;
end
$$;

create function app.mirror_organizations() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  perform app.note_mirror('mirror.organization', array[new.organization_id], array[new.organization_id],
                          array[app.mirrored_organization(new)]);
  return null;
end
$$;
-- One at a time: nobody adds a thousand organizations in a statement.
create trigger organizations_mirror_insert after insert on public.organizations
  for each row execute function app.mirror_organizations();
create trigger organizations_mirror_update after update on public.organizations
  for each row when ((old.name, old.slug) is distinct from (new.name, new.slug))
  execute function app.mirror_organizations();

create function app.mirror_users() returns trigger
language plpgsql security definer set search_path = ''
as $$
declare
  orgs uuid[];
  ids uuid[];
  copies jsonb[];
begin
  if tg_op = 'DELETE' then
    select array_agg(o.organization_id), array_agg(o.user_id), array_agg(null::jsonb) into orgs, ids, copies
      from old_rows o;
  elsif tg_op = 'INSERT' then
    select array_agg(n.organization_id), array_agg(n.user_id), array_agg(app.mirrored_user(n)) into orgs, ids, copies
      from new_rows n;
  else
    select array_agg(n.organization_id), array_agg(n.user_id), array_agg(app.mirrored_user(n)) into orgs, ids, copies
      from new_rows n
      join old_rows o on o.organization_id = n.organization_id and o.user_id = n.user_id
     where (o.name, o.avatar_url, o.role, o.is_active) is distinct from (n.name, n.avatar_url, n.role, n.is_active);
  end if;
  perform app.note_mirror('mirror.user', coalesce(orgs, '{}'), coalesce(ids, '{}'), copies);
  return null;
end
$$;
create trigger users_mirror_insert after insert on public.users
  referencing new table as new_rows for each statement execute function app.mirror_users();
create trigger users_mirror_update after update on public.users
  referencing old table as old_rows new table as new_rows for each statement execute function app.mirror_users();
create trigger users_mirror_delete after delete on public.users
  referencing old table as old_rows for each statement execute function app.mirror_users();

create function app.mirror_notifications() returns trigger
language plpgsql security definer set search_path = ''
as $$
declare
  orgs uuid[];
  ids uuid[];
  copies jsonb[];
begin
  if tg_op = 'DELETE' then
    select array_agg(o.organization_id), array_agg(o.notification_id), array_agg(null::jsonb)
      into orgs, ids, copies from old_rows o;
  elsif tg_op = 'INSERT' then
    select array_agg(n.organization_id), array_agg(n.notification_id), array_agg(app.mirrored_notification(n))
      into orgs, ids, copies from new_rows n;
  else
    select array_agg(n.organization_id), array_agg(n.notification_id), array_agg(app.mirrored_notification(n))
      into orgs, ids, copies
      from new_rows n
      join old_rows o on o.organization_id = n.organization_id and o.notification_id = n.notification_id
     where (o.read_at is null) <> (n.read_at is null);
  end if;
  perform app.note_mirror('mirror.notification', coalesce(orgs, '{}'), coalesce(ids, '{}'), copies);
  return null;
end
$$;
create trigger notifications_mirror_insert after insert on public.notifications
  referencing new table as new_rows for each statement execute function app.mirror_notifications();
create trigger notifications_mirror_update after update on public.notifications
  referencing old table as old_rows new table as new_rows for each statement
  execute function app.mirror_notifications();
create trigger notifications_mirror_delete after delete on public.notifications
  referencing old table as old_rows for each statement execute function app.mirror_notifications();

create function app_web.mirrored_post(org uuid, id uuid) returns jsonb
language sql stable security definer set search_path = ''
as $$
  select jsonb_build_object(
           'id', p.post_id, 'user_id', p.user_id, 'title', p.title, 'slug', p.slug, 'status', p.status,
           'trashed_from', p.trashed_from, 'visibility', p.visibility, 'version', p.version,
           'readers', (select coalesce(jsonb_agg(r.user_id order by r.user_id), '[]')
                         from app_web.post_readers r
                        where r.organization_id = p.organization_id and r.post_id = p.post_id))
    from app_web.posts p where p.organization_id = org and p.post_id = id
$$;

-- Posts by their ids, with their readers as they are now. Whoever changes readers holds the post's row too, or two of
-- them would each tell of their own. One that is deleted for good is gone.
create function app_web.note_posts(orgs uuid[], ids uuid[]) returns void
language plpgsql security definer set search_path = ''
as $$
declare
  held constant uuid[] := coalesce(ids, '{}');
begin
  if held = '{}' then return; end if;
  perform from app_web.posts p where p.post_id = any (held) order by p.post_id for no key update;
  perform app.note_mirror('mirror.post', coalesce(array_agg(p.organization_id), '{}'), coalesce(array_agg(p.post_id), '{}'),
                          array_agg(p.copy))
    from (select p.organization_id, p.post_id,
                 case when p.deleted_at is null then app_web.mirrored_post(p.organization_id, p.post_id) end as copy
            from app_web.posts p
            join unnest(orgs, ids) as t (org, id) on p.organization_id = t.org and p.post_id = t.id) as p;
end
$$;

create function app_web.mirror_posts() returns trigger
language plpgsql security definer set search_path = ''
as $$
declare
  orgs uuid[];
  ids uuid[];
begin
  if tg_op = 'INSERT' then
    select array_agg(n.organization_id), array_agg(n.post_id) into orgs, ids from new_rows n;
  elsif tg_op = 'UPDATE' then
    select array_agg(n.organization_id), array_agg(n.post_id) into orgs, ids
      from new_rows n
      join old_rows o on o.organization_id = n.organization_id and o.post_id = n.post_id
     where (o.user_id, o.title, o.slug, o.status, o.trashed_from, o.visibility, o.version, o.deleted_at)
           is distinct from (n.user_id, n.title, n.slug, n.status, n.trashed_from, n.visibility, n.version, n.deleted_at);
  else
    select array_agg(o.organization_id), array_agg(o.post_id) into orgs, ids from old_rows o;
    perform app.note_mirror('mirror.post', coalesce(orgs, '{}'), coalesce(ids, '{}'),
                            array_fill(null::jsonb, array[coalesce(cardinality(ids), 0)]));
    return null;
  end if;
  perform app_web.note_posts(orgs, ids);
  return null;
end
$$;
create trigger posts_mirror_insert after insert on app_web.posts
  referencing new table as new_rows for each statement execute function app_web.mirror_posts();
create trigger posts_mirror_update after update on app_web.posts
  referencing old table as old_rows new table as new_rows for each statement execute function app_web.mirror_posts();
create trigger posts_mirror_delete after delete on app_web.posts
  referencing old table as old_rows for each statement execute function app_web.mirror_posts();

create function app_web.mirror_readers() returns trigger
language plpgsql security definer set search_path = ''
as $$
declare
  orgs uuid[];
  ids uuid[];
begin
  if tg_op = 'DELETE' then
    select array_agg(t.organization_id), array_agg(t.post_id) into orgs, ids
      from (select distinct o.organization_id, o.post_id from old_rows o) as t;
  else
    select array_agg(t.organization_id), array_agg(t.post_id) into orgs, ids
      from (select distinct n.organization_id, n.post_id from new_rows n) as t;
  end if;
  perform app_web.note_posts(orgs, ids);
  return null;
end
$$;
create trigger post_readers_mirror_insert after insert on app_web.post_readers
  referencing new table as new_rows for each statement execute function app_web.mirror_readers();
create trigger post_readers_mirror_delete after delete on app_web.post_readers
  referencing old table as old_rows for each statement execute function app_web.mirror_readers();

-- All of it again ------------------------------------------------------------------------------------------
-- For a mirror that is new or was lost. Nothing stops meanwhile: each part holds its rows while it takes its number.
-- A part says how far it goes, so that what isn't there any more goes too; but not what is newer than `before`: that is
-- a number from before the first part, and every change with a lower one must have been committed by then. Whoever asks
-- waits until pg_snapshot_xmin(pg_current_snapshot()) has reached `running`.

create function shared_services.mirror_begin() returns table (before bigint, running xid8)
language sql security definer set search_path = ''
as $$
  -- Its own transaction is the youngest: who has a number from before has an older one.
  select nextval('shared_services.outbox_outbox_id_seq'), pg_current_xact_id()
$$;

-- Of the organization that comes after this one, notes the next hundred of a kind behind `after`; gives which organization
-- it is, and the last of them, or null when these were all. No row: there is no further organization.
create function shared_services.mirror_again(kind text, after_organization uuid, after uuid, before bigint)
returns table (organization_id uuid, last_id uuid)
language plpgsql security definer set search_path = ''
as $$ #variable_conflict use_column
declare
  of_organization constant uuid := (select o.organization_id from public.organizations o
                                     where o.organization_id > after_organization order by o.organization_id limit 1);
  most constant integer := 100;
  first constant uuid := coalesce(after, '00000000-0000-0000-0000-000000000000');
  ids uuid[];
  copies jsonb;
  last uuid;
begin
  if of_organization is null then return; end if;
  -- First the locks, and then, in another statement, what the rows are: it sees what was waited for.
  if kind = 'user' then
    ids := array(select u.user_id from public.users u
                  where u.organization_id = of_organization and u.user_id > first
                  order by u.user_id limit most for share);
    copies := (select jsonb_agg(app.mirrored_user(u)) from public.users u
                where u.organization_id = of_organization and u.user_id = any (ids));
  elsif kind = 'notification' then
    ids := array(select n.notification_id from public.notifications n
                  where n.organization_id = of_organization and n.notification_id > first
                  order by n.notification_id limit most for share);
    copies := (select jsonb_agg(app.mirrored_notification(n)) from public.notifications n
                where n.organization_id = of_organization and n.notification_id = any (ids));
  elsif kind = 'post' then
    ids := array(select p.post_id from app_web.posts p
                  where p.organization_id = of_organization and p.post_id > first
                  order by p.post_id limit most for share);
    copies := (select jsonb_agg(app_web.mirrored_post(p.organization_id, p.post_id)) from app_web.posts p
                where p.organization_id = of_organization and p.post_id = any (ids) and p.deleted_at is null);
  elsif kind = 'organization' then
    ids := array(select o.organization_id from public.organizations o
                  where o.organization_id = of_organization for share);
    copies := (select jsonb_agg(app.mirrored_organization(o)) from public.organizations o
                where o.organization_id = any (ids));
  else
    raise exception 'there is no mirror of %', kind using errcode = 'invalid_parameter_value';
  end if;
  last := case when cardinality(ids) = most then ids[most] end;
  insert into shared_services.outbox (organization_id, topic, entity_id, payload)
  select of_organization, 'mirror.' || kind, coalesce(ids[1], of_organization),
         jsonb_build_object('rows', coalesce(copies, '[]'), 'gone', jsonb_build_array(),
                            'span', jsonb_build_object('after', after, 'until', last, 'before', before))
   where exists (select from public.organizations o where o.organization_id = of_organization);
  return query select of_organization, last;
end
$$;

-- Who owns and who may call --------------------------------------------------------------------------------

alter function app.mirrored_organization(public.organizations) owner to dfworx_definer;
alter function app.mirrored_user(public.users) owner to dfworx_definer;
alter function app.mirrored_notification(public.notifications) owner to dfworx_definer;
alter function app.note_mirror(text, uuid[], uuid[], jsonb[]) owner to dfworx_definer;
alter function app.mirror_organizations() owner to dfworx_definer;
alter function app.mirror_users() owner to dfworx_definer;
alter function app.mirror_notifications() owner to dfworx_definer;
alter function app_web.mirrored_post(uuid, uuid) owner to dfworx_definer;
alter function app_web.note_posts(uuid[], uuid[]) owner to dfworx_definer;
alter function app_web.mirror_posts() owner to dfworx_definer;
alter function app_web.mirror_readers() owner to dfworx_definer;
alter function shared_services.mirror_begin() owner to dfworx_definer;
alter function shared_services.mirror_again(text, uuid, uuid, bigint) owner to dfworx_definer;
revoke create on schema app, app_web, shared_services from dfworx_definer;
revoke all on function
  app.mirrored_organization(public.organizations),
  app.mirrored_user(public.users),
  app.mirrored_notification(public.notifications),
  app.note_mirror(text, uuid[], uuid[], jsonb[]),
  app.mirror_organizations(),
  app.mirror_users(),
  app.mirror_notifications(),
  app_web.mirrored_post(uuid, uuid),
  app_web.note_posts(uuid[], uuid[]),
  app_web.mirror_posts(),
  app_web.mirror_readers(),
  shared_services.mirror_begin(),
  shared_services.mirror_again(text, uuid, uuid, bigint) from public;
grant execute on function
  shared_services.mirror_begin(),
  shared_services.mirror_again(text, uuid, uuid, bigint) to dfworx_worker;
