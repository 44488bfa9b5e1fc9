-- Search over posts, comments and people: identifiers found by their parts, an index that works behind the wall,
-- and the words nearest to a typing mistake.

-- Words ----------------------------------------------------------------------------------------------------
-- As before (006): case, accents and punctuation folded, scripts without spaces a character at a time. New: what
-- punctuation alone tells apart keeps a word of its own (C++, C#). Immutable, since indexes are made with it.

create function app.fold_words(source text) returns text
language plpgsql immutable parallel safe set search_path = ''
as $$
declare
  named text := source;
begin
  if source ~ '[A-Za-z0-9](\+\+|#)' then
    named := regexp_replace(regexp_replace(source, '([A-Za-z0-9]+)\+\+', '\1 \1plusplus ', 'g'),
                            '\m([A-Za-z])#(?![A-Za-z0-9])', '\1 \1sharp ', 'g');
  end if;
  -- What is ASCII only, as most source text is, skips the Unicode steps: they take three times as long.
  if octet_length(named) = length(named) then
    return regexp_replace(lower(named), '[^a-z0-9]+', ' ', 'g');
  end if;
  return regexp_replace(
    regexp_replace(
      lower(normalize(regexp_replace(normalize(named, NFKD), '[\u0300-\u036f]', '', 'g'), NFKC)),
      '[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u2000-\u206f\u20a0-\u20cf\u2190-\u2bff\u3000-\u303f\ufe10-\ufe6f\uff01-\uff0f]+',
      ' ', 'g'),
    '([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\U00020000-\U0003134f])',
    ' \1 ', 'g');
end
$$;

-- `useEffect HTTPServer` as `use Effect HTTP Server`: each different word with humps once, null without any. Longer
-- ones are no names but encoded data.
create function app.camel_parts(source text) returns text
language plpgsql immutable parallel safe set search_path = ''
as $$
begin
  if source !~ '[a-z0-9][A-Z]|[A-Z][A-Z][a-z][a-z]' then return null; end if;
  return (
    select string_agg(regexp_replace(regexp_replace(word, '([a-z0-9])([A-Z])', '\1 \2', 'g'),
                                     '([A-Z])([A-Z][a-z])', '\1 \2', 'g'), ' ')
      from (select distinct matched[1] as word
              from regexp_matches(source, '[A-Za-z0-9]*(?:[a-z0-9][A-Z]|[A-Z][A-Z][a-z][a-z])[A-Za-z0-9]*', 'g') as matched
             where length(matched[1]) <= 60) as words);
end
$$;

-- What is kept: the words, and after them the parts of those with humps.
create or replace function app.search_words(source text) returns text
language plpgsql stable parallel safe set search_path = ''
as $$ begin return app.fold_words(source) || coalesce(' ' || app.fold_words(app.camel_parts(source)), ''); end $$;

-- Every word must match; `whole` is false for a query still being typed, whose last word may be a beginning (one letter
-- would be the beginning of everything). A word with humps matches as it stands, or as its parts.
create or replace function app.search_query(source text, whole boolean) returns tsquery
language sql stable parallel safe set search_path = ''
as $$
  select string_agg(case when parts is null then phrase || ending
                         else '(' || phrase || ending || ' | ' || parts || ending || ')' end, ' & ' order by place)::tsquery
    from (select folded::text as phrase, split::text as parts, place,
                 case when place = max(place) over () and not whole and folded::text !~ '^''[a-z0-9]''$'
                      then ':*' else '' end as ending
            from regexp_split_to_table(source, '\s+') with ordinality as words (word, place),
                 phraseto_tsquery('pg_catalog.simple', app.fold_words(word)) as folded,
                 app.camel_parts(word) as camel,
                 lateral (select case when camel is not null
                                 then phraseto_tsquery('pg_catalog.simple', app.fold_words(camel)) end as split) as parted
           where numnode(folded) > 0) as phrases
$$;

-- The index ------------------------------------------------------------------------------------------------
-- One entry for each word of an organization, so that another one's words, however many, cost nothing and are never
-- looked at: the beginning of its id stands before each word, and once more with a mark before those of slug and title.
-- Its cost tells the planner to look into the index rather than to make it anew for each row.

create function app.search_key(organization_id uuid, words tsvector) returns tsvector
language plpgsql immutable parallel safe cost 10000 set search_path = ''
as $$
declare
  mine constant text := left(organization_id::text, 8);
begin
  return array_to_tsvector(array(
    select mine || left(word, 400) from unnest(tsvector_to_array(words)) as word
     union all
    select mine || '!' || left(word, 400) from unnest(tsvector_to_array(ts_filter(words, '{a,b}'))) as word));
end
$$;

-- The same of a query, as words that must all be there: that they follow each other is asked of the row. A quote in a
-- word is doubled; only a forged query has any.
create function app.search_key_query(organization_id uuid, query tsquery, mark text) returns tsquery
language sql immutable parallel safe set search_path = ''
as $$
  select regexp_replace(regexp_replace(query::text, '<(-|\d+)>', '&', 'g'), '''((?:[^'']|'''')+)''',
                        '''' || left(organization_id::text, 8) || mark || '\1''', 'g')::tsquery
$$;

create function app.person_key(organization_id uuid, name text) returns tsvector
language plpgsql immutable parallel safe cost 10000 set search_path = ''
as $$
begin
  return app.search_key(organization_id, to_tsvector('pg_catalog.simple', app.fold_words(name)));
end
$$;

-- Under the policies this one could not be used at all.
-- squawk-ignore require-concurrent-index-deletion
drop index app_web.posts_search_idx;

alter table app_web.comments add column search tsvector;  -- null once it is removed

create function app_web.index_comment() returns trigger
language plpgsql set search_path = ''
as $$
begin
  new.search := to_tsvector('pg_catalog.simple', app.search_words(new.content));
  return new;
end
$$;
create trigger comments_index before insert or update of content on app_web.comments
  for each row execute function app_web.index_comment();

-- Rows that the new words change, without their triggers: no version, no audit, nothing a reader could have cached.
alter table app_web.comments disable trigger user;
update app_web.comments set search = to_tsvector('pg_catalog.simple', app.search_words(content)) where content is not null;
alter table app_web.comments enable trigger user;
-- To posts only what is new is added: folding all that was ever written anew would take minutes.
create function app.added_words(source text) returns tsvector
language plpgsql immutable set search_path = ''
as $$
begin
  return to_tsvector('pg_catalog.simple', app.fold_words(concat_ws(' ', app.camel_parts(source), (
    select string_agg(distinct named[1], ' ')
      from regexp_matches(source, '([A-Za-z0-9]+\+\+|\m[A-Za-z]#(?![A-Za-z0-9]))', 'g') as named))));
end
$$;
alter table app_web.posts disable trigger user;
update app_web.posts
   set search = search || setweight(app.added_words(title), 'B') || setweight(app.added_words(metadata ->> 'authors'), 'C') ||
                setweight(app.added_words(left(content, 150000)), 'D')
 where concat_ws(' ', title, metadata ->> 'authors', left(content, 150000))
       ~ '[a-z0-9][A-Z]|[A-Z][A-Z][a-z][a-z]|[A-Za-z0-9]\+\+|[A-Za-z]#';
-- squawk-ignore ban-drop-function
drop function app.added_words(text);
alter table app_web.posts enable trigger user;

-- No list of pending entries: each search would read it.
create index posts_search_key_idx on app_web.posts using gin (app.search_key(organization_id, search))
  with (fastupdate = off);
create index comments_search_key_idx on app_web.comments using gin (app.search_key(organization_id, search))
  with (fastupdate = off) where removed_at is null;
create index posts_organization_id_listed_at_idx on app_web.posts (organization_id, listed_at desc, post_id desc);
create index users_person_key_idx on public.users using gin (app.person_key(organization_id, name))
  with (fastupdate = off);

-- Finding --------------------------------------------------------------------------------------------------
-- `@@` isn't leakproof, so under a policy no index answers it. These ask the index as dfworx_definer and give what the
-- caller's own policies would: they take no organization and no person but the seal's. Callers read the rows by those
-- policies again. `offset 0` keeps the other conditions, and so the other indexes, away from that one.

grant select (trashed_from, category_id, listed_at, search) on app_web.posts to dfworx_definer;
grant select (user_id, created_at, search) on app_web.comments to dfworx_definer;

-- The policy "members read their own posts and what is published to them" (012) for one row, and the status that is
-- searched: what is neither archived nor in the trash, when none is given. For the functions below alone.
create function app_web.is_searched(
  org uuid, me uuid, moderates boolean, with_status text,
  its_id uuid, its_author uuid, its_status text, its_visibility text, its_trashed_from text)
returns boolean
language plpgsql stable set search_path = ''
as $$
begin
  if (case when with_status is null then its_status in ('archived', 'trashed') else its_status <> with_status end) then
    return false;
  end if;
  if its_status = 'trashed' and exists (select from app_web.posts p
                                         where p.organization_id = org and p.post_id = its_id and p.deleted_at is not null) then
    return false;
  end if;
  return its_author = me
    or its_visibility = 'organization'
       and (its_status = 'published'
            or (its_status = 'archived' or its_status = 'trashed' and its_trashed_from <> 'draft') and moderates)
    or its_visibility = 'people' and its_status = 'published'
       and exists (select from app_web.post_readers r
                    where r.organization_id = org and r.post_id = its_id and r.user_id = me);
end
$$;

-- `tier` is how well: 1 every word in the slug, 3 there but unfinished, 4 in slug and title, 5 there but unfinished,
-- 7 anywhere. At most `most` of the newest of those in a title, and of all. What every tenth of the newest posts has
-- is found among the newest soon, and would be thousands of rows by the index.
create function app_web.find_posts(
  typed tsquery, whole tsquery, with_status text, in_categories uuid[], by_author uuid,
  since timestamptz, until timestamptz, most integer)
returns table (post_id uuid, tier integer, rank real, listed_at timestamptz)
language plpgsql stable security definer set search_path = '' set plan_cache_mode = force_generic_plan
  set enable_hashjoin = off set enable_mergejoin = off set max_parallel_workers_per_gather = 0 set work_mem = '32MB'
as $$
declare
  org constant uuid := app.org_id();
  me constant uuid := app.user_id();
  moderates constant boolean := coalesce(app.org_role() in ('admin', 'moderator'), false);
  -- Words that need not follow each other are answered by the index alone.
  loose constant boolean := typed::text !~ '<';
  common constant boolean := (
    select count(*) >= 30
      from (select p.search from app_web.posts p
             where p.organization_id = org and p.status = 'published' and p.visibility = 'organization'
             order by p.listed_at desc, p.post_id desc limit 300) as newest
     where newest.search @@ typed);
begin
  return query
    with marks (key) as (
      values (app.search_key_query(org, case when common then whole else typed end, '!')),
             (case when not common then app.search_key_query(org, typed, '') end)
    ), found as materialized (
      select near.post_id
        from marks,
             lateral (
               select p.post_id
                 from (select h.organization_id, h.post_id, h.user_id, h.category_id, h.status, h.trashed_from,
                              h.visibility, h.listed_at, h.search
                         from app_web.posts h
                        where app.search_key(h.organization_id, h.search) @@ marks.key offset 0) as p
                where p.organization_id = org
                  and p.listed_at >= since and p.listed_at < until
                  and (in_categories is null or p.category_id = any (in_categories))
                  and (by_author is null or p.user_id = by_author)
                  and app_web.is_searched(org, me, moderates, with_status, p.post_id, p.user_id, p.status, p.visibility,
                                          p.trashed_from)
                  and (loose or p.search @@ typed)
                order by p.listed_at desc, p.post_id desc limit most) as near
       union
      (select p.post_id
         from app_web.posts p
        where common and p.organization_id = org
          and p.listed_at >= since and p.listed_at < until
          and (in_categories is null or p.category_id = any (in_categories))
          and (by_author is null or p.user_id = by_author)
          and p.search @@ typed
          and app_web.is_searched(org, me, moderates, with_status, p.post_id, p.user_id, p.status, p.visibility,
                                  p.trashed_from)
        order by p.listed_at desc, p.post_id desc limit most)
    )
    select p.post_id,
           case when ts_filter(p.search, '{a}') @@ whole then 1
                when ts_filter(p.search, '{a}') @@ typed then 3
                when ts_filter(p.search, '{a,b}') @@ whole then 4
                when ts_filter(p.search, '{a,b}') @@ typed then 5
                else 7 end,
           ts_rank('{0.05, 0.2, 0.4, 1}', p.search, typed, 1), p.listed_at
      from found
      join app_web.posts p on p.organization_id = org and p.post_id = found.post_id;
end
$$;

create function app_web.find_comments(
  typed tsquery, with_status text, in_categories uuid[], by_author uuid, since timestamptz, until timestamptz, most integer)
returns table (comment_id uuid, tier integer, rank real, listed_at timestamptz)
language plpgsql stable security definer set search_path = '' set plan_cache_mode = force_generic_plan
  set enable_hashjoin = off set enable_mergejoin = off set max_parallel_workers_per_gather = 0 set work_mem = '32MB'
as $$
declare
  org constant uuid := app.org_id();
  me constant uuid := app.user_id();
  moderates constant boolean := coalesce(app.org_role() in ('admin', 'moderator'), false);
  loose constant boolean := typed::text !~ '<';
  key constant tsquery := app.search_key_query(org, typed, '');
begin
  return query
    select c.comment_id, 7, ts_rank('{0.05, 0.2, 0.4, 1}', c.search, typed, 1), c.created_at
      from (select h.organization_id, h.comment_id, h.post_id, h.user_id, h.created_at, h.search
              from app_web.comments h
             where app.search_key(h.organization_id, h.search) @@ key and h.removed_at is null offset 0) as c
     where c.organization_id = org
       and c.created_at >= since and c.created_at < until
       and (by_author is null or c.user_id = by_author)
       and (loose or c.search @@ typed)
       and (select app_web.is_searched(org, me, moderates, with_status, p.post_id, p.user_id, p.status, p.visibility,
                                       p.trashed_from)
                   and (in_categories is null or p.category_id = any (in_categories))
              from app_web.posts p where p.organization_id = org and p.post_id = c.post_id)
     order by c.created_at desc, c.comment_id desc limit most;
end
$$;

-- Active people by their names: 0 when every word is one of the name's, 2 when the last one begins one.
create function app_web.find_people(typed tsquery, whole tsquery, most integer)
returns table (user_id uuid, tier integer, rank real, listed_at timestamptz)
language plpgsql stable security definer set search_path = ''
as $$
declare
  org constant uuid := app.org_id();
  key constant tsquery := app.search_key_query(org, typed, '');
begin
  return query
    select u.user_id, case when named.words @@ whole then 0 else 2 end, (1.0 / length(u.name))::real, u.created_at
      from (select h.organization_id, h.user_id, h.name, h.is_active, h.created_at from public.users h
             where app.person_key(h.organization_id, h.name) @@ key offset 0) as u,
           lateral (select to_tsvector('pg_catalog.simple', app.fold_words(u.name)) as words) as named
     where u.organization_id = org and u.is_active and named.words @@ typed
     order by 2, u.name, u.user_id limit most;
end
$$;

-- Which of these words, folded as they are kept, stand in something that the caller may read, and in how many of at
-- most 200 things. A vocabulary would hold words of hidden posts and would have to be kept right; the index is one, and
-- this asks it for a few hundred words at once. `beginning`: a word that counts as there when another begins with it.
create function app_web.find_words(words text[], beginning text, kinds text[])
returns table (word text, found integer)
language plpgsql stable security definer set search_path = '' set plan_cache_mode = force_generic_plan
  set enable_seqscan = off set max_parallel_workers_per_gather = 0
as $$
declare
  org constant uuid := app.org_id();
  me constant uuid := app.user_id();
  mine constant text := left(org::text, 8);
  -- The work on a query grows with the square of its words.
  chunk constant integer := 40;
  these text[];
  key tsquery;
begin
  for place in 0 .. (cardinality(words) - 1) / chunk loop
    these := words[place * chunk + 1 : (place + 1) * chunk];
    select string_agg(quote_literal(mine || w) || case when w = beginning then ':*' else '' end, ' | ')::tsquery into key
      from unnest(these) as w where w ~ '^[[:alnum:]]{1,200}$';
    continue when key is null;
    return query
      with texts as materialized (
        (select p.search as said
           from (select h.organization_id, h.post_id, h.user_id, h.status, h.trashed_from, h.visibility, h.search
                   from app_web.posts h
                  where app.search_key(h.organization_id, h.search) @@ key offset 0) as p
          where 'post' = any (kinds) and p.organization_id = org
            and app_web.is_searched(org, me, false, null, p.post_id, p.user_id, p.status, p.visibility, p.trashed_from)
          limit 200)
        union all
        (select c.search
           from (select h.organization_id, h.post_id, h.search
                   from app_web.comments h
                  where app.search_key(h.organization_id, h.search) @@ key and h.removed_at is null offset 0) as c
          where 'comment' = any (kinds) and c.organization_id = org
            and (select app_web.is_searched(org, me, false, null, p.post_id, p.user_id, p.status, p.visibility,
                                            p.trashed_from)
                   from app_web.posts p where p.organization_id = org and p.post_id = c.post_id)
          limit 200)
        union all
        (select to_tsvector('pg_catalog.simple', app.fold_words(u.name))
           from (select h.organization_id, h.name, h.is_active from public.users h
                  where app.person_key(h.organization_id, h.name) @@ key offset 0) as u
          where 'person' = any (kinds) and u.organization_id = org and u.is_active
          limit 200)
      )
      select case when said.lexeme in (select unnest(these)) then said.lexeme else beginning end, count(*)::integer
        from texts, lateral unnest(tsvector_to_array(texts.said)) as said (lexeme)
       where said.lexeme in (select unnest(these)) or starts_with(said.lexeme, beginning)
       group by 1;
  end loop;
end
$$;

-- Who owns and who may call --------------------------------------------------------------------------------

grant create on schema app_web to dfworx_definer;
alter function app_web.find_posts owner to dfworx_definer;
alter function app_web.find_comments owner to dfworx_definer;
alter function app_web.find_people owner to dfworx_definer;
alter function app_web.find_words owner to dfworx_definer;
revoke create on schema app_web from dfworx_definer;

revoke all on function app.fold_words, app.camel_parts, app.search_key, app.search_key_query, app.person_key,
                       app_web.index_comment, app_web.is_searched, app_web.find_posts,
                       app_web.find_comments, app_web.find_people, app_web.find_words from public;
grant execute on function app.camel_parts, app_web.find_posts, app_web.find_comments, app_web.find_people,
                          app_web.find_words to dfworx_web;
grant execute on function app.search_key_query, app_web.is_searched to dfworx_definer;
-- Who writes a row writes its index entries.
grant execute on function app.fold_words, app.search_key, app.person_key
  to dfworx_web, dfworx_auth, dfworx_definer;
