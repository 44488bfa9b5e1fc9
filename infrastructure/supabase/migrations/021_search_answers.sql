-- What a search answers with, made of what the functions of 017 find, and read under the caller's own policies.

-- Where the words are in a long text: enough around the first place to show it. From its beginning when they aren't
-- found as they were typed (accents).
create function app_web.passage(content text, words text) returns json
language plpgsql immutable parallel safe set search_path = ''
as $$
declare
  text_there constant text := lower(left(content, 150000));
  word text;
  place integer := 0;
begin
  foreach word in array array(select w from regexp_split_to_table(lower(words), '\s+') as w
                               where w <> '' order by length(w) desc) loop
    if word ~ '^[[:alnum:]]+$' then
      place := regexp_instr(text_there, '\m' || word);
    end if;
    if place = 0 then
      place := strpos(text_there, word);
    end if;
    exit when place > 0;
  end loop;
  place := greatest(place - 400, 1);
  return json_build_object('text', substr(content, place, 2000), 'begins', place = 1,
                           'ends', length(content) < place + 2000);
end
$$;

-- {counts, items}: of what the caller may read and has all the words, the best first, `page_size` after `skip`. Each
-- kind is looked at up to 1,000 of its newest; beside other things stand the five people whose names fit best.
create function app_web.search_everything(
  ctx text, words text, kinds text[], with_status text, in_category text, by_author uuid,
  since timestamptz, until timestamptz, skip integer, page_size integer)
returns text
language plpgsql security invoker set search_path = '' set plan_cache_mode = force_generic_plan
as $$
declare
  most constant integer := 1000;
  org constant uuid := split_part(ctx, '|', 4)::uuid;
  typed constant tsquery := app.search_query(words, false);
  whole constant tsquery := app.search_query(words, true);
  begins constant timestamptz := coalesce(since, '-infinity');
  ends constant timestamptz := coalesce(until, 'infinity');
  -- None of these says anything about a person.
  narrowed constant boolean := coalesce(with_status, in_category, by_author::text, since::text, until::text) is not null;
  its_categories uuid[];
begin
  perform set_config('dfx.ctx', ctx, true);
  if in_category is not null then
    its_categories := app_web.category_subtree(org, in_category);
  end if;
  if typed is null or in_category is not null and its_categories is null then
    return '{"counts": {"post": 0, "comment": 0, "person": 0}, "items": []}';
  end if;
  return (
    with found as materialized (
      (select 'person' as kind, f.user_id as id, f.tier, f.rank, f.listed_at
         from app_web.find_people(typed, whole, most) as f
        where 'person' = any (kinds) and not narrowed)
      union all
      (select 'post', f.post_id, f.tier, f.rank, f.listed_at
         from app_web.find_posts(typed, whole, with_status, its_categories, by_author, begins, ends, most) as f
        where 'post' = any (kinds))
      union all
      (select 'comment', f.comment_id, f.tier, f.rank, f.listed_at
         from app_web.find_comments(typed, with_status, its_categories, by_author, begins, ends, most) as f
        where 'comment' = any (kinds))
    ), ordered as (
      select f.*, row_number() over (order by f.tier, f.rank desc, f.listed_at desc, f.id) as place
        from (select found.*, row_number() over (partition by found.kind order by found.tier, found.rank desc, found.id)
                from found) as f
       where f.kind <> 'person' or f.row_number <= 5 or kinds = array['person']
    ), page as (
      select * from ordered order by place limit page_size offset skip
    )
    select json_build_object(
      'counts', (select json_build_object('post', count(*) filter (where kind = 'post'),
                                          'comment', count(*) filter (where kind = 'comment'),
                                          'person', count(*) filter (where kind = 'person')) from found),
      'items', coalesce((
        select json_agg(shown.item order by shown.place)
          from (select page.place, case page.kind
                  when 'post' then (
                    select json_build_object('kind', 'post', 'item', p.item, 'passage', app_web.passage(p.content, words))
                      from app_web.post_items p where p.organization_id = org and p.post_id = page.id)
                  when 'comment' then (
                    select json_build_object('kind', 'comment', 'item', c.item, 'passage',
                                             app_web.passage(c.item ->> 'content', words), 'post', (
                             select json_build_object('title', p.title, 'slug', p.slug) from app_web.posts p
                              where p.organization_id = org and p.post_id = c.post_id))
                      from app_web.comment_items c where c.organization_id = org and c.comment_id = page.id)
                  else (
                    select json_build_object('kind', 'person', 'item', json_build_object(
                             'user_id', u.user_id, 'name', u.name, 'avatar_url', u.avatar_url, 'role', u.role))
                      from public.users u where u.organization_id = org and u.user_id = page.id)
                  end as item
                  from page) as shown
         where shown.item is not null), '[]'))::text);
end
$$;

-- As before (006), by the index.
create or replace function app_web.search_posts(
  ctx text, words text, with_status text, in_category text, by_author uuid, skip integer, page_size integer)
returns text
language plpgsql security invoker set search_path = '' set plan_cache_mode = force_generic_plan
as $$
declare
  org constant uuid := split_part(ctx, '|', 4)::uuid;
  typed constant tsquery := app.search_query(words, false);
  its_categories uuid[];
begin
  perform set_config('dfx.ctx', ctx, true);
  if in_category is not null then
    its_categories := app_web.category_subtree(org, in_category);
  end if;
  if typed is null or in_category is not null and its_categories is null then return '[]'; end if;
  return (
    with page as (
      select f.* from app_web.find_posts(typed, app.search_query(words, true), with_status, its_categories, by_author,
                                         '-infinity', 'infinity', 1000) as f
       order by f.tier, f.rank desc, f.listed_at desc, f.post_id desc limit page_size offset skip
    )
    select coalesce(json_agg(shown.item order by shown.tier, shown.rank desc, shown.listed_at desc, shown.post_id desc)
                      filter (where shown.item is not null), '[]')::text
      from (select page.*, (select p.item from app_web.post_items p
                             where p.organization_id = org and p.post_id = page.post_id) as item
              from page) as shown);
end
$$;

revoke all on function app_web.passage, app_web.search_everything from public;
grant execute on function app_web.passage, app_web.search_everything to dfworx_web;
