-- Whoever runs the install suspends an organization: nobody signs in to it until it is resumed, and all sessions end.
-- docs/decisions/operator.md

alter table public.organizations add column suspended_at timestamptz;

create function app.is_suspended(organization_id uuid) returns boolean
language sql stable set search_path = ''
as $$
  select exists (select from public.organizations o
                  where o.organization_id = is_suspended.organization_id and o.suspended_at is not null)
$$;
revoke all on function app.is_suspended(uuid) from public;
grant execute on function app.is_suspended(uuid) to dfworx_definer;

-- As before (013, 022), but of a suspended organization nothing is published and nothing mailed: it waits.
create or replace function app_web.publish_due_posts(n integer)
returns table (organization_id uuid, post_id uuid, user_id uuid, published boolean, visibility text, readers uuid[])
language plpgsql security definer set search_path = ''
as $$
#variable_conflict use_column
begin
  return query
    with due as materialized (
      select p.organization_id, p.post_id,
             exists (select from public.users u
                      where u.organization_id = p.organization_id and u.user_id = p.user_id
                        and u.is_active and u.role <> 'guest') as may
        from app_web.posts p
       where p.publish_at <= now() and not app.is_suspended(p.organization_id)
       order by case n when 1 then random() end, p.publish_at, p.post_id limit least(greatest(n, 0), 500)
         for update of p skip locked
    ), changed as (
      update app_web.posts p
         set status = case when due.may then 'published' else p.status end,
             published_at = case when due.may then p.publish_at else p.published_at end,
             publish_at = null, version = p.version + 1, updated_at = now()
        from due
       where p.organization_id = due.organization_id and p.post_id = due.post_id
      returning p.organization_id, p.post_id, p.user_id, due.may, p.visibility,
                array(select r.user_id from app_web.post_readers r
                       where r.organization_id = p.organization_id and r.post_id = p.post_id) as readers
    ), noted as (
      insert into shared_services.outbox (organization_id, topic, entity_id, payload)
      select c.organization_id, 'posts.published', c.post_id,
             jsonb_build_object('post_id', c.post_id, 'user_id', c.user_id, 'visibility', c.visibility, 'scheduled', true)
        from changed c where c.may
    )
    select * from changed;
end
$$;

create or replace function app_web.take_notification_mails(n integer)
returns table (notification_id uuid, organization_id uuid, organization_name text, kind text, email text,
               actor_name text, post_title text, post_slug text, comment_id uuid, excerpt text)
language plpgsql security definer set search_path = ''
as $$
#variable_conflict use_column
declare
  due public.notifications;
  goes_to text;
begin
  for due in
    select t.* from public.notifications t where t.mail_due_at <= now() and not app.is_suspended(t.organization_id)
     order by case n when 1 then random() end, t.mail_due_at limit least(greatest(n, 0), 500) for update skip locked
  loop
    goes_to := (select u.email from public.users u
                 where u.organization_id = due.organization_id and u.user_id = due.user_id and u.identity_id is not null
                   and due.read_at is null and due.created_at > now() - interval '1 day'
                   and u.user_id in (select app_web.list_readers_of(due.organization_id, due.post_id, array[u.user_id]))
                   and (due.comment_id is null
                        or exists (select from app_web.comments c
                                    where c.organization_id = due.organization_id and c.comment_id = due.comment_id
                                      and c.removed_at is null)));
    if goes_to is not null then
      if not app_web.count_mail(due.organization_id, 'notification', due.notification_id, goes_to) then
        goes_to := null;
      end if;
    end if;
    update public.notifications t set mail_due_at = case when goes_to is not null then now() + interval '5 minutes' end
     where t.organization_id = due.organization_id and t.notification_id = due.notification_id;
    return query
      select due.notification_id, due.organization_id, o.name, due.kind, goes_to, a.name, p.title, p.slug,
             due.comment_id, left(c.content, 500)
        from (select goes_to is not null as it) as goes
        left join public.organizations o on goes.it and o.organization_id = due.organization_id
        left join public.users a on goes.it and a.organization_id = due.organization_id and a.user_id = due.actor_id
        left join app_web.posts p on goes.it and p.organization_id = due.organization_id and p.post_id = due.post_id
        left join app_web.comments c
               on goes.it and c.organization_id = due.organization_id and c.comment_id = due.comment_id;
  end loop;
end
$$;

create or replace function app_web.take_digests(n integer)
returns table (organization_id uuid, user_id uuid, day date, organization_name text, email text, digest jsonb)
language plpgsql security definer set search_path = ''
as $$
#variable_conflict use_column
declare
  due app_web.digests;
  begun timestamptz;
  words jsonb;
  too_many boolean;
begin
  for due in
    select d.* from app_web.digests d where d.due_at <= now() and not app.is_suspended(d.organization_id)
     order by case n when 1 then random() end, d.due_at limit least(greatest(n, 0), 500) for update skip locked
  loop
    organization_id := due.organization_id;
    user_id := due.user_id;
    begun := coalesce(due.taken_at, now());
    day := (begun at time zone 'UTC')::date;
    organization_name := (select o.name from public.organizations o where o.organization_id = due.organization_id);
    email := (select u.email from public.users u
               where u.organization_id = due.organization_id and u.user_id = due.user_id
                 and u.is_active and u.identity_id is not null);
    words := null;
    if email is not null and begun > now() - interval '1 day'
       and app_web.next_digest(due.organization_id, due.user_id, begun) is not null then
      words := app_web.compose_digest(due.organization_id, due.user_id, due.told_until, begun);
    end if;
    too_many := false;
    if words is not null and due.taken_at is null then
      too_many := not app_web.count_mail(due.organization_id, 'digest', due.user_id, email);
      words := case when not too_many then words end;
    end if;
    update app_web.digests d
       set taken_at = case when words is not null then begun end,
           told_until = case when words is null and not too_many and begun > now() - interval '1 day' then begun
                             else d.told_until end,
           due_at = case when words is not null then now() + interval '30 minutes'
                         else app_web.next_digest(d.organization_id, d.user_id, begun) end
     where d.organization_id = due.organization_id and d.user_id = due.user_id;
    digest := words;
    return next;
  end loop;
end
$$;
