-- Posts, deeper: what is shared in lists, the trash, posts that publish themselves, slugs that stay, and pins.

alter table app_web.posts
  add column publish_at timestamptz,
  add column pinned_at timestamptz,
  add column pinned_place integer,
  -- squawk-ignore constraint-missing-not-valid
  add constraint posts_publish_at_check check (publish_at is null or status = 'draft'),
  -- squawk-ignore constraint-missing-not-valid
  add constraint posts_pinned_check
    check ((pinned_at is null) = (pinned_place is null)
           and (pinned_place is null
                or pinned_place between 1 and 10 and status = 'published' and visibility = 'organization'));

-- Every slug that a post has or had: an address that was given to people leads there until the post is deleted.
create table app_web.post_slugs (
  organization_id uuid not null,
  slug            text not null check (length(slug) between 1 and 200),
  post_id         uuid not null,
  created_at      timestamptz not null default now(),
  primary key (organization_id, slug),
  foreign key (organization_id, post_id) references app_web.posts (organization_id, post_id) on delete cascade
);
create index post_slugs_organization_id_post_id_idx on app_web.post_slugs (organization_id, post_id);
alter table app_web.post_slugs enable row level security;
insert into app_web.post_slugs (organization_id, slug, post_id)
  select p.organization_id, p.slug, p.post_id from app_web.posts p;

-- A place for each pin: so many there are, and of two who want the last one the index refuses the second.
create unique index posts_pinned_idx on app_web.posts (organization_id, pinned_place) where pinned_place is not null;
-- What is shared by name, found by key among what is: of the whole organization's posts it is few.
create index posts_shared_idx on app_web.posts (organization_id, post_id) where status = 'published' and visibility = 'people';
create index posts_due_idx on app_web.posts (publish_at, post_id) where publish_at is not null;
create index posts_trashed_idx on app_web.posts (organization_id, trashed_at desc, post_id desc) where status = 'trashed';

-- Who may what ---------------------------------------------------------------------------------------------

grant update (publish_at, pinned_at, pinned_place) on app_web.posts to dfworx_web;
-- A trigger writes when a post went to the trash, and what it was before.
revoke update (trashed_at, trashed_from) on app_web.posts from dfworx_web;

grant select on app_web.post_slugs to dfworx_web;
create policy "who sees a post sees what it was called" on app_web.post_slugs
  for select to dfworx_web
  using (organization_id = (select app.org_id())
         and exists (select from app_web.posts p
                     where p.organization_id = post_slugs.organization_id and p.post_id = post_slugs.post_id));

-- What is archived or in the trash is read and no longer discussed.
alter policy "who sees a post comments in their own name" on app_web.comments
  with check (organization_id = (select app.org_id()) and user_id = (select app.user_id())
              and exists (select from app_web.posts p
                          where p.organization_id = comments.organization_id and p.post_id = comments.post_id
                            and p.status in ('draft', 'published')));

grant select, insert, delete on app_web.post_slugs to dfworx_definer;
grant delete on app_web.post_readers to dfworx_definer;
grant select (publish_at, published_at, trashed_at, version), update (status, publish_at, published_at, version, updated_at)
  on app_web.posts to dfworx_definer;
create policy "the posts' trigger keeps their slugs" on app_web.post_slugs
  for all to dfworx_definer using (true) with check (true);
create policy "the posts' trigger ends the sharing" on app_web.post_readers for delete to dfworx_definer using (true);
alter policy "definer functions note ended sessions and who joined" on shared_services.outbox
  with check (topic in ('sessions.revoked', 'members.joined', 'posts.published'));

-- Policies can't compare a row with what it was. The trash remembers what a post was and gives back nothing else;
-- only drafts wait to be published; pins are moderators', on what everybody reads.
create function app_web.guard_post() returns trigger
language plpgsql set search_path = ''
as $$
begin
  if new.status = 'trashed' and old.status = 'trashed' then
    new.trashed_at := old.trashed_at;
    new.trashed_from := old.trashed_from;
    if current_user = 'dfworx_web'
       and (new.user_id, new.category_id, new.title, new.slug, new.content, new.excerpt, new.visibility, new.metadata,
            new.version, new.created_at, new.published_at, new.archived_at) is distinct from
           (old.user_id, old.category_id, old.title, old.slug, old.content, old.excerpt, old.visibility, old.metadata,
            old.version, old.created_at, old.published_at, old.archived_at) then
      raise exception 'what is in the trash stays as it is' using errcode = 'insufficient_privilege';
    end if;
  elsif new.status = 'trashed' then
    new.trashed_at := now();
    new.trashed_from := old.status;
  else
    if old.status = 'trashed' and new.status <> old.trashed_from then
      raise exception 'a post comes back from the trash as what it was' using errcode = 'insufficient_privilege';
    end if;
    new.trashed_at := null;
    new.trashed_from := null;
  end if;
  new.publish_at := case when new.status = 'draft' then new.publish_at end;
  if current_user = 'dfworx_web' and new.version not in (old.version, old.version + 1) then
    raise exception 'versions count up' using errcode = 'insufficient_privilege';
  end if;
  if new.status <> 'published' or new.visibility <> 'organization' then
    new.pinned_at := null;
    new.pinned_place := null;
  elsif current_user = 'dfworx_web'
        and (new.pinned_at, new.pinned_place) is distinct from (old.pinned_at, old.pinned_place)
        and coalesce(app.org_role() not in ('admin', 'moderator'), true) then
    raise exception 'moderators pin posts' using errcode = 'insufficient_privilege';
  end if;
  return new;
end
$$;
create trigger posts_guard before update on app_web.posts
  for each row when (new.comment_count = old.comment_count) execute function app_web.guard_post();

-- Lists have a place for every post, in years that JSON can say; nobody puts theirs above all that is still to come.
create function app_web.refuse_moment() returns trigger language plpgsql set search_path = ''
as $$ begin raise exception 'a post has no such moment' using errcode = 'check_violation'; end $$;
update app_web.posts p set created_at = least(p.created_at, now()), published_at = least(p.published_at, now())
 where greatest(p.created_at, p.published_at) > now() + interval '1 day';
create trigger posts_moments before insert or update on app_web.posts
  for each row when (
    greatest(new.created_at, new.updated_at, new.published_at, new.archived_at, new.pinned_at,
             new.publish_at - interval '400 days') > now() + interval '1 day'
    or least(new.created_at, new.updated_at, new.published_at, new.archived_at, new.pinned_at, new.publish_at)
       < '0001-01-02Z')
  execute function app_web.refuse_moment();

create function app_web.keep_slug() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  insert into app_web.post_slugs (organization_id, slug, post_id) values (new.organization_id, new.slug, new.post_id)
    on conflict (organization_id, slug) do nothing;
  if not found and not exists (select from app_web.post_slugs s
                                where s.organization_id = new.organization_id and s.slug = new.slug
                                  and s.post_id = new.post_id) then
    raise exception 'another post has or had this slug'
      using errcode = 'unique_violation', constraint = 'post_slugs_pkey';
  end if;
  return null;
end
$$;
create trigger posts_keep_slug after insert on app_web.posts for each row execute function app_web.keep_slug();
create trigger posts_keep_slug_update after update on app_web.posts
  for each row when (new.slug <> old.slug) execute function app_web.keep_slug();

-- Which of some slugs posts of the organization have or had, seen or not: the refusal to take one says as much.
create function app_web.list_taken_slugs(among text[]) returns setof text
language sql stable security definer set search_path = ''
as $$
  select s.slug from app_web.post_slugs s where s.organization_id = app.org_id() and s.slug = any (among)
$$;

-- Who was named is forgotten with the visibility or the author: nothing is shared again by a later change.
create function app_web.end_sharing() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  delete from app_web.post_readers r where r.organization_id = new.organization_id and r.post_id = new.post_id;
  return null;
end
$$;
create trigger posts_end_sharing after update on app_web.posts
  for each row when (old.visibility = 'people' and new.visibility <> 'people' or new.user_id <> old.user_id)
  execute function app_web.end_sharing();

-- With whom a post is shared, for its author and for those who read it with them.
create function app_web.list_post_readers(of_post uuid) returns table (user_id uuid, name text)
language sql stable security definer set search_path = ''
as $$
  select r.user_id, (select u.name from public.users u
                      where u.organization_id = r.organization_id and u.user_id = r.user_id) as name
    from app_web.post_readers r
   where r.organization_id = app.org_id() and r.post_id = of_post
     and exists (select from app_web.posts p
                  where p.organization_id = app.org_id() and p.post_id = of_post
                    and (p.user_id = app.user_id()
                         or p.visibility = 'people' and p.status = 'published'
                            and exists (select from app_web.post_readers mine
                                         where mine.organization_id = app.org_id() and mine.post_id = of_post
                                           and mine.user_id = app.user_id())))
   order by 2, 1
$$;

-- The first free place, also when others pin at this moment; false without one. Policies and guard say who may.
create function app_web.pin_post(of_post uuid) returns boolean
language plpgsql security invoker set search_path = ''
as $$
begin
  for place in 1..10 loop
    begin
      update app_web.posts p set pinned_at = now(), pinned_place = place
       where p.organization_id = app.org_id() and p.post_id = of_post and not exists (
               select from app_web.posts o where o.organization_id = app.org_id() and o.pinned_place = place);
      if found then return true; end if;
    exception when unique_violation then null;
    end;
  end loop;
  return false;
end
$$;

-- For the worker -------------------------------------------------------------------------------------------
-- Publishes drafts whose moment has come, at most n. Of who may no longer write the draft stays one and waits no longer.
-- Several workers pass each other by; a draft that is being saved comes with the next call.
create function app_web.publish_due_posts(n integer)
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
       where p.publish_at <= now()
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

-- Reading --------------------------------------------------------------------------------------------------
create or replace view app_web.post_items with (security_invoker = true) as
  select p.organization_id, p.post_id, p.user_id, p.category_id, p.slug, p.status, p.visibility, p.listed_at,
         p.search, p.content, p.metadata,
         json_build_object(
           'post_id', p.post_id, 'title', p.title, 'slug', p.slug, 'excerpt', p.excerpt, 'status', p.status,
           'visibility', p.visibility,
           'category', (select c.slug from app_web.categories c
                         where c.organization_id = p.organization_id and c.category_id = p.category_id),
           'author', (select json_build_object('user_id', u.user_id, 'name', u.name, 'avatar_url', u.avatar_url)
                        from public.users u
                       where u.organization_id = p.organization_id and u.user_id = p.user_id),
           'comment_count', p.comment_count, 'version', p.version, 'created_at', p.created_at,
           'updated_at', p.updated_at, 'published_at', p.published_at, 'publish_at', p.publish_at,
           'pinned_at', p.pinned_at, 'trashed_at', p.trashed_at) as item,
         p.pinned_at, p.pinned_place, p.trashed_at
    from app_web.posts p;

-- What the caller alone sees in lists: own posts not published to the organization, and what others share with them by
-- name. Which those are is asked first: never an inner join between two tables with policies. Null when there is no such
-- category or author: what anybody may invent isn't worth keeping.
-- squawk-ignore ban-drop-function
drop function app_web.list_own_posts(text, text, text, timestamptz, uuid, integer);
create function app_web.list_own_posts(
  ctx text, with_status text, in_category text, by_author uuid, before_at timestamptz, before_id uuid, page_size integer)
returns text language plpgsql security invoker set search_path = '' set plan_cache_mode = force_generic_plan
as $$
declare
  org constant uuid := split_part(ctx, '|', 4)::uuid;
  me constant uuid := split_part(ctx, '|', 5)::uuid;
  last_at constant timestamptz := coalesce(before_at, 'infinity');
  its_categories uuid[];
  shared uuid[];
begin
  perform set_config('dfx.ctx', ctx, true);
  if in_category is not null then
    its_categories := app_web.category_subtree(org, in_category);
    if its_categories is null then return null; end if;
  end if;
  if by_author is not null and not exists (select from public.users where organization_id = org and user_id = by_author)
  then return null; end if;
  if coalesce(with_status, 'published') = 'published' then
    shared := array(select r.post_id from app_web.post_readers r where r.organization_id = org and r.user_id = me);
  end if;
  return (
    select coalesce(json_agg(page.item), '[]')::text
      from (select mine.item
              from ((select p.item, p.listed_at, p.post_id from app_web.post_items p
                      where p.organization_id = org and p.user_id = me and coalesce(by_author, me) = me
                        and (p.status <> 'published' or p.visibility <> 'organization')
                        and (case when with_status is null then p.status in ('draft', 'published')
                                  else p.status = with_status end)
                        and (p.listed_at, p.post_id) < (last_at, before_id)
                        and (its_categories is null or p.category_id = any (its_categories))
                      order by p.listed_at desc, p.post_id desc limit page_size)
                    union all
                    (select p.item, p.listed_at, p.post_id from app_web.post_items p
                      where p.organization_id = org and p.post_id = any (shared) and p.user_id <> me
                        and p.status = 'published' and p.visibility = 'people'
                        and (by_author is null or p.user_id = by_author)
                        and (p.listed_at, p.post_id) < (last_at, before_id)
                        and (its_categories is null or p.category_id = any (its_categories))
                      order by p.listed_at + interval '0' desc, p.post_id desc  -- no index's order: found by key
                      limit page_size)) as mine
             order by mine.listed_at desc, mine.post_id desc limit page_size) as page);
end
$$;

-- The trash, what went there last first: the caller's own and, for moderators and admins, what the organization read.
create function app_web.list_trashed_posts(
  ctx text, in_category text, by_author uuid, before_at timestamptz, before_id uuid, page_size integer)
returns text language plpgsql security invoker set search_path = '' set plan_cache_mode = force_generic_plan
as $$
declare
  org constant uuid := split_part(ctx, '|', 4)::uuid;
  last_at constant timestamptz := coalesce(before_at, 'infinity');
  its_categories uuid[];
begin
  perform set_config('dfx.ctx', ctx, true);
  its_categories := app_web.category_subtree(org, in_category);
  if in_category is not null and its_categories is null then return '[]'; end if;
  return (
    select coalesce(json_agg(page.item), '[]')::text
      from (select p.item from app_web.post_items p
             where p.organization_id = org and p.status = 'trashed' and (p.trashed_at, p.post_id) < (last_at, before_id)
               and (by_author is null or p.user_id = by_author) and (its_categories is null or p.category_id = any (its_categories))
             order by p.trashed_at desc, p.post_id desc limit page_size) as page);
end
$$;

-- What moderators pinned, the latest first; everybody in the organization reads it.
create function app_web.list_pinned_posts(ctx text) returns text
language plpgsql security invoker set search_path = '' set plan_cache_mode = force_generic_plan
as $$
declare
  org constant uuid := split_part(ctx, '|', 4)::uuid;
begin
  perform set_config('dfx.ctx', ctx, true);
  return (
    select coalesce(json_agg(p.item order by p.pinned_at desc, p.post_id desc), '[]')::text
      from app_web.post_items p
     where p.organization_id = org and p.pinned_place is not null
       and p.status = 'published' and p.visibility = 'organization');
end
$$;

-- As 006, without the trash unless it is asked for.
do $$ begin
  execute replace(pg_get_functiondef('app_web.search_posts(text, text, text, text, uuid, integer, integer)'::regprocedure),
                  'p.status <> ''archived''', 'p.status in (''draft'', ''published'')');
end $$;

-- As 007, also by a slug that the post had before; `readers` is null for what isn't shared by name.
create or replace function app_web.get_post(ctx text, by_id uuid, by_slug text) returns text
language plpgsql security invoker set search_path = '' set plan_cache_mode = force_generic_plan
as $$
declare
  org constant uuid := split_part(ctx, '|', 4)::uuid;
  its_id uuid := by_id;
begin
  perform set_config('dfx.ctx', ctx, true);
  if its_id is null then
    its_id := (select p.post_id from app_web.posts p where p.organization_id = org and p.slug = by_slug);
  end if;
  if its_id is null then
    its_id := (select s.post_id from app_web.post_slugs s where s.organization_id = org and s.slug = by_slug);
  end if;
  return (
    select (p.item::jsonb || jsonb_build_object(
              'content', p.content, 'metadata', p.metadata,
              'view_count', coalesce((select v.views from app_web.post_views v
                                       where v.organization_id = org and v.post_id = its_id), 0),
              'readers', case when p.visibility = 'people'
                         then (select coalesce(jsonb_agg(jsonb_build_object('user_id', r.user_id, 'name', r.name)), '[]')
                                 from app_web.list_post_readers(its_id) r) end))::text
      from app_web.post_items p
     where p.organization_id = org and p.post_id = its_id);
end
$$;

-- Who owns and who may call --------------------------------------------------------------------------------

grant create on schema app_web to dfworx_definer;
alter function app_web.keep_slug() owner to dfworx_definer;
alter function app_web.list_taken_slugs(text[]) owner to dfworx_definer;
alter function app_web.end_sharing() owner to dfworx_definer;
alter function app_web.list_post_readers(uuid) owner to dfworx_definer;
alter function app_web.publish_due_posts(integer) owner to dfworx_definer;
revoke create on schema app_web from dfworx_definer;

revoke all on function
  app_web.guard_post(), app_web.refuse_moment(), app_web.keep_slug(), app_web.list_taken_slugs(text[]), app_web.end_sharing(),
  app_web.list_post_readers(uuid), app_web.pin_post(uuid), app_web.list_pinned_posts(text),
  app_web.publish_due_posts(integer),
  app_web.list_own_posts(text, text, text, uuid, timestamptz, uuid, integer),
  app_web.list_trashed_posts(text, text, uuid, timestamptz, uuid, integer) from public;
grant execute on function
  app_web.list_taken_slugs(text[]), app_web.list_post_readers(uuid), app_web.pin_post(uuid),
  app_web.list_pinned_posts(text), app_web.list_own_posts(text, text, text, uuid, timestamptz, uuid, integer),
  app_web.list_trashed_posts(text, text, uuid, timestamptz, uuid, integer) to dfworx_web;
grant execute on function app_web.publish_due_posts(integer) to dfworx_worker;
