-- Notifications and files of messages. A message lives in Convex; of it PostgreSQL knows the id,
-- its thread's and the post that the thread is beside. docs/decisions/bridge.md

alter table public.notifications
  add column thread_id  text check (length(thread_id) between 1 and 100),
  add column message_id text check (length(message_id) between 1 and 100),
  -- squawk-ignore constraint-missing-not-valid
  add constraint notifications_message_check
    check ((message_id is null) = (thread_id is null) and (message_id is null or comment_id is null));
create or replace view shared_services.notifications with (security_invoker = true) as
  select * from public.notifications;

create or replace view app_web.notification_items with (security_invoker = true) as
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
           'message', case when n.message_id is not null
                      then json_build_object('message_id', n.message_id, 'thread_id', n.thread_id) end,
           'read_at', n.read_at, 'created_at', n.created_at) as item
    from public.notifications n;

alter table shared_services.files
  add column message_id      text check (length(message_id) between 1 and 100),
  add column message_post_id uuid,
  -- squawk-ignore ban-drop-constraint
  drop constraint files_one_place_check,
  -- squawk-ignore constraint-missing-not-valid
  add constraint files_one_place_check check (num_nonnulls(post_id, comment_id, message_id) <= 1),
  -- squawk-ignore constraint-missing-not-valid
  add constraint files_message_check check (message_post_id is null or message_id is not null),
  -- squawk-ignore adding-foreign-key-constraint
  add constraint files_organization_id_message_post_id_fkey foreign key (organization_id, message_post_id)
    references app_web.posts (organization_id, post_id) on delete cascade;
create index files_organization_id_message_post_id_idx on shared_services.files (organization_id, message_post_id);
-- squawk-ignore require-concurrent-index-deletion
drop index shared_services.files_unattached_idx;
create index files_unattached_idx on shared_services.files (created_at)
  where post_id is null and comment_id is null and message_id is null;
-- squawk-ignore require-concurrent-index-deletion
drop index shared_services.files_unattached_of_person_idx;
create index files_unattached_of_person_idx on shared_services.files (organization_id, user_id)
  where post_id is null and comment_id is null and message_id is null;

grant update (message_id, message_post_id) on shared_services.files to dfworx_web;
grant select (message_id) on shared_services.files to dfworx_definer;

alter policy "who sees a post or comment sees its files" on shared_services.files
  -- squawk-ignore renaming-object
  rename to "who sees a post, comment or thread sees its files";
-- A thread beside a post is for those who see the post, any other for the organization.
alter policy "who sees a post, comment or thread sees its files" on shared_services.files
  using (organization_id = (select app.org_id())
         and case
               when post_id is not null then
                 exists (select from app_web.posts p
                         where p.organization_id = files.organization_id and p.post_id = files.post_id)
               when comment_id is not null then
                 exists (select from app_web.comments c
                         where c.organization_id = files.organization_id and c.comment_id = files.comment_id)
               when message_post_id is not null then
                 exists (select from app_web.posts p
                         where p.organization_id = files.organization_id and p.post_id = files.message_post_id)
               else message_id is not null or user_id = (select app.user_id())
             end);
alter policy "people attach their files to what they may change" on shared_services.files
  with check (organization_id = (select app.org_id()) and user_id = (select app.user_id())
              and num_nonnulls(post_id, comment_id, message_id) = 1
              and (post_id is null
                   or exists (select from app_web.posts p
                              where p.organization_id = files.organization_id and p.post_id = files.post_id
                                and (p.user_id = (select app.user_id())
                                     or (select app.org_role()) in ('admin', 'moderator')
                                        and p.visibility = 'organization')))
              and (comment_id is null
                   or exists (select from app_web.comments c
                              where c.organization_id = files.organization_id and c.comment_id = files.comment_id
                                and c.user_id = (select app.user_id()) and c.removed_at is null))
              and (message_post_id is null
                   or exists (select from app_web.posts p
                              where p.organization_id = files.organization_id and p.post_id = files.message_post_id)));
alter policy "people delete their files, and moderators what they mind" on shared_services.files
  using (organization_id = (select app.org_id())
         and (user_id = (select app.user_id())
              or (select app.org_role()) in ('admin', 'moderator')
                 and case
                       when post_id is not null or message_post_id is not null then
                         exists (select from app_web.posts p
                                 where p.organization_id = files.organization_id
                                   and p.post_id = coalesce(files.post_id, files.message_post_id)
                                   and p.visibility = 'organization')
                       when comment_id is not null then
                         exists (select from app_web.comments c
                                 where c.organization_id = files.organization_id and c.comment_id = files.comment_id)
                       else message_id is not null
                     end));

create or replace view shared_services.file_items with (security_invoker = true) as
  select f.organization_id, f.file_id, f.post_id, f.comment_id, f.created_at,
         json_build_object(
           'file_id', f.file_id, 'post_id', f.post_id, 'comment_id', f.comment_id, 'message_id', f.message_id,
           'name', f.name, 'media_type', f.media_type, 'size_bytes', f.size_bytes, 'sha256', encode(f.sha256, 'hex'),
           'width', f.width, 'height', f.height,
           'uploader', (select json_build_object('user_id', u.user_id, 'name', u.name, 'avatar_url', u.avatar_url)
                          from public.users u
                         where u.organization_id = f.organization_id and u.user_id = f.user_id),
           'created_at', f.created_at) as item
    from shared_services.files f;

-- As 016 has it; what hangs on a message stays too.
create or replace function shared_services.sweep_files(n integer)
returns table (organization_id uuid, storage_key text)
language sql security definer set search_path = ''
as $$
  delete from shared_services.files f
   where f.file_id in (select o.file_id from shared_services.files o
                        where o.post_id is null and o.comment_id is null and o.message_id is null
                          and o.created_at < now() - interval '24 hours'
                        order by o.created_at limit least(n, 1000))
     -- Asked of the row itself: it may have been attached meanwhile.
     and f.post_id is null and f.comment_id is null and f.message_id is null
  returning f.organization_id, f.storage_key
$$;

grant create on schema app_web to dfworx_definer;
grant insert (thread_id, message_id) on public.notifications to dfworx_definer;

-- Of a message that the caller has sent: whom it mentions, and whom it answers. It is told once, however often this is
-- asked for. What is beside a post is told to those who read the post, as of a comment; mails and digests are of posts.
create function app_web.notify_of_message(
  of_message text, in_thread text, of_post uuid, mentioned uuid[], answered uuid) returns setof uuid
language plpgsql security definer set search_path = ''
as $$
declare
  org constant uuid := app.org_id();
  me constant uuid := app.user_id();
  people constant uuid[] := mentioned[1:50] || answered;
begin
  if org is null or of_post is not null and me not in (select app_web.list_readers_of(org, of_post, array[me])) then
    return;
  end if;
  return query with reasons as (
    select reason.person, case when reason.place <= cardinality(mentioned[1:50]) then 'mention' else 'reply' end as kind
      from unnest(people) with ordinality as reason (person, place)
     where reason.person is distinct from me
       and reason.person in (
         select u.user_id from public.users u
          where of_post is null and u.organization_id = org and u.user_id = any (people) and u.is_active
         union all
         select app_web.list_readers_of(org, of_post, people) where of_post is not null)
  ), told as (
    insert into public.notifications
      (organization_id, user_id, actor_id, kind, entity, entity_id, post_id, thread_id, message_id, mail_due_at,
       created_at)
    select distinct on (r.person)
           org, r.person, me, r.kind, 'convex.messages', md5(org || ':' || of_message)::uuid, of_post, in_thread,
           of_message,
           case when of_post is not null
                 and coalesce((select f.preferences #> array['notifications', r.kind, 'mail']
                                 from app_web.preferences f
                                where f.organization_id = org and f.user_id = r.person), 'true') = 'true'
                then now() + interval '2 minutes' end,
           clock_timestamp()
      from reasons r
     where not exists (select from app_web.preferences f
                        where f.organization_id = org and f.user_id = r.person
                          and f.preferences #> array['notifications', r.kind, 'in_app'] = 'false')
       and (r.kind = 'mention'
            or not exists (select from app_web.mutes m
                            where m.organization_id = org and m.user_id = r.person and m.post_id = of_post))
     order by r.person, r.kind
    on conflict (organization_id, user_id, entity_id, kind) do nothing
    returning notifications.notification_id, notifications.user_id, notifications.kind
  ), noted as (
    insert into shared_services.outbox (organization_id, topic, entity_id, payload)
    select org, 'notifications.created', t.user_id,
           jsonb_build_object('notification_id', t.notification_id, 'user_id', t.user_id, 'kind', t.kind,
                              'actor_id', me, 'post_id', of_post, 'comment_id', null,
                              'thread_id', in_thread, 'message_id', of_message)
      from told t
  )
  select t.user_id from told t;
end
$$;
alter function app_web.notify_of_message(text, text, uuid, uuid[], uuid) owner to dfworx_definer;
revoke all on function app_web.notify_of_message(text, text, uuid, uuid[], uuid) from public;
grant execute on function app_web.notify_of_message(text, text, uuid, uuid[], uuid) to dfworx_web;
revoke create on schema app_web from dfworx_definer;
