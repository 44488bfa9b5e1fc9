-- Notifications: written in the transaction of their cause, by functions that look up what happened and who may see it.

-- What it is about, beside `entity`: who reads it is shown the post and the comment as they may see them at that moment,
-- and what is deleted takes what was told of it away.
alter table public.notifications
  add column post_id    uuid,
  add column comment_id uuid,
  -- When the worker looks whether it is still unread and mails it; null is never, or done.
  add column mail_due_at timestamptz,
  -- squawk-ignore adding-foreign-key-constraint
  add constraint notifications_organization_id_post_id_fkey foreign key (organization_id, post_id)
    references app_web.posts (organization_id, post_id) on delete cascade,
  -- squawk-ignore adding-foreign-key-constraint
  add constraint notifications_organization_id_comment_id_fkey foreign key (organization_id, comment_id)
    references app_web.comments (organization_id, comment_id) on delete cascade;

-- A view keeps the columns that it was made with.
create or replace view shared_services.notifications with (security_invoker = true) as
  select * from public.notifications;

create index notifications_organization_id_post_id_idx on public.notifications (organization_id, post_id);
create index notifications_organization_id_comment_id_idx on public.notifications (organization_id, comment_id);
-- However often an action runs, it tells a person once.
create unique index notifications_once_idx on public.notifications (organization_id, user_id, entity_id, kind);
create index notifications_mail_due_at_idx on public.notifications (mail_due_at) where mail_due_at is not null;
create index notifications_read_at_idx on public.notifications (read_at) where read_at is not null;
-- The lists' order, to its end: all, and unread.
-- squawk-ignore require-concurrent-index-deletion
drop index public.notifications_organization_id_user_id_created_at_idx;
create index notifications_organization_id_user_id_created_at_idx
  on public.notifications (organization_id, user_id, created_at desc, notification_id desc);
-- squawk-ignore require-concurrent-index-deletion
drop index public.notifications_unread_idx;
create index notifications_unread_idx
  on public.notifications (organization_id, user_id, created_at desc, notification_id desc) where read_at is null;

-- Who wants to hear no more of a post, but when they are named.
create table app_web.mutes (
  organization_id uuid not null,
  user_id         uuid not null,
  post_id         uuid not null,
  created_at      timestamptz not null default now(),
  primary key (organization_id, user_id, post_id),
  foreign key (organization_id, user_id) references public.users (organization_id, user_id) on delete cascade,
  foreign key (organization_id, post_id) references app_web.posts (organization_id, post_id) on delete cascade
);
create index mutes_organization_id_post_id_idx on app_web.mutes (organization_id, post_id);
alter table app_web.mutes enable row level security;

grant select, delete, insert (organization_id, user_id, post_id) on app_web.mutes to dfworx_web;
create policy "people see what they have muted" on app_web.mutes
  for select to dfworx_web
  using (organization_id = (select app.org_id()) and user_id = (select app.user_id()));
create policy "who sees a post mutes it for themselves" on app_web.mutes
  for insert to dfworx_web
  with check (organization_id = (select app.org_id()) and user_id = (select app.user_id())
              and exists (select from app_web.posts p
                          where p.organization_id = mutes.organization_id and p.post_id = mutes.post_id));
create policy "people hear again of what they had muted" on app_web.mutes
  for delete to dfworx_web
  using (organization_id = (select app.org_id()) and user_id = (select app.user_id()));

-- Who may what ---------------------------------------------------------------------------------------------
-- The functions below are the only writers. Whatever SQL a service runs, it can't tell somebody what didn't happen.

drop policy "members tell people of their organization" on public.notifications;
revoke insert (organization_id, user_id, actor_id, kind, entity, entity_id, data) on public.notifications from dfworx_web;

grant select on public.notifications, app_web.mutes, app_web.preferences to dfworx_definer;
grant insert (organization_id, user_id, actor_id, kind, entity, entity_id, post_id, comment_id, mail_due_at, created_at),
      update (mail_due_at), delete on public.notifications to dfworx_definer;
grant select (user_id, content, created_at) on app_web.comments to dfworx_definer;
grant select (title, slug) on app_web.posts to dfworx_definer;
grant select (organization_id, comment_id, user_id) on app_web.mentions to dfworx_definer;
create policy "definer functions tell people, and sweep what was read" on public.notifications
  for all to dfworx_definer using (true) with check (true);
create policy "who tells people asks what they have muted" on app_web.mutes
  for select to dfworx_definer using (true);
create policy "who tells people asks how they want it" on app_web.preferences
  for select to dfworx_definer using (true);
create policy "who tells people asks whom a comment names" on app_web.mentions
  for select to dfworx_definer using (true);

-- A note of a notification becomes a mail: it is theirs alone too.
alter policy "services note what happened, but none of what auth alone notes" on shared_services.outbox
  with check (organization_id = (select app.org_id()) and topic !~ '^(sessions|members|invitations|notifications)\.');
alter policy "definer functions note ended sessions and who joined" on shared_services.outbox
  -- squawk-ignore renaming-object
  rename to "definer functions note what they have done";
alter policy "definer functions note what they have done" on shared_services.outbox
  with check (topic in ('sessions.revoked', 'members.joined', 'posts.published', 'notifications.created',
                        'invitations.created'));

-- Telling --------------------------------------------------------------------------------------------------
-- `kinds` is for each of the people why they are told, the best reason first: one event tells a person once at most.
-- Told are those who may read the post, want to hear of such a thing and haven't muted the post; gives who was told.
-- A mail is due when they want one for such a thing and haven't read it within two minutes.
-- The time is that of the writing, not of the transaction's beginning: what waited must not come to stand among what
-- others have read by then. No service calls it: organization and actor are what its callers know them to be.

create function app_web.tell_people(org uuid, actor uuid, of_post uuid, of_comment uuid, people uuid[], kinds text[])
returns setof uuid
language plpgsql security definer set search_path = ''
as $$ #variable_conflict use_column
begin return query with told as (
    insert into public.notifications
      (organization_id, user_id, actor_id, kind, entity, entity_id, post_id, comment_id, mail_due_at, created_at)
    select distinct on (reason.person)
           org, reason.person, actor, reason.kind,
           case when of_comment is null then 'app_web.posts' else 'app_web.comments' end,
           coalesce(of_comment, of_post), of_post, of_comment,
           case when coalesce((select f.preferences #> array['notifications', reason.kind, 'mail']
                                 from app_web.preferences f
                                where f.organization_id = org and f.user_id = reason.person),
                              to_jsonb(reason.kind in ('mention', 'reply', 'share'))) = 'true'
                then now() + interval '2 minutes' end,
           clock_timestamp()
      from unnest(people, kinds) with ordinality as reason (person, kind, place)
     where reason.person is distinct from actor
       and reason.person in (select app_web.list_readers_of(org, of_post, people))
       and not exists (select from app_web.preferences f
                        where f.organization_id = org and f.user_id = reason.person
                          and f.preferences #> array['notifications', reason.kind, 'in_app'] = 'false')
       and (reason.kind = 'mention'
            or not exists (select from app_web.mutes m
                            where m.organization_id = org and m.user_id = reason.person and m.post_id = of_post))
     order by reason.person, reason.place
    on conflict (organization_id, user_id, entity_id, kind) do nothing
    returning notification_id, user_id, kind
  ), noted as (
    insert into shared_services.outbox (organization_id, topic, entity_id, payload)
    select org, 'notifications.created', t.user_id,
           jsonb_build_object('notification_id', t.notification_id, 'user_id', t.user_id, 'kind', t.kind,
                              'actor_id', actor, 'post_id', of_post, 'comment_id', of_comment)
      from told t
  )
  select t.user_id from told t; end
$$;

-- Of the caller's own comment: whom it has just come to mention and, in the transaction that wrote it, whom it answers
-- and whose post it is under. Gives who was told.
create function app_web.notify_of_comment(of_comment uuid, newly_mentioned uuid[]) returns setof uuid
language plpgsql security definer set search_path = ''
as $$
declare
  org constant uuid := app.org_id();
  me constant uuid := app.user_id();
  said record;
  people uuid[];
  kinds text[];
begin
  select c.post_id, c.created_at = now() as is_new,
         (select a.user_id from app_web.comments a
           where a.organization_id = org and a.comment_id = c.parent_id) as answered,
         (select p.user_id from app_web.posts p
           where p.organization_id = org and p.post_id = c.post_id) as author
    into said
    from app_web.comments c
   where c.organization_id = org and c.comment_id = of_comment and c.user_id = me and c.removed_at is null
     and me in (select app_web.list_readers_of(org, c.post_id, array[me]));
  if not found then return; end if;
  people := array(select m.user_id from app_web.mentions m
                   where m.organization_id = org and m.comment_id = of_comment and m.user_id = any (newly_mentioned));
  kinds := array_fill('mention'::text, array[cardinality(people)]);
  if said.is_new then
    people := people || said.answered || said.author;
    kinds := kinds || array['reply', 'comment'];
  end if;
  return query select app_web.tell_people(org, me, said.post_id, of_comment, people, kinds);
end
$$;

-- Of a post, those of `people`, or all, for whom it is by name. Who has read it of an earlier sharing is told anew.
create function app_web.tell_readers(org uuid, of_post uuid, author uuid, people uuid[]) returns setof uuid
language plpgsql security definer set search_path = ''
as $$
declare
  named constant uuid[] := array(select r.user_id from app_web.post_readers r
                                  where r.organization_id = org and r.post_id = of_post
                                    and (people is null or r.user_id = any (people)));
begin
  delete from public.notifications n
   where n.organization_id = org and n.user_id = any (named) and n.entity_id = of_post and n.kind = 'share'
     and n.read_at is not null;
  return query
    select app_web.tell_people(org, author, of_post, null, named, array_fill('share'::text, array[cardinality(named)]));
end
$$;

create function app_web.notify_of_share(of_post uuid, people uuid[]) returns setof uuid
language sql security definer set search_path = ''
as $$
  select app_web.tell_readers(p.organization_id, p.post_id, p.user_id, people)
    from app_web.posts p
   where p.organization_id = app.org_id() and p.post_id = of_post and p.user_id = app.user_id()
     and p.status = 'published' and p.visibility = 'people'
$$;

-- A draft that the worker published at its time: nobody acts then. Its author is told, and for whom it is by name.
create function app_web.tell_published() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  if session_user = 'dfworx_worker' then
    delete from public.notifications n
     where n.organization_id = new.organization_id and n.user_id = new.user_id and n.entity_id = new.post_id
       and n.kind = 'published';
    perform app_web.tell_people(new.organization_id, null, new.post_id, null, array[new.user_id], array['published']);
    perform app_web.tell_readers(new.organization_id, new.post_id, new.user_id, null);
  end if;
  return null;
end
$$;
create trigger posts_tell_published after update on app_web.posts
  for each row when (old.publish_at is not null and old.status = 'draft' and new.status = 'published')
  execute function app_web.tell_published();

-- Reading --------------------------------------------------------------------------------------------------
-- As their reader may see them now, by sub-selects under their policies. What they may no longer see, what is in the
-- trash and what was removed isn't shown, and comes back when that does.

create view app_web.notification_items with (security_invoker = true) as
  select n.organization_id, n.user_id, n.notification_id, n.created_at, n.read_at,
         coalesce(n.post_id is null or (select p.status <> 'trashed' from app_web.posts p
                   where p.organization_id = n.organization_id and p.post_id = n.post_id), false)
         and coalesce(n.comment_id is null or (select c.removed_at is null from app_web.comments c
                       where c.organization_id = n.organization_id and c.comment_id = n.comment_id), false) as is_shown,
         json_build_object(
           'notification_id', n.notification_id, 'kind', n.kind,
           'actor', (select json_build_object('user_id', u.user_id, 'name', u.name, 'avatar_url', u.avatar_url)
                       from public.users u
                      where u.organization_id = n.organization_id and u.user_id = n.actor_id),
           'post', (select json_build_object('post_id', p.post_id, 'title', p.title, 'slug', p.slug)
                      from app_web.posts p
                     where p.organization_id = n.organization_id and p.post_id = n.post_id),
           'comment', (select json_build_object('comment_id', c.comment_id, 'excerpt', left(c.content, 200))
                         from app_web.comments c
                        where c.organization_id = n.organization_id and c.comment_id = n.comment_id),
           'read_at', n.read_at, 'created_at', n.created_at) as item
    from public.notifications n;
revoke all on app_web.notification_items from public;
grant select on app_web.notification_items to dfworx_web;

-- A JSON array of at most page_size of the caller's, newest first, after (before_at, before_id) when given. Planned once
-- a connection, as the lists of 007: each way of narrowing that has an index of its own is a statement of its own.
create function app_web.list_notifications(
  ctx text, only_unread boolean, before_at timestamptz, before_id uuid, page_size integer)
returns text
language plpgsql security invoker set search_path = '' set plan_cache_mode = force_generic_plan
as $$
declare
  org constant uuid := split_part(ctx, '|', 4)::uuid;
  me constant uuid := split_part(ctx, '|', 5)::uuid;
  last_at constant timestamptz := coalesce(before_at, 'infinity');
begin
  perform set_config('dfx.ctx', ctx, true);
  if only_unread then
    return (
      select coalesce(json_agg(page.item), '[]')::text
        from (select n.item from app_web.notification_items n
               where n.organization_id = org and n.user_id = me and n.read_at is null
                 and (n.created_at, n.notification_id) < (last_at, before_id) and n.is_shown
               order by n.created_at desc, n.notification_id desc limit page_size) as page);
  end if;
  return (
    select coalesce(json_agg(page.item), '[]')::text
      from (select n.item from app_web.notification_items n
             where n.organization_id = org and n.user_id = me
               and (n.created_at, n.notification_id) < (last_at, before_id) and n.is_shown
             order by n.created_at desc, n.notification_id desc limit page_size) as page);
end
$$;

-- How many of the caller's are unread, up to `most`; nobody looks further than the thousand newest.
create function app_web.count_unread(ctx text, most integer) returns integer
language plpgsql security invoker set search_path = '' set plan_cache_mode = force_generic_plan
as $$
declare
  org constant uuid := split_part(ctx, '|', 4)::uuid;
  me constant uuid := split_part(ctx, '|', 5)::uuid;
begin
  perform set_config('dfx.ctx', ctx, true);
  return (
    select count(*)
      from (select from (select n.is_shown from app_web.notification_items n
                          where n.organization_id = org and n.user_id = me and n.read_at is null
                          order by n.created_at desc, n.notification_id desc limit 1000) as newest
             where newest.is_shown limit most) as unread);
end
$$;

-- For the worker: at most n of those that were read longer ago than anybody looks back go; gives whose they were.
create function app_web.sweep_notifications(n integer) returns table (organization_id uuid, user_id uuid)
language sql security definer set search_path = ''
as $$
  delete from public.notifications t
   where t.notification_id in (select s.notification_id from public.notifications s
                                where s.read_at < now() - interval '90 days'
                                order by s.read_at limit least(n, 10000) for update skip locked)
  returning t.organization_id, t.user_id
$$;

-- Who owns and who may call --------------------------------------------------------------------------------
grant create on schema app_web to dfworx_definer;
alter function app_web.tell_people(uuid, uuid, uuid, uuid, uuid[], text[]) owner to dfworx_definer;
alter function app_web.tell_readers(uuid, uuid, uuid, uuid[]) owner to dfworx_definer;
alter function app_web.tell_published() owner to dfworx_definer;
alter function app_web.notify_of_comment(uuid, uuid[]) owner to dfworx_definer;
alter function app_web.notify_of_share(uuid, uuid[]) owner to dfworx_definer;
alter function app_web.sweep_notifications(integer) owner to dfworx_definer;
revoke create on schema app_web from dfworx_definer;

revoke all on function app_web.tell_people(uuid, uuid, uuid, uuid, uuid[], text[]),
                       app_web.tell_readers(uuid, uuid, uuid, uuid[]), app_web.tell_published(),
                       app_web.notify_of_comment(uuid, uuid[]), app_web.notify_of_share(uuid, uuid[]),
                       app_web.list_notifications(text, boolean, timestamptz, uuid, integer),
                       app_web.count_unread(text, integer), app_web.sweep_notifications(integer) from public;
grant execute on function app_web.notify_of_comment(uuid, uuid[]), app_web.notify_of_share(uuid, uuid[]),
                          app_web.list_notifications(text, boolean, timestamptz, uuid, integer),
                          app_web.count_unread(text, integer) to dfworx_web;
grant execute on function app_web.sweep_notifications(integer) to dfworx_worker;
