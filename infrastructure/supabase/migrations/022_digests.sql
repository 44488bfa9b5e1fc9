-- Mails of notifications, how many go, and digests: what somebody has not seen, mailed in the morning as they may read it
-- then.

-- How many ---------------------------------------------------------------------------------------------------
-- What has gone to whom within a day. Nobody has proven that an address is theirs by registering with it, so what goes
-- to one is counted over all organizations. Apart from what it counts: deleting that makes no room for more.

create table app_web.mail_counts (
  organization_id uuid not null references public.organizations (organization_id) on delete cascade,
  mail_id         uuid not null,   -- the notification's; of a digest its reader's
  kind            text not null check (kind in ('notification', 'digest')),
  address         bytea not null check (length(address) = 32),
  counted_at      timestamptz not null default now(),
  primary key (organization_id, mail_id)
);
create index mail_counts_address_idx on app_web.mail_counts (address, kind, counted_at);
create index mail_counts_organization_id_idx on app_web.mail_counts (organization_id, kind, counted_at);
create index mail_counts_counted_at_idx on app_web.mail_counts (counted_at);
alter table app_web.mail_counts enable row level security;

grant select, insert (organization_id, mail_id, kind, address, counted_at), update (address, counted_at), delete
  on app_web.mail_counts to dfworx_definer;
create policy "definer functions count what is mailed" on app_web.mail_counts
  for all to dfworx_definer using (true) with check (true);

-- Whether a mail may go, which then is counted; one that goes again is not counted again. Of notifications an address
-- gets 5 an hour and 20 a day, and an organization sends 200 an hour; of digests an address gets 5 a morning. They are
-- counted apart, so none of the one is used up by the other. No service calls it.
create function app_web.count_mail(org uuid, of_kind text, id uuid, email text) returns boolean
language plpgsql security definer set search_path = ''
as $$
declare
  -- What has a tag behind a plus sign goes to one mailbox: all tags share what is one address's. Never that of the
  -- address without a tag, or whoever registers with tags would use up another person's.
  to_address constant bytea := sha256(convert_to(regexp_replace(lower(email), '\+[^@]*@', '+@'), 'UTF8'));
begin
  -- Two at once would not see each other's.
  lock table app_web.mail_counts in share row exclusive mode;
  delete from app_web.mail_counts c
   where (c.organization_id, c.mail_id) in (select o.organization_id, o.mail_id from app_web.mail_counts o
                                             where o.counted_at < now() - interval '25 hours' limit 100);
  if of_kind = 'digest' then
    -- Mornings are not a day apart to the second.
    if (select count(*) >= 5 from app_web.mail_counts c
         where c.address = to_address and c.kind = of_kind and c.mail_id <> id
           and c.counted_at > now() - interval '18 hours') then
      return false;
    end if;
  elsif exists (select from app_web.mail_counts c where c.organization_id = org and c.mail_id = id) then
    return true;
  elsif (select count(*) >= 20 or count(*) filter (where c.counted_at > now() - interval '1 hour') >= 5
           from app_web.mail_counts c
          where c.address = to_address and c.kind = of_kind and c.counted_at > now() - interval '1 day')
     or (select count(*) >= 200 from app_web.mail_counts c
          where c.organization_id = org and c.kind = of_kind and c.counted_at > now() - interval '1 hour') then
    return false;
  end if;
  insert into app_web.mail_counts (organization_id, mail_id, kind, address) values (org, id, of_kind, to_address)
  on conflict (organization_id, mail_id) do update set address = excluded.address, counted_at = excluded.counted_at;
  return true;
end
$$;

-- Of notifications -------------------------------------------------------------------------------------------
-- For the worker: at most n whose moment has come, each with what its reader may see now; without an address when it is
-- not to be mailed. What was read meanwhile, may no longer be seen, is a person's without an account or is one too many
-- is never mailed; what isn't told to have gone within five minutes is given again, for a day.
create function app_web.take_notification_mails(n integer)
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
    select t.* from public.notifications t where t.mail_due_at <= now()
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

create function app_web.mailed_notification(id uuid) returns void
language sql security definer set search_path = ''
as $$
  update public.notifications t set mail_due_at = null where t.notification_id = id
$$;

-- Digests ----------------------------------------------------------------------------------------------------
-- When somebody's next digest is looked at, and until when they were told. Nobody but the functions below reads or
-- writes it: what a service may write is somebody's preference and time zone, and the row follows.
create table app_web.digests (
  organization_id uuid not null,
  user_id         uuid not null,
  due_at          timestamptz,                          -- null: they want none
  told_until      timestamptz not null default now(),   -- the next one begins where the last one ended
  taken_at        timestamptz,                          -- where the one ends that is being mailed; null when none is
  primary key (organization_id, user_id),
  foreign key (organization_id, user_id) references public.users (organization_id, user_id) on delete cascade
);
create index digests_due_at_idx on app_web.digests (due_at) where due_at is not null;
alter table app_web.digests enable row level security;

grant select, insert (organization_id, user_id, due_at), update (due_at, told_until, taken_at)
  on app_web.digests to dfworx_definer;
create policy "definer functions keep when digests are due" on app_web.digests
  for all to dfworx_definer using (true) with check (true);
grant select (organization_id, user_id, timezone) on app_web.profiles to dfworx_definer;
create policy "who plans digests asks where somebody's morning is" on app_web.profiles
  for select to dfworx_definer using (true);

-- When -----------------------------------------------------------------------------------------------------
-- The next seven o'clock in the morning of somebody's time zone, for a weekly digest a Monday's; null when they want
-- none. Half a day after the last at least, however often they move their time zone or their preference.
create function app_web.next_digest(org uuid, person uuid, last timestamptz) returns timestamptz
language plpgsql stable security definer set search_path = ''
as $$
declare
  how constant text := coalesce((select f.preferences ->> 'digest' from app_web.preferences f
                                  where f.organization_id = org and f.user_id = person), 'weekly');
  zone text := coalesce((select f.timezone from app_web.profiles f
                          where f.organization_id = org and f.user_id = person), 'UTC');
  after constant timestamptz := greatest(now(), last + interval '12 hours');
  morning date;
begin
  if how = 'off' then return null; end if;
  begin
    morning := (after at time zone zone)::date;
  exception when invalid_parameter_value then
    -- A zone that the service knows and this server doesn't must keep nobody from saving their profile.
    zone := 'UTC';
    morning := (after at time zone zone)::date;
  end;
  if (morning + time '07:00') at time zone zone <= after then morning := morning + 1; end if;
  if how = 'weekly' then morning := morning + (8 - extract(isodow from morning)::integer) % 7; end if;
  return (morning + time '07:00') at time zone zone;
end
$$;

-- Who gets an account gets a row, and with it the first digest on a morning to come.
create function app_web.begin_digests() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  insert into app_web.digests (organization_id, user_id, due_at)
  values (new.organization_id, new.user_id, app_web.next_digest(new.organization_id, new.user_id, now()))
  on conflict do nothing;
  return null;
end
$$;
create trigger users_begin_digests after insert on public.users
  for each row when (new.identity_id is not null) execute function app_web.begin_digests();
create trigger users_begin_digests_later after update of identity_id on public.users
  for each row when (new.identity_id is not null and old.identity_id is null) execute function app_web.begin_digests();

-- Who wants digests again isn't told of the time in which they wanted none. One that is being mailed is planned anew
-- when it has gone.
create function app_web.replan_digests() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  update app_web.digests d
     set due_at = app_web.next_digest(d.organization_id, d.user_id, d.told_until),
         told_until = case when d.due_at is null then now() else d.told_until end
   where d.organization_id = new.organization_id and d.user_id = new.user_id and d.taken_at is null;
  return null;
end
$$;
create trigger preferences_plan_digests after insert on app_web.preferences
  for each row when (new.preferences ? 'digest') execute function app_web.replan_digests();
create trigger preferences_replan_digests after update on app_web.preferences
  for each row when (new.preferences -> 'digest' is distinct from old.preferences -> 'digest')
  execute function app_web.replan_digests();
create trigger profiles_plan_digests after insert on app_web.profiles
  for each row when (new.timezone is not null) execute function app_web.replan_digests();
create trigger profiles_replan_digests after update on app_web.profiles
  for each row when (new.timezone is distinct from old.timezone) execute function app_web.replan_digests();

-- What -----------------------------------------------------------------------------------------------------
-- Of published posts and of notifications, those that the person may read at this moment (015 says which). Null when
-- nothing has come since they were last told: what they left unread then causes no second mail. Looks back eight days
-- at most and at the hundred newest unread notifications. No service calls it.
create function app_web.compose_digest(org uuid, person uuid, told_until timestamptz, until timestamptz) returns jsonb
language sql stable security definer set search_path = ''
as $$
  with since as materialized (
    select greatest(told_until, until - interval '8 days') as at
  ), unread as materialized (
    select newest.*
      from (select n.kind, n.actor_id, n.post_id, n.comment_id, n.created_at, n.notification_id
              from public.notifications n
             where n.organization_id = org and n.user_id = person and n.read_at is null
             order by n.created_at desc, n.notification_id desc limit 100) as newest
     where person in (select app_web.list_readers_of(org, newest.post_id, array[person]))
       and (newest.comment_id is null
            or exists (select from app_web.comments c
                        where c.organization_id = org and c.comment_id = newest.comment_id and c.removed_at is null))
  ), moved as materialized (
    select m.post_id, sum(m.comments) as comments
      from (select c.post_id, 1 as comments
              from app_web.comments c
             where c.organization_id = org and c.created_at > (select at from since) and c.created_at <= until
               and c.removed_at is null and c.user_id <> person
            union all
            select p.post_id, 0
              from app_web.posts p
             where p.organization_id = org and p.published_at > (select at from since) and p.published_at <= until
               and p.user_id <> person) as m
     group by m.post_id
  ), ranked as (
    -- What is for named others goes before anything is asked of it: there may be much of it, and the asking is slow.
    select m.post_id, m.comments
      from moved m
      join app_web.posts p on p.organization_id = org and p.post_id = m.post_id
     where p.status = 'published'
       and (p.visibility = 'organization' or p.user_id = person
            or p.post_id in (select r.post_id from app_web.post_readers r
                              where r.organization_id = org and r.user_id = person))
       and p.post_id not in (select t.post_id from app_web.mutes t
                              where t.organization_id = org and t.user_id = person)
     order by m.comments desc, m.post_id limit 200
  ), discussed as (
    select ranked.post_id, ranked.comments
      from ranked
     where person in (select app_web.list_readers_of(org, ranked.post_id, array[person]))
     order by ranked.comments desc, ranked.post_id limit 5
  )
  select jsonb_build_object(
           'unread', (select count(*) from unread),
           'newest', (select coalesce(jsonb_agg(jsonb_build_object(
                               'kind', n.kind, 'comment_id', n.comment_id,
                               'actor', (select a.name from public.users a
                                          where a.organization_id = org and a.user_id = n.actor_id),
                               'title', (select p.title from app_web.posts p
                                          where p.organization_id = org and p.post_id = n.post_id),
                               'slug', (select p.slug from app_web.posts p
                                         where p.organization_id = org and p.post_id = n.post_id))
                             order by n.created_at desc, n.notification_id desc), '[]')
                        from (select * from unread order by created_at desc, notification_id desc limit 5) as n),
           'posts', (select coalesce(jsonb_agg(jsonb_build_object(
                              'title', p.title, 'slug', p.slug, 'comments', d.comments,
                              'author', (select a.name from public.users a
                                          where a.organization_id = org and a.user_id = p.user_id))
                            order by d.comments desc, d.post_id), '[]')
                       from discussed d
                       left join app_web.posts p on p.organization_id = org and p.post_id = d.post_id))
   where exists (select from discussed)
      or exists (select from unread where created_at > (select at from since) and created_at <= until)
$$;

-- For the worker: at most n of those whose morning has come, each with what is to be mailed, or null when that is
-- nothing. What isn't told to have gone is given again every half an hour, for a day; then its words wait for the
-- next. So do those of somebody whose address has had its digests of this morning. `day` is that of the first try.
create function app_web.take_digests(n integer)
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
    select d.* from app_web.digests d where d.due_at <= now()
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

create function app_web.mailed_digest(to_user uuid) returns void
language sql security definer set search_path = ''
as $$
  update app_web.digests d
     set told_until = d.taken_at, taken_at = null,
         due_at = app_web.next_digest(d.organization_id, d.user_id, d.taken_at)
   where d.organization_id = (select u.organization_id from public.users u where u.user_id = to_user)
     and d.user_id = to_user and d.taken_at is not null
$$;

-- Those who are here already: their first is on the next Monday morning.
insert into app_web.digests (organization_id, user_id, due_at)
select u.organization_id, u.user_id, app_web.next_digest(u.organization_id, u.user_id, now())
  from public.users u where u.identity_id is not null;

-- Who owns and who may call --------------------------------------------------------------------------------
grant create on schema app_web to dfworx_definer;
alter function app_web.count_mail(uuid, text, uuid, text) owner to dfworx_definer;
alter function app_web.take_notification_mails(integer) owner to dfworx_definer;
alter function app_web.mailed_notification(uuid) owner to dfworx_definer;
alter function app_web.next_digest(uuid, uuid, timestamptz) owner to dfworx_definer;
alter function app_web.begin_digests() owner to dfworx_definer;
alter function app_web.replan_digests() owner to dfworx_definer;
alter function app_web.compose_digest(uuid, uuid, timestamptz, timestamptz) owner to dfworx_definer;
alter function app_web.take_digests(integer) owner to dfworx_definer;
alter function app_web.mailed_digest(uuid) owner to dfworx_definer;
revoke create on schema app_web from dfworx_definer;

revoke all on function app_web.count_mail(uuid, text, uuid, text), app_web.take_notification_mails(integer),
                       app_web.mailed_notification(uuid), app_web.next_digest(uuid, uuid, timestamptz),
                       app_web.begin_digests(), app_web.replan_digests(),
                       app_web.compose_digest(uuid, uuid, timestamptz, timestamptz), app_web.take_digests(integer),
                       app_web.mailed_digest(uuid) from public;
grant execute on function app_web.take_notification_mails(integer), app_web.mailed_notification(uuid),
                          app_web.take_digests(integer), app_web.mailed_digest(uuid) to dfworx_worker;
