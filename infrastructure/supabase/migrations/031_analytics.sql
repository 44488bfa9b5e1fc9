-- Daily figures that follow what was written: whoever writes leaves a mark on the day, and the worker counts the days
-- that have marks again, whole, so that a day comes out the same however often it is counted. docs/decisions/analytics.md

grant create on schema app, app_admin, app_web to dfworx_definer;

-- Who did something on which day, in UTC.
create table app_admin.active_days (
  organization_id uuid not null references public.organizations on delete cascade,
  user_id         uuid not null,
  day             date not null,
  primary key (organization_id, day, user_id),
  foreign key (organization_id, user_id) references public.users (organization_id, user_id) on delete cascade
);
create index active_days_organization_id_user_id_idx on app_admin.active_days (organization_id, user_id);

-- A day whose figures are old. Never one row a day that writers share: a mark which isn't committed yet isn't taken
-- with those that are, and nobody waits for anybody.
create table app_admin.analytics_marks (
  mark_id         bigint generated always as identity primary key,
  organization_id uuid not null references public.organizations on delete cascade,
  day             date not null
);
create index analytics_marks_organization_id_day_idx on app_admin.analytics_marks (organization_id, day);

alter table app_admin.active_days     enable row level security;
alter table app_admin.analytics_marks enable row level security;

grant select on app_admin.active_days, app_admin.analytics_marks to dfworx_admin;
grant select, insert (organization_id, user_id, day) on app_admin.active_days to dfworx_definer;
grant select, insert (organization_id, day), delete on app_admin.analytics_marks to dfworx_definer;

create policy "admins read who was active" on app_admin.active_days
  for select to dfworx_admin
  using (organization_id = (select app.org_id()) and (select app.org_role()) = 'admin');
create policy "definer functions note and count who was active" on app_admin.active_days
  for all to dfworx_definer using (true) with check (true);
create policy "admins read which days aren't counted yet" on app_admin.analytics_marks
  for select to dfworx_admin
  using (organization_id = (select app.org_id()) and (select app.org_role()) = 'admin');
create policy "definer functions mark and take days" on app_admin.analytics_marks
  for all to dfworx_definer using (true) with check (true);

-- What admins may look at behind a figure: what everybody in the organization may read, and of comments who wrote
-- them, when and under what, never a draft or what is for some people alone.
grant select (organization_id, post_id, user_id, category_id, title, slug, status, visibility, comment_count, created_at,
              updated_at, published_at, deleted_at) on app_web.posts to dfworx_admin;
grant select (organization_id, comment_id, post_id, user_id, created_at, removed_at) on app_web.comments to dfworx_admin;
create policy "admins read what is published for their organization" on app_web.posts
  for select to dfworx_admin
  using (organization_id = (select app.org_id()) and (select app.org_role()) = 'admin'
         and visibility = 'organization' and status in ('published', 'archived') and deleted_at is null);
create policy "admins read who comments on it" on app_web.comments
  for select to dfworx_admin
  using (organization_id = (select app.org_id()) and (select app.org_role()) = 'admin' and removed_at is null
         and exists (select from app_web.posts p
                      where p.organization_id = comments.organization_id and p.post_id = comments.post_id));

create index users_organization_id_created_at_idx on public.users (organization_id, created_at desc, user_id desc);

-- Marking -------------------------------------------------------------------------------------------------------

-- With its organization gone there is nothing to count.
create function app_admin.mark_days(orgs uuid[], moments timestamptz[]) returns void
language sql security definer set search_path = ''
as $$
  insert into app_admin.analytics_marks (organization_id, day)
  select distinct m.org, (m.at at time zone 'UTC')::date
    from unnest(orgs, moments) as m (org, at)
   where isfinite(m.at) and exists (select from public.organizations o where o.organization_id = m.org)
$$;

create function app_admin.mark_active_days() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  if tg_op = 'INSERT' then
    perform app_admin.mark_days(array_agg(r.organization_id), array_agg(r.day::timestamp at time zone 'UTC'))
      from new_rows r having count(*) > 0;
  else
    perform app_admin.mark_days(array_agg(r.organization_id), array_agg(r.day::timestamp at time zone 'UTC'))
      from old_rows r having count(*) > 0;
  end if;
  return null;
end
$$;
create trigger active_days_mark_insert after insert on app_admin.active_days
  referencing new table as new_rows for each statement execute function app_admin.mark_active_days();
create trigger active_days_mark_delete after delete on app_admin.active_days
  referencing old table as old_rows for each statement execute function app_admin.mark_active_days();

create function app_admin.mark_people() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  if tg_op = 'INSERT' then
    perform app_admin.mark_days(array_agg(r.organization_id), array_agg(r.created_at)) from new_rows r having count(*) > 0;
  else
    perform app_admin.mark_days(array_agg(r.organization_id), array_agg(r.created_at)) from old_rows r having count(*) > 0;
  end if;
  return null;
end
$$;
create trigger users_mark_insert after insert on public.users
  referencing new table as new_rows for each statement execute function app_admin.mark_people();
create trigger users_mark_delete after delete on public.users
  referencing old table as old_rows for each statement execute function app_admin.mark_people();

-- Whoever begins a post or writes a comment was active then; so an imported history has its people too. Ordered, so
-- that two who write for the same people wait for each other and never in a circle.
create function app_admin.mark_posts() returns trigger
language plpgsql security definer set search_path = ''
as $$
declare
  orgs   uuid[];
  ids    uuid[];
  before timestamptz[];
  after  timestamptz[];
begin
  if tg_op = 'INSERT' then
    insert into app_admin.active_days (organization_id, user_id, day)
    select distinct r.organization_id, r.user_id, (r.created_at at time zone 'UTC')::date
      from new_rows r where isfinite(r.created_at) order by 1, 3, 2
    on conflict do nothing;
    perform app_admin.mark_days(array_agg(r.organization_id), array_agg(r.published_at))
      from new_rows r where r.published_at is not null having count(*) > 0;
  elsif tg_op = 'DELETE' then
    perform app_admin.mark_days(array_agg(r.organization_id), array_agg(r.published_at))
      from old_rows r where r.published_at is not null having count(*) > 0;
  else
    select array_agg(n.organization_id), array_agg(n.post_id), array_agg(o.published_at), array_agg(n.published_at)
      into orgs, ids, before, after
      from new_rows n
      join old_rows o on o.organization_id = n.organization_id and o.post_id = n.post_id
     where (o.published_at, o.status, o.visibility, o.deleted_at)
           is distinct from (n.published_at, n.status, n.visibility, n.deleted_at);
    if ids is null then return null; end if;
    perform app_admin.mark_days(orgs || orgs, before || after);
    -- With a post that comes into view or goes, its comments do.
    perform app_admin.mark_days(array_agg(c.organization_id), array_agg(c.created_at))
      from app_web.comments c
      join unnest(orgs, ids) as t (org, id) on c.organization_id = t.org and c.post_id = t.id
    having count(*) > 0;
  end if;
  return null;
end
$$;
create trigger posts_mark_insert after insert on app_web.posts
  referencing new table as new_rows for each statement execute function app_admin.mark_posts();
create trigger posts_mark_update after update on app_web.posts
  referencing old table as old_rows new table as new_rows for each statement execute function app_admin.mark_posts();
create trigger posts_mark_delete after delete on app_web.posts
  referencing old table as old_rows for each statement execute function app_admin.mark_posts();

create function app_admin.mark_comments() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  if tg_op = 'INSERT' then
    insert into app_admin.active_days (organization_id, user_id, day)
    select distinct r.organization_id, r.user_id, (r.created_at at time zone 'UTC')::date
      from new_rows r where isfinite(r.created_at) order by 1, 3, 2
    on conflict do nothing;
    perform app_admin.mark_days(array_agg(r.organization_id), array_agg(r.created_at)) from new_rows r having count(*) > 0;
  elsif tg_op = 'DELETE' then
    perform app_admin.mark_days(array_agg(r.organization_id), array_agg(r.created_at)) from old_rows r having count(*) > 0;
  else
    perform app_admin.mark_days(array_agg(n.organization_id), array_agg(n.created_at))
      from new_rows n
      join old_rows o on o.organization_id = n.organization_id and o.comment_id = n.comment_id
     where o.removed_at is distinct from n.removed_at
    having count(*) > 0;
  end if;
  return null;
end
$$;
create trigger comments_mark_insert after insert on app_web.comments
  referencing new table as new_rows for each statement execute function app_admin.mark_comments();
create trigger comments_mark_update after update on app_web.comments
  referencing old table as old_rows new table as new_rows for each statement execute function app_admin.mark_comments();
create trigger comments_mark_delete after delete on app_web.comments
  referencing old table as old_rows for each statement execute function app_admin.mark_comments();

-- The caller was here today. Services say it once a person and day.
create function app.note_active() returns void
language sql security definer set search_path = ''
as $$
  insert into app_admin.active_days (organization_id, user_id, day)
  select u.organization_id, u.user_id, (now() at time zone 'UTC')::date
    from public.users u where u.organization_id = app.org_id() and u.user_id = app.user_id()
  on conflict do nothing
$$;

-- Counting ------------------------------------------------------------------------------------------------------

-- Organizations that have marks, by one look into the index for each of them.
create function app_admin.marked_organizations(after_organization uuid, n integer) returns setof uuid
language sql stable security definer set search_path = ''
as $$
  with recursive marked as (
    (select m.organization_id as org from app_admin.analytics_marks m
      where m.organization_id > after_organization order by m.organization_id limit 1)
    union all
    select (select m.organization_id from app_admin.analytics_marks m
             where m.organization_id > marked.org order by m.organization_id limit 1)
      from marked where marked.org is not null)
  select org from marked where org is not null limit least(n, 1000)
$$;

-- The seal's organization: takes marks, of thirty days after the first of them at most, and says of which days. A day
-- that has more is counted once more.
create function app_admin.take_marks(n integer) returns setof date
language sql security definer set search_path = ''
as $$
  with taken as (
    delete from app_admin.analytics_marks m
     where m.mark_id in (
       select e.mark_id from app_admin.analytics_marks e
        where e.organization_id = app.org_id()
          and e.day < 30 + (select min(f.day) from app_admin.analytics_marks f where f.organization_id = app.org_id())
        order by e.day limit least(n, 10000))
    returning m.day)
  select distinct day from taken order by day
$$;

-- What happened on each of the days, a hundred at most, in the seal's organization.
create function app_admin.count_days(days date[]) returns table (day date, metric text, value bigint)
language sql stable security definer set search_path = ''
as $$
  select d.day, f.metric, f.value
    from (select u.day, u.day::timestamp at time zone 'UTC' as since, (u.day + 1)::timestamp at time zone 'UTC' as until
            from unnest(days[1:100]) as u (day)) as d
   cross join (select app.org_id() as org) as o
   cross join lateral (
     select 'posts', (select count(*) from app_web.posts p
                       where p.organization_id = o.org and p.published_at >= d.since and p.published_at < d.until
                         and p.visibility = 'organization' and p.status in ('published', 'archived')
                         and p.deleted_at is null)
     union all
     select 'comments', (select count(*) from app_web.comments c
                           join app_web.posts p on p.organization_id = c.organization_id and p.post_id = c.post_id
                          where c.organization_id = o.org and c.created_at >= d.since and c.created_at < d.until
                            and c.removed_at is null and p.visibility = 'organization'
                            and p.status in ('published', 'archived') and p.deleted_at is null)
     union all
     select 'joined', (select count(*) from public.users u
                        where u.organization_id = o.org and u.created_at >= d.since and u.created_at < d.until)
   ) as f (metric, value)
$$;

-- Different people who were active on a day, in the seven days that end with it and in the thirty, for each day from
-- the first to the last, 400 at most. Somebody counts from a day on, until as long after the last day they were seen:
-- so each of their days is looked at once, and not once for each day of thirty. An infinite day is refused.
create function app_admin.count_active(first date, last date) returns table (day date, metric text, value bigint)
language sql stable security definer set search_path = ''
as $$
  with seen as (
    select a.day, lead(a.day) over (partition by a.user_id order by a.day) as next
      from app_admin.active_days a
     where a.organization_id = app.org_id() and a.day between first - 29 and least(last, first + 399)
  ), changes as (
    select w.metric, e.day, sum(e.change) as change
      from seen
     cross join (values ('active_day', 1), ('active_week', 7), ('active_month', 30)) as w (metric, length)
     cross join lateral (values (seen.day, 1), (least(seen.next, seen.day + w.length), -1)) as e (day, change)
     group by w.metric, e.day
  ), counted as (
    select d.day, w.metric, sum(coalesce(c.change, 0)) over (partition by w.metric order by d.day)::bigint as value
      from (select first + n as day from generate_series(-29, least(last - first, 399)) as n) as d
     cross join (values ('active_day'), ('active_week'), ('active_month')) as w (metric)
      left join changes c on c.metric = w.metric and c.day = d.day
  )
  select c.day, c.metric, c.value from counted c where c.day >= first
$$;

insert into jobs.turns (name) values ('rollups');

-- Figures of before are counted anew, by the names they have now.
-- squawk-ignore ban-drop-function
drop function app_admin.daily_figures(date, uuid, integer);
delete from app_admin.analytics;
insert into app_admin.active_days (organization_id, user_id, day)
select p.organization_id, p.user_id, (p.created_at at time zone 'UTC')::date from app_web.posts p where isfinite(p.created_at)
union
select c.organization_id, c.user_id, (c.created_at at time zone 'UTC')::date from app_web.comments c where isfinite(c.created_at);
insert into app_admin.analytics_marks (organization_id, day)
select p.organization_id, (p.published_at at time zone 'UTC')::date from app_web.posts p where isfinite(p.published_at)
union
select c.organization_id, (c.created_at at time zone 'UTC')::date from app_web.comments c where isfinite(c.created_at)
union
select u.organization_id, (u.created_at at time zone 'UTC')::date from public.users u where isfinite(u.created_at);

-- Who owns and who may call --------------------------------------------------------------------------------------

alter function app_admin.mark_days(uuid[], timestamptz[]) owner to dfworx_definer;
alter function app_admin.mark_active_days() owner to dfworx_definer;
alter function app_admin.mark_people() owner to dfworx_definer;
alter function app_admin.mark_posts() owner to dfworx_definer;
alter function app_admin.mark_comments() owner to dfworx_definer;
alter function app.note_active() owner to dfworx_definer;
alter function app_admin.marked_organizations(uuid, integer) owner to dfworx_definer;
alter function app_admin.take_marks(integer) owner to dfworx_definer;
alter function app_admin.count_days(date[]) owner to dfworx_definer;
alter function app_admin.count_active(date, date) owner to dfworx_definer;
revoke all on function app_admin.mark_days(uuid[], timestamptz[]), app_admin.mark_active_days(), app_admin.mark_people(),
  app_admin.mark_posts(), app_admin.mark_comments(), app.note_active(), app_admin.marked_organizations(uuid, integer),
  app_admin.take_marks(integer), app_admin.count_days(date[]), app_admin.count_active(date, date) from public;
grant execute on function app.note_active() to dfworx_auth, dfworx_web, dfworx_admin;
grant execute on function app_admin.marked_organizations(uuid, integer), app_admin.take_marks(integer) to dfworx_worker;
grant execute on function app_admin.count_days(date[]), app_admin.count_active(date, date) to dfworx_worker, dfworx_admin;

revoke create on schema app, app_admin, app_web from dfworx_definer;
