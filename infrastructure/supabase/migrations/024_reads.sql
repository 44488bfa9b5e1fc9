-- Which posts somebody has read. The lists of posts stay one answer for all: what differs by person comes beside it.
-- Kept is a row for each post that a person opened, and a mark before which all is read. Nothing stays unread for longer
-- than ninety days, so what was opened before that needs no row: it goes with the person's next reading.
-- docs/decisions/reads.md

create table app_web.post_reads (
  organization_id uuid not null,
  user_id         uuid not null,
  post_id         uuid not null,
  read_at         timestamptz not null default now()  -- when it was last open: comments since then are new
    constraint post_reads_moments_check check (read_at between '0001-01-02Z' and '9999-12-30Z'),
  primary key (organization_id, post_id, user_id),
  foreign key (organization_id, user_id) references public.users (organization_id, user_id) on delete cascade,
  foreign key (organization_id, post_id) references app_web.posts (organization_id, post_id) on delete cascade
);
create index post_reads_organization_id_user_id_read_at_idx on app_web.post_reads (organization_id, user_id, read_at);
alter table app_web.post_reads enable row level security;

create table app_web.read_marks (
  organization_id uuid not null,
  user_id         uuid not null,
  read_until      timestamptz not null default now()
    constraint read_marks_moments_check check (read_until between '0001-01-02Z' and '9999-12-30Z'),
  primary key (organization_id, user_id),
  foreign key (organization_id, user_id) references public.users (organization_id, user_id) on delete cascade
);
alter table app_web.read_marks enable row level security;

-- Who is there already is not told that all of the last months is new.
insert into app_web.read_marks (organization_id, user_id)
  select u.organization_id, u.user_id from public.users u where u.origin <> 'imported';

grant select, delete, insert (organization_id, user_id, post_id), update (read_at) on app_web.post_reads to dfworx_web;
create policy "people see what they have read" on app_web.post_reads
  for select to dfworx_web
  using (organization_id = (select app.org_id()) and user_id = (select app.user_id()));
create policy "who sees a post reads it for themselves" on app_web.post_reads
  for insert to dfworx_web
  with check (organization_id = (select app.org_id()) and user_id = (select app.user_id())
              and exists (select from app_web.posts p
                          where p.organization_id = post_reads.organization_id and p.post_id = post_reads.post_id));
create policy "people read again" on app_web.post_reads
  for update to dfworx_web
  using (organization_id = (select app.org_id()) and user_id = (select app.user_id()))
  with check (organization_id = (select app.org_id()) and user_id = (select app.user_id()));
create policy "what was read before a person's mark needs no row" on app_web.post_reads
  for delete to dfworx_web
  using (organization_id = (select app.org_id()) and user_id = (select app.user_id()));

grant select, insert (organization_id, user_id, read_until), update (read_until) on app_web.read_marks to dfworx_web;
create policy "people see until when they have read all" on app_web.read_marks
  for select to dfworx_web
  using (organization_id = (select app.org_id()) and user_id = (select app.user_id()));
create policy "people set their own mark" on app_web.read_marks
  for insert to dfworx_web
  with check (organization_id = (select app.org_id()) and user_id = (select app.user_id()));
create policy "people move their own mark" on app_web.read_marks
  for update to dfworx_web
  using (organization_id = (select app.org_id()) and user_id = (select app.user_id()))
  with check (organization_id = (select app.org_id()) and user_id = (select app.user_id()));

-- Asking ---------------------------------------------------------------------------------------------------
-- Whether a post was read is asked by a sub-select in what follows: planned as a join it could end in a hash of all posts.

-- What was listed until then is read: the person's mark, or when they joined, and in any case what is old.
create function app_web.read_until(org uuid, person uuid) returns timestamptz
language sql stable security invoker set search_path = ''
as $$
  select greatest(
    now() - interval '90 days',
    coalesce((select m.read_until from app_web.read_marks m where m.organization_id = org and m.user_id = person),
             (select u.created_at from public.users u where u.organization_id = org and u.user_id = person)))
$$;

-- Of some posts, those that the caller sees: whether each is unread, and how many comments of others are new on one
-- that isn't, up to `most`. A JSON array.
create function app_web.list_reads(ctx text, of_posts uuid[], most integer) returns text
language plpgsql security invoker set search_path = '' set plan_cache_mode = force_generic_plan
as $$
declare
  org constant uuid := split_part(ctx, '|', 4)::uuid;
  me constant uuid := split_part(ctx, '|', 5)::uuid;
  all_until timestamptz;
begin
  perform set_config('dfx.ctx', ctx, true);
  all_until := app_web.read_until(org, me);
  return (
    select coalesce(json_agg(json_build_object(
             'post_id', each.post_id, 'is_unread', each.is_unread,
             'new_comments', case when each.is_unread or each.comment_count = 0 then 0
               else (select count(*)
                       from (select from app_web.comments c
                              where c.organization_id = org and c.post_id = each.post_id
                                and c.created_at > greatest(each.read_at, all_until)
                                and c.user_id <> me and c.removed_at is null
                              limit most) as newer) end)), '[]')::text
      from (select seen.*, seen.status = 'published' and seen.user_id <> me and seen.listed_at > all_until
                           and seen.read_at is null as is_unread
              from (select p.post_id, p.user_id, p.status, p.listed_at, p.comment_count,
                           (select r.read_at from app_web.post_reads r
                             where r.organization_id = org and r.user_id = me and r.post_id = p.post_id) as read_at
                      from app_web.posts p
                     where p.organization_id = org and p.post_id = any (of_posts) offset 0) as seen) as each);
end
$$;

-- How many posts of others are unread, up to `most`, and up to which moment that is: for who then marks all of them.
create function app_web.count_unread_posts(ctx text, most integer) returns text
language plpgsql security invoker set search_path = '' set plan_cache_mode = force_generic_plan
as $$
declare
  org constant uuid := split_part(ctx, '|', 4)::uuid;
  me constant uuid := split_part(ctx, '|', 5)::uuid;
  all_until timestamptz;
  shared uuid[];
begin
  perform set_config('dfx.ctx', ctx, true);
  all_until := app_web.read_until(org, me);
  shared := array(select r.post_id from app_web.post_readers r where r.organization_id = org and r.user_id = me);
  return (
    select json_build_object(
             'count', count(*),
             'until', to_char(now() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"'))::text
      from ((select p.post_id from app_web.posts p
              where p.organization_id = org and p.status = 'published' and p.visibility = 'organization'
                and p.listed_at > all_until and p.user_id <> me
                and (select true from app_web.post_reads r
                      where r.organization_id = org and r.user_id = me and r.post_id = p.post_id) is null
              limit most)
            union all
            (select p.post_id from app_web.posts p
              where p.organization_id = org and p.post_id = any (shared)
                and p.status = 'published' and p.visibility = 'people'
                and p.listed_at > all_until and p.user_id <> me
                and (select true from app_web.post_reads r
                      where r.organization_id = org and r.user_id = me and r.post_id = p.post_id) is null)
            limit most) as unread);
end
$$;

-- A JSON array of at most page_size of them, newest first, after (before_at, before_id) when given.
create function app_web.list_unread_posts(
  ctx text, in_category text, by_author uuid, before_at timestamptz, before_id uuid, page_size integer)
returns text language plpgsql security invoker set search_path = '' set plan_cache_mode = force_generic_plan
as $$
declare
  org constant uuid := split_part(ctx, '|', 4)::uuid;
  me constant uuid := split_part(ctx, '|', 5)::uuid;
  last_at constant timestamptz := coalesce(before_at, 'infinity');
  all_until timestamptz;
  its_categories uuid[];
  shared uuid[];
begin
  perform set_config('dfx.ctx', ctx, true);
  its_categories := app_web.category_subtree(org, in_category);
  if in_category is not null and its_categories is null then return '[]'; end if;
  all_until := app_web.read_until(org, me);
  shared := array(select r.post_id from app_web.post_readers r where r.organization_id = org and r.user_id = me);
  return (
    select coalesce(json_agg((select p.item from app_web.post_items p
                               where p.organization_id = org and p.post_id = page.post_id)
                             order by page.listed_at desc, page.post_id desc), '[]')::text
      from (select unread.post_id, unread.listed_at
              from ((select p.post_id, p.listed_at from app_web.posts p
                      where p.organization_id = org and p.status = 'published' and p.visibility = 'organization'
                        and p.listed_at > all_until and (p.listed_at, p.post_id) < (last_at, before_id)
                        and p.user_id <> me and (by_author is null or p.user_id = by_author)
                        and (its_categories is null or p.category_id = any (its_categories))
                        and (select true from app_web.post_reads r
                              where r.organization_id = org and r.user_id = me and r.post_id = p.post_id) is null
                      order by p.listed_at desc, p.post_id desc limit page_size)
                    union all
                    (select p.post_id, p.listed_at from app_web.posts p
                      where p.organization_id = org and p.post_id = any (shared)
                        and p.status = 'published' and p.visibility = 'people'
                        and p.listed_at > all_until and (p.listed_at, p.post_id) < (last_at, before_id)
                        and p.user_id <> me and (by_author is null or p.user_id = by_author)
                        and (its_categories is null or p.category_id = any (its_categories))
                        and (select true from app_web.post_reads r
                              where r.organization_id = org and r.user_id = me and r.post_id = p.post_id) is null
                      order by p.listed_at + interval '0' desc, p.post_id desc  -- no index's order: found by key
                      limit page_size)) as unread
             order by unread.listed_at desc, unread.post_id desc limit page_size) as page);
end
$$;

revoke all on function
  app_web.read_until(uuid, uuid), app_web.list_reads(text, uuid[], integer), app_web.count_unread_posts(text, integer),
  app_web.list_unread_posts(text, text, uuid, timestamptz, uuid, integer) from public;
grant execute on function
  app_web.read_until(uuid, uuid), app_web.list_reads(text, uuid[], integer), app_web.count_unread_posts(text, integer),
  app_web.list_unread_posts(text, text, uuid, timestamptz, uuid, integer) to dfworx_web;
