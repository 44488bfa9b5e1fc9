-- Preferences, revisions that who reads a post may see, the tree of categories, and counted views.

-- Preferences ----------------------------------------------------------------------------------------------
-- How somebody wants things to be is theirs alone: in a table of its own, since the whole organization reads profiles.
-- A key that is missing means what the service has as its default.

create table app_web.preferences (
  organization_id uuid not null,
  user_id         uuid not null,
  preferences     jsonb not null default '{}',
  updated_at      timestamptz not null default now(),
  primary key (organization_id, user_id),
  foreign key (organization_id, user_id) references public.users (organization_id, user_id) on delete cascade,
  -- Definer functions of others read it while they write: what isn't formed as they expect would stop them.
  constraint preferences_form_check check (
    jsonb_typeof(preferences) = 'object' and octet_length(preferences::text) <= 4000
    and coalesce(preferences ->> 'theme', 'system') in ('system', 'light', 'dark')
    and coalesce(preferences ->> 'digest', 'weekly') in ('off', 'daily', 'weekly')
    and coalesce(preferences ->> 'language', 'en') ~ '^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8}){0,7}$'
    and jsonb_typeof(coalesce(preferences -> 'notifications', '{}')) = 'object'
    and not preferences @? 'strict $.notifications.* ? (@.type() <> "object")'
    and not preferences @? 'strict $.notifications.*.* ? (@.type() <> "boolean")'),
  constraint preferences_moments_check check (updated_at between '0001-01-02Z' and '9999-12-30Z')
);
alter table app_web.preferences enable row level security;

grant select on app_web.preferences to dfworx_web;
grant insert (organization_id, user_id, preferences), update (preferences, updated_at) on app_web.preferences to dfworx_web;
create policy "people read their own preferences" on app_web.preferences
  for select to dfworx_web
  using (organization_id = (select app.org_id()) and user_id = (select app.user_id()));
create policy "people begin their own preferences" on app_web.preferences
  for insert to dfworx_web
  with check (organization_id = (select app.org_id()) and user_id = (select app.user_id()));
create policy "people change their own preferences" on app_web.preferences
  for update to dfworx_web
  using (organization_id = (select app.org_id()) and user_id = (select app.user_id()))
  with check (organization_id = (select app.org_id()) and user_id = (select app.user_id()));

-- No service has read or written the old column yet. What stood in it that still has a meaning moves; the column goes,
-- and with it the audit log's copies of what comes.
insert into app_web.preferences (organization_id, user_id, preferences, updated_at)
select p.organization_id, p.user_id, jsonb_build_object('theme', p.preferences ->> 'theme'), p.updated_at
  from app_web.profiles p where p.preferences ->> 'theme' in ('system', 'light', 'dark');
-- squawk-ignore ban-drop-column
alter table app_web.profiles drop column preferences;

-- Revisions ------------------------------------------------------------------------------------------------
-- Who reads a post reads the words it had while they could read it, and none from before it was shown to them or from
-- a time when it was taken back. So a revision says until when it was the post's words, and who was shown them.

alter table app_web.revisions
  add column author_id   uuid,                                   -- whose post it was then
  add column begun_at    timestamptz not null default now(),     -- when the first of the saves began that it is of
  add column replaced_at timestamptz,                            -- null: what the post says now
  add column shown_to    text check (shown_to in ('people', 'organization')),  -- null: to its author alone
  add column is_settled  boolean not null default false,         -- published or shared as it stands: a later save is another
  -- squawk-ignore adding-field-with-default
  add column size        integer not null generated always as (length(content)) stored;
-- What was shown before this was kept is not known: of the words of before, readers see those that the post has now.
update app_web.revisions r
   set author_id = p.user_id, begun_at = r.created_at, is_settled = true,
       replaced_at = (select min(n.created_at) from app_web.revisions n
                       where n.organization_id = r.organization_id and n.post_id = r.post_id and n.version > r.version)
  from app_web.posts p where p.organization_id = r.organization_id and p.post_id = r.post_id;
update app_web.revisions r set shown_to = p.visibility
  from app_web.posts p
 where p.organization_id = r.organization_id and p.post_id = r.post_id and r.replaced_at is null
   and p.status = 'published' and p.visibility <> 'author';
-- squawk-ignore adding-not-nullable-field
alter table app_web.revisions alter column author_id set not null;
create unique index revisions_current_idx on app_web.revisions (organization_id, post_id) where replaced_at is null;

alter policy "who sees a post sees its revisions" on app_web.revisions
  -- squawk-ignore renaming-object
  rename to "who sees a post sees the words they were shown";
alter policy "who sees a post sees the words they were shown" on app_web.revisions
  using (organization_id = (select app.org_id())
         and exists (select from app_web.posts p
                      where p.organization_id = revisions.organization_id and p.post_id = revisions.post_id)
         and (replaced_at is null or shown_to = 'organization'
              or user_id = (select app.user_id()) or author_id = (select app.user_id())
              or shown_to = 'people'
                 and exists (select from app_web.post_readers s
                              where s.organization_id = revisions.organization_id and s.post_id = revisions.post_id
                                and s.user_id = (select app.user_id()) and s.created_at < revisions.replaced_at)));

grant select, insert (author_id, shown_to, is_settled),
      update (version, title, content, created_at, replaced_at, shown_to, is_settled) on app_web.revisions to dfworx_definer;
create policy "the revision trigger finds what it wrote" on app_web.revisions for select to dfworx_definer using (true);
create policy "the revision trigger replaces what it wrote" on app_web.revisions
  for update to dfworx_definer using (true) with check (true);

-- A revision for each time somebody changed the words: what one person saves within five minutes is one, unless it was
-- published, shared or restored meanwhile. Who saves every few seconds leaves at most twelve an hour.
create or replace function app_web.keep_revision() returns trigger
language plpgsql security definer set search_path = ''
as $$
declare
  editor constant uuid := coalesce(app.user_id(), new.user_id);
  shown constant text := case when new.status = 'published' and new.visibility <> 'author' then new.visibility end;
  moved boolean := shown is not null;
begin
  if tg_op = 'UPDATE' then
    moved := (new.status, new.visibility) is distinct from (old.status, old.visibility);
    if new.status = 'draft' and old.status <> 'draft'
       or new.visibility <> old.visibility and new.visibility <> 'organization' then
      -- Taken back: to nobody, or to those who are named. Of those each sees from when they were.
      update app_web.revisions r
         set shown_to = case when new.status <> 'draft' and new.visibility = 'people' then 'people' end
       where r.organization_id = new.organization_id and r.post_id = new.post_id and r.shown_to is not null;
    end if;
    if (new.title, new.content) is not distinct from (old.title, old.content) then
      if moved then
        update app_web.revisions r set shown_to = coalesce(shown, r.shown_to), is_settled = true
         where r.organization_id = new.organization_id and r.post_id = new.post_id and r.replaced_at is null;
      end if;
      return null;
    end if;
    if not moved then
      update app_web.revisions r
         set version = new.version, title = new.title, content = new.content, created_at = now()
       where r.organization_id = new.organization_id and r.post_id = new.post_id and r.replaced_at is null
         and r.user_id = editor and r.author_id = new.user_id and not r.is_settled
         and r.begun_at > now() - interval '5 minutes' and r.shown_to is not distinct from shown;
      if found then return null; end if;
    end if;
    update app_web.revisions r set replaced_at = now()
     where r.organization_id = new.organization_id and r.post_id = new.post_id and r.replaced_at is null;
  end if;
  insert into app_web.profiles (organization_id, user_id) values (new.organization_id, editor) on conflict do nothing;
  insert into app_web.revisions (organization_id, post_id, version, user_id, title, content, author_id, shown_to, is_settled)
    values (new.organization_id, new.post_id, new.version, editor, new.title, new.content, new.user_id, shown, moved);
  return null;
end
$$;

-- What the caller saved last stays as it is, whatever is saved next: asked for before a restore.
create function app_web.settle_revision(of_post uuid) returns void
language sql security definer set search_path = ''
as $$
  update app_web.revisions r set is_settled = true
   where r.organization_id = app.org_id() and r.post_id = of_post and r.user_id = app.user_id() and r.replaced_at is null
$$;

create view app_web.revision_items with (security_invoker = true) as
  select r.organization_id, r.post_id, r.version, r.title, r.content,
         json_build_object(
           'version', r.version, 'title', r.title,
           'author', (select json_build_object('user_id', u.user_id, 'name', u.name, 'avatar_url', u.avatar_url)
                        from public.users u
                       where u.organization_id = r.organization_id and u.user_id = r.user_id),
           'size', r.size, 'is_current', r.replaced_at is null, 'created_at', r.created_at) as item
    from app_web.revisions r;
revoke all on app_web.revision_items from public;
grant select on app_web.revision_items to dfworx_web;

-- A JSON array of at most page_size revisions, newest first, before a version when given; null when the caller may not
-- see the post or it isn't there. Planned once a connection, as the lists of 007.
create function app_web.list_revisions(ctx text, of_post uuid, before_version integer, page_size integer) returns text
language plpgsql security invoker set search_path = '' set plan_cache_mode = force_generic_plan
as $$
declare
  org constant uuid := split_part(ctx, '|', 4)::uuid;
  last_version constant bigint := coalesce(before_version, 1::bigint << 40);
begin
  perform set_config('dfx.ctx', ctx, true);
  if not exists (select from app_web.posts p where p.organization_id = org and p.post_id = of_post) then
    return null;
  end if;
  return (
    select coalesce(json_agg(page.item), '[]')::text
      from (select r.item from app_web.revision_items r
             where r.organization_id = org and r.post_id = of_post and r.version < last_version
             order by r.version desc limit page_size) as page);
end
$$;

create function app_web.get_revision(ctx text, of_post uuid, of_version integer) returns text
language plpgsql security invoker set search_path = '' set plan_cache_mode = force_generic_plan
as $$
declare
  org constant uuid := split_part(ctx, '|', 4)::uuid;
begin
  perform set_config('dfx.ctx', ctx, true);
  return (select (r.item::jsonb || jsonb_build_object('content', r.content))::text from app_web.revision_items r
           where r.organization_id = org and r.post_id = of_post and r.version = of_version);
end
$$;

-- The tree of categories -----------------------------------------------------------------------------------
-- At most five deep and without a circle, whoever moves what at the same moment: with all categories of the
-- organization locked, what is read here is what there will be.

grant select (organization_id, category_id, parent_id), update (updated_at) on app_web.categories to dfworx_definer;
create policy "the tree's guard finds categories" on app_web.categories
  for select to dfworx_definer using (true);
create policy "the tree's guard locks categories" on app_web.categories
  for update to dfworx_definer using (true) with check (true);

create function app_web.guard_category() returns trigger
language plpgsql security definer set search_path = ''
as $$
declare
  levels_above integer;
  levels_below integer;
  is_circle boolean;
begin
  perform from app_web.categories c where c.organization_id = new.organization_id order by c.category_id for update;
  with recursive above as (
    select c.category_id, c.parent_id, 1 as level from app_web.categories c
     where c.organization_id = new.organization_id and c.category_id = new.parent_id
    union all
    select c.category_id, c.parent_id, a.level + 1
      from above a join app_web.categories c on c.organization_id = new.organization_id and c.category_id = a.parent_id
     where a.level < 100 and a.category_id <> new.category_id
  )
  select max(a.level), bool_or(a.category_id = new.category_id) into levels_above, is_circle from above a;
  if is_circle then
    raise exception 'a category can''t stand under itself' using errcode = 'restrict_violation', constraint = 'categories_circle';
  end if;
  with recursive below as (
    select new.category_id as category_id, 0 as level
    union all
    select c.category_id, b.level + 1
      from below b join app_web.categories c on c.organization_id = new.organization_id and c.parent_id = b.category_id
     where b.level < 100
  )
  select max(b.level) into levels_below from below b;
  if levels_above + 1 + levels_below > 5 then
    raise exception 'categories are at most five deep' using errcode = 'restrict_violation', constraint = 'categories_depth';
  end if;
  return new;
end
$$;
create trigger categories_guard before insert on app_web.categories
  for each row when (new.parent_id is not null) execute function app_web.guard_category();
create trigger categories_guard_update before update on app_web.categories
  for each row when (new.parent_id is not null and new.parent_id is distinct from old.parent_id)
  execute function app_web.guard_category();

-- A category and all that stand below it, for the lists of 013 too; null when there is none with this slug.
create function app_web.category_subtree(org uuid, of_slug text) returns uuid[]
language plpgsql stable security invoker set search_path = '' set plan_cache_mode = force_generic_plan
as $$ begin
  return (
    with recursive below as (
      select c.category_id, 1 as level from app_web.categories c where c.organization_id = org and c.slug = of_slug
      union all
      select c.category_id, b.level + 1
        from below b join app_web.categories c on c.organization_id = org and c.parent_id = b.category_id
       where b.level < 100
    )
    select array_agg(b.category_id) from below b);
end $$;

-- As 007 has it; a category takes in those below it: the newest of each, then of those. Null for no such one, or author.
create or replace function app_web.list_published_posts(
  ctx text, in_category text, by_author uuid, before_at timestamptz, before_id uuid, page_size integer)
returns text language plpgsql security invoker set search_path = '' set plan_cache_mode = force_generic_plan
as $$
declare
  org constant uuid := split_part(ctx, '|', 4)::uuid;
  last_at constant timestamptz := coalesce(before_at, 'infinity');
  its_categories uuid[];
begin
  perform set_config('dfx.ctx', ctx, true);
  if by_author is not null and not exists (select from public.users where organization_id = org and user_id = by_author)
  then return null; end if;
  if in_category is not null then
    its_categories := app_web.category_subtree(org, in_category);
    if its_categories is null then return null; end if;
    if cardinality(its_categories) = 1 then
      return (
        select coalesce(json_agg(page.item), '[]')::text
          from (select p.item from app_web.post_items p
                 where p.organization_id = org and p.status = 'published' and p.visibility = 'organization'
                   and p.category_id = its_categories[1] and (by_author is null or p.user_id = by_author)
                   and (p.listed_at, p.post_id) < (last_at, before_id)
                 order by p.listed_at desc, p.post_id desc limit page_size) as page);
    end if;
    return (
      select coalesce(json_agg((select p.item from app_web.post_items p
                                 where p.organization_id = org and p.post_id = page.post_id)
                               order by page.listed_at desc, page.post_id desc), '[]')::text
        from (select newest.post_id, newest.listed_at
                from unnest(its_categories) as each (category_id)
               cross join lateral (
                 select p.post_id, p.listed_at from app_web.posts p
                  where p.organization_id = org and p.status = 'published' and p.visibility = 'organization'
                    and p.category_id = each.category_id and (by_author is null or p.user_id = by_author)
                    and (p.listed_at, p.post_id) < (last_at, before_id)
                  order by p.listed_at desc, p.post_id desc limit page_size) as newest
               order by newest.listed_at desc, newest.post_id desc limit page_size) as page);
  elsif by_author is not null then
    return (
      select coalesce(json_agg(page.item), '[]')::text
        from (select p.item from app_web.post_items p
               where p.organization_id = org and p.status = 'published' and p.visibility = 'organization'
                 and p.user_id = by_author and (p.listed_at, p.post_id) < (last_at, before_id)
               order by p.listed_at desc, p.post_id desc limit page_size) as page);
  end if;
  return (
    select coalesce(json_agg(page.item), '[]')::text
      from (select p.item from app_web.post_items p
             where p.organization_id = org and p.status = 'published' and p.visibility = 'organization'
               and (p.listed_at, p.post_id) < (last_at, before_id)
             order by p.listed_at desc, p.post_id desc limit page_size) as page);
end
$$;

create or replace function app_web.list_archived_posts(
  ctx text, in_category text, by_author uuid, before_at timestamptz, before_id uuid, page_size integer)
returns text language plpgsql security invoker set search_path = ''
as $$
declare
  org constant uuid := split_part(ctx, '|', 4)::uuid;
  its_categories uuid[];
begin
  perform set_config('dfx.ctx', ctx, true);
  its_categories := app_web.category_subtree(org, in_category);
  if in_category is not null and its_categories is null then return '[]'; end if;
  return (
    select coalesce(json_agg(page.item), '[]')::text
      from (select p.item from app_web.post_items p
             where p.organization_id = org and p.status = 'archived'
               and (before_at is null or (p.listed_at, p.post_id) < (before_at, before_id))
               and (its_categories is null or p.category_id = any (its_categories))
               and (by_author is null or p.user_id = by_author)
             order by p.listed_at desc, p.post_id desc limit page_size) as page);
end
$$;

-- Counted views --------------------------------------------------------------------------------------------
-- The worker adds them up, a batch a transaction, and remembers which: one that it takes twice, since it was killed
-- before it could throw it away, counts once. Nobody else writes a count, and who doesn't see a post not its count.

create table app_web.view_batches (batch_id uuid primary key, applied_at timestamptz not null default now());
alter table app_web.view_batches enable row level security;
create index view_batches_applied_at_idx on app_web.view_batches (applied_at);
grant select, insert, delete on app_web.view_batches to dfworx_definer;
create policy "the worker's function remembers what it counted" on app_web.view_batches
  for all to dfworx_definer using (true) with check (true);

revoke insert (organization_id, post_id, views), update (views) on app_web.post_views from dfworx_web;
drop policy "who sees a post adds to its views" on app_web.post_views;
drop policy "who sees a post counts its views up" on app_web.post_views;
alter policy "members read view counts" on app_web.post_views
  -- squawk-ignore renaming-object
  rename to "who sees a post sees how often it was";
alter policy "who sees a post sees how often it was" on app_web.post_views
  using (organization_id = (select app.org_id())
         and exists (select from app_web.posts p
                      where p.organization_id = post_views.organization_id and p.post_id = post_views.post_id));
grant select, insert (organization_id, post_id, views), update (views) on app_web.post_views to dfworx_definer;
create policy "the worker's function counts views" on app_web.post_views
  for all to dfworx_definer using (true) with check (true);

-- One person's look at one post each. Those of its author don't count, nor of anybody in another organization, nor of
-- what isn't published. Gives how many were counted.
create function app_web.add_views(batch uuid, posts uuid[], people uuid[]) returns integer
language plpgsql security definer set search_path = ''
as $$
declare
  counted integer;
begin
  insert into app_web.view_batches (batch_id) values (batch) on conflict do nothing;
  if not found then return 0; end if;
  delete from app_web.view_batches b where b.batch_id in (
    select o.batch_id from app_web.view_batches o where o.applied_at < now() - interval '7 days' limit 100);
  with looks as materialized (
    select p.organization_id, p.post_id, v.user_id
      from unnest(posts, people) as v (post_id, user_id)
      join app_web.posts p on p.post_id = v.post_id and p.user_id <> v.user_id and p.status = 'published'
     where exists (select from public.users u where u.organization_id = p.organization_id and u.user_id = v.user_id)
       for key share of p
  ), added as (
    insert into app_web.post_views as pv (organization_id, post_id, views)
    select l.organization_id, l.post_id, count(*) from looks l group by 1, 2 order by 1, 2
    on conflict (organization_id, post_id) do update set views = pv.views + excluded.views
  )
  select count(*) into counted from looks;
  return counted;
end
$$;

grant create on schema app_web to dfworx_definer;
alter function app_web.settle_revision(uuid) owner to dfworx_definer;
alter function app_web.guard_category() owner to dfworx_definer;
alter function app_web.add_views(uuid, uuid[], uuid[]) owner to dfworx_definer;
revoke create on schema app_web from dfworx_definer;
revoke all on function
  app_web.settle_revision(uuid), app_web.list_revisions(text, uuid, integer, integer), app_web.guard_category(),
  app_web.get_revision(text, uuid, integer), app_web.category_subtree(uuid, text),
  app_web.add_views(uuid, uuid[], uuid[]) from public;
grant execute on function
  app_web.settle_revision(uuid), app_web.list_revisions(text, uuid, integer, integer),
  app_web.get_revision(text, uuid, integer), app_web.category_subtree(uuid, text) to dfworx_web;
grant execute on function app_web.add_views(uuid, uuid[], uuid[]) to dfworx_worker;
