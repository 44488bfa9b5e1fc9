-- The hot path, made cheaper: verifying a seal, and the lists that most people open.

-- The MAC comes before anything is read of the seal: who can make one writes fields as they should be. A pattern with
-- counted repetitions, as 001 had it, costs four times as much as the MAC. One look-up, then plain expressions.
create or replace function app.ctx(field integer) returns text
language plpgsql stable security definer parallel restricted
set search_path = pg_catalog, pg_temp
as $$
declare
  seal constant text := current_setting('dfx.ctx', true);
  inner_pad bytea;
  outer_pad bytea;
  ends_at timestamptz;
begin
  select k.ipad, k.opad, k.not_after into inner_pad, outer_pad, ends_at
    from private.seal_keys k
   where k.login = session_user and k.kid::text = split_part(seal, '|', 2);
  -- The bar before the MAC is compared too: it isn't under the MAC, and would be part of the role.
  if '|' || encode(sha256(outer_pad || sha256(inner_pad || convert_to(left(seal, -65), 'UTF8'))), 'hex') = right(seal, 65)
     and (ends_at is null or ends_at > statement_timestamp()) then
    if split_part(seal, '|', 3)::float8 > date_part('epoch', statement_timestamp()) then
      return split_part(seal, '|', field);
    end if;
  end if;
  return null;
end
$$;

-- Each statement below is planned once a connection (force_generic_plan): planning one costs more than running it.
-- So each way of narrowing that has an index of its own is a statement of its own, and a first page begins after
-- a place that comes before all. The organization of the seal only chooses the index: the policies verify it.

create or replace function app_web.list_published_posts(
  ctx text, in_category text, by_author uuid, before_at timestamptz, before_id uuid, page_size integer)
returns text
language plpgsql security invoker set search_path = '' set plan_cache_mode = force_generic_plan
as $$
declare
  org constant uuid := split_part(ctx, '|', 4)::uuid;
  last_at constant timestamptz := coalesce(before_at, 'infinity');
  its_category uuid;
begin
  perform set_config('dfx.ctx', ctx, true);
  if in_category is not null then
    its_category := (select c.category_id from app_web.categories c where c.organization_id = org and c.slug = in_category);
    if its_category is null then return '[]'; end if;
    return (
      select coalesce(json_agg(page.item), '[]')::text
        from (select p.item from app_web.post_items p
               where p.organization_id = org and p.status = 'published' and p.visibility = 'organization'
                 and p.category_id = its_category and (by_author is null or p.user_id = by_author)
                 and (p.listed_at, p.post_id) < (last_at, before_id)
               order by p.listed_at desc, p.post_id desc limit page_size) as page);
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

create or replace function app_web.list_own_posts(
  ctx text, with_status text, in_category text, before_at timestamptz, before_id uuid, page_size integer)
returns text
language plpgsql security invoker set search_path = '' set plan_cache_mode = force_generic_plan
as $$
declare
  org constant uuid := split_part(ctx, '|', 4)::uuid;
  me constant uuid := split_part(ctx, '|', 5)::uuid;
  last_at constant timestamptz := coalesce(before_at, 'infinity');
  its_category uuid;
begin
  perform set_config('dfx.ctx', ctx, true);
  if in_category is not null then
    its_category := (select c.category_id from app_web.categories c where c.organization_id = org and c.slug = in_category);
    if its_category is null then return '[]'; end if;
  end if;
  return (
    select coalesce(json_agg(page.item), '[]')::text
      from (select p.item from app_web.post_items p
             where p.organization_id = org and p.user_id = me
               and (p.status <> 'published' or p.visibility <> 'organization')
               and (case when with_status is null then p.status <> 'archived' else p.status = with_status end)
               and (p.listed_at, p.post_id) < (last_at, before_id)
               and (its_category is null or p.category_id = its_category)
             order by p.listed_at desc, p.post_id desc limit page_size) as page);
end
$$;

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
  return (
    select (p.item::jsonb || jsonb_build_object('content', p.content, 'metadata', p.metadata))::text
      from app_web.post_items p
     where p.organization_id = org and p.post_id = its_id);
end
$$;
