-- Triggers and callable functions. Definer functions belong to dfworx_definer, which has no BYPASSRLS and only
-- the grants of 003; each takes one email, token hash or row and has a fixed search path.

-- Audit log ------------------------------------------------------------------------------------------
-- Arguments: the id column; columns whose values are too long to keep; columns to keep in any case, where the
-- key is no id. Lists are separated by commas.

create function app.audit() returns trigger
language plpgsql security definer set search_path = ''
as $$
declare
  before     constant jsonb := case when tg_op = 'INSERT' then '{}' else to_jsonb(old) end;
  after      constant jsonb := case when tg_op = 'DELETE' then '{}' else to_jsonb(new) end;
  one        constant jsonb := before || after;
  too_long   constant text[] := string_to_array(coalesce(tg_argv[1], ''), ',');
  kept       constant text[] := string_to_array(coalesce(tg_argv[2], ''), ',');
  derived    constant text[] := array['search', 'listed_at', 'updated_at', 'comment_count', 'identity_id'];
  changes    jsonb;
begin
  select jsonb_object_agg(key, case when key = any (too_long) then '["...", "..."]'::jsonb
                                    else jsonb_build_array(before -> key, after -> key) end)
    into changes
    from jsonb_object_keys(one) as key
   where key <> all (derived) and (before -> key is distinct from after -> key or key = any (kept));
  if changes is not null then
    insert into public.audit_logs (organization_id, actor_id, service, action, entity, entity_id, changes)
    values ((one ->> 'organization_id')::uuid,
            case when app.org_id() = (one ->> 'organization_id')::uuid then app.user_id() end, session_user, lower(tg_op),
            tg_table_schema || '.' || tg_table_name, (one ->> tg_argv[0])::uuid, changes);
  end if;
  return null;
end
$$;

create trigger organizations_audit after insert or update or delete on public.organizations
  for each row execute function app.audit('organization_id');
create trigger users_audit after insert or update or delete on public.users
  for each row execute function app.audit('user_id');
create trigger profiles_audit after update or delete on app_web.profiles
  for each row execute function app.audit('user_id', 'bio');
create trigger categories_audit after insert or update or delete on app_web.categories
  for each row execute function app.audit('category_id');
create trigger posts_audit after insert or update or delete on app_web.posts
  for each row execute function app.audit('post_id', 'title,slug,content,excerpt,metadata');
create trigger comments_audit after insert or update or delete on app_web.comments
  for each row execute function app.audit('comment_id', 'content');
create trigger files_audit after insert or delete on shared_services.files
  for each row execute function app.audit('file_id', 'sha256');
create trigger admin_settings_audit after insert or update or delete on app_admin.admin_settings
  for each row execute function app.audit('', '', 'key');

-- People: a member may change their own row (003), but not their role, activity or address, and nobody may
-- bring ended sessions back -----------------------------------------------------------------------------

create function app.guard_user() returns trigger
language plpgsql set search_path = ''
as $$
begin
  if current_user = 'dfworx_auth' and app.org_role() is distinct from 'admin'
     and (new.role, new.is_active, new.email) is distinct from (old.role, old.is_active, old.email) then
    raise exception 'only admins change roles and deactivate people' using errcode = 'insufficient_privilege';
  end if;
  new.sessions_valid_after := greatest(new.sessions_valid_after, old.sessions_valid_after);
  return new;
end
$$;
create trigger users_guard before update on public.users for each row execute function app.guard_user();

-- Identities, for the auth service ----------------------------------------------------------------------

create function app_auth.find_identity(for_email text)
returns table (identity_id uuid, password_hash text)
language sql stable security definer set search_path = ''
as $$ select i.identity_id, i.password_hash from app_auth.identities i where i.email = lower(for_email) $$;

create function app_auth.list_memberships(for_email text)
returns table (user_id uuid, organization_id uuid, organization_name text, organization_slug text,
               role text, is_active boolean)
language sql stable security definer set search_path = ''
as $$
  select u.user_id, u.organization_id, o.name, o.slug, u.role, u.is_active
    from app_auth.identities i
    join public.users u on u.identity_id = i.identity_id
    join public.organizations o on o.organization_id = u.organization_id
   where i.email = lower(for_email)
   order by o.name, o.slug
$$;

-- A new identity when known_identity is null (a taken email raises unique_violation: an existing identity is
-- never touched), else one more organization for the identity whose password the service has just verified.
create function app_auth.register_organization(
  organization_name text, organization_slug text, person_name text, person_email text,
  new_password_hash text, known_identity uuid)
returns table (organization_id uuid, user_id uuid)
language plpgsql security definer set search_path = ''
as $$
declare
  its_identity uuid;
  its_organization uuid;
begin
  if known_identity is null then
    insert into app_auth.identities (email, password_hash) values (lower(person_email), new_password_hash)
      returning identity_id into its_identity;
  else
    select i.identity_id into strict its_identity from app_auth.identities i
     where i.identity_id = known_identity and i.email = lower(person_email);
  end if;
  insert into public.organizations (name, slug) values (organization_name, organization_slug)
    returning organizations.organization_id into its_organization;
  return query
    insert into public.users (organization_id, identity_id, name, email, role, origin)
    values (its_organization, its_identity, person_name, lower(person_email), 'admin', 'registered')
    returning users.organization_id, users.user_id;
end
$$;

-- Replaces the caller's own hash by a stronger one of the same password, if it is still the one verified.
create function app_auth.rehash_password(for_email text, verified_hash text, stronger_hash text) returns void
language sql security definer set search_path = ''
as $$
  update app_auth.identities i set password_hash = stronger_hash
   where i.email = lower(for_email) and i.password_hash = verified_hash
     and exists (select from public.users u
                  where u.identity_id = i.identity_id and u.organization_id = app.org_id() and u.user_id = app.user_id())
$$;

-- Search in any language ----------------------------------------------------------------------------------
-- Words: case and accents folded, punctuation a space (so `eip-1559` is found by `1559`), and each character of
-- scripts written without spaces a word of its own, matched as a phrase. No dictionary, so no language is first.

-- What is ASCII only, as most source text is, skips the Unicode steps: they take three times as long.
create function app.search_words(source text) returns text
language sql stable parallel safe set search_path = ''
as $$
  select case when octet_length(source) = length(source)
         then regexp_replace(lower(source), '[^a-z0-9]+', ' ', 'g')
         else regexp_replace(
           regexp_replace(
             lower(normalize(regexp_replace(normalize(source, NFKD), '[\u0300-\u036f]', '', 'g'), NFKC)),
             '[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u2000-\u206f\u20a0-\u20cf\u2190-\u2bff\u3000-\u303f\ufe10-\ufe6f\uff01-\uff0f]+',
             ' ', 'g'),
           '([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\U00020000-\U0003134f])',
           ' \1 ', 'g')
         end
$$;

-- Every word must match; `whole` is false for a query still being typed, whose last word may be a beginning.
create function app.search_query(source text, whole boolean) returns tsquery
language sql stable parallel safe set search_path = ''
as $$
  select case when count(*) = 0 then null
              else (string_agg(case when place = last_place and not whole then phrase || ':*' else phrase end, ' & ' order by place))::tsquery
         end
    from (select q::text as phrase, place, max(place) over () as last_place
            from regexp_split_to_table(source, '\s+') with ordinality as words (word, place),
                 phraseto_tsquery('pg_catalog.simple', app.search_words(word)) as q
           where numnode(q) > 0) as phrases
$$;

-- The first 150,000 characters of a post are searched: a tsvector holds at most 1 MB.
create function app_web.prepare_post() returns trigger
language plpgsql set search_path = ''
as $$
begin
  if tg_op = 'INSERT' or (new.title, new.slug, new.content, new.metadata) is distinct from
                         (old.title, old.slug, old.content, old.metadata) then
    new.search :=
      setweight(to_tsvector('pg_catalog.simple', app.search_words(new.slug)), 'A') ||
      setweight(to_tsvector('pg_catalog.simple', app.search_words(new.title)), 'B') ||
      setweight(to_tsvector('pg_catalog.simple', app.search_words(coalesce(new.metadata ->> 'authors', ''))), 'C') ||
      setweight(to_tsvector('pg_catalog.simple', app.search_words(left(new.content, 150000))), 'D');
  end if;
  if tg_op = 'INSERT' or new.user_id <> old.user_id then
    insert into app_web.profiles (organization_id, user_id) values (new.organization_id, new.user_id)
      on conflict do nothing;
  end if;
  return new;
end
$$;
create trigger posts_prepare before insert or update on app_web.posts
  for each row execute function app_web.prepare_post();

-- One revision a version whose words changed; nobody else can write one. Nobody acting (the seed): the author.
create function app_web.keep_revision() returns trigger
language plpgsql security definer set search_path = ''
as $$
declare
  editor constant uuid := coalesce(app.user_id(), new.user_id);
begin
  if tg_op = 'INSERT' or (new.title, new.content) is distinct from (old.title, old.content) then
    insert into app_web.profiles (organization_id, user_id) values (new.organization_id, editor) on conflict do nothing;
    insert into app_web.revisions (organization_id, post_id, version, user_id, title, content)
      values (new.organization_id, new.post_id, new.version, editor, new.title, new.content);
  end if;
  return null;
end
$$;
create trigger posts_keep_revision after insert or update on app_web.posts
  for each row execute function app_web.keep_revision();

-- Reading posts ---------------------------------------------------------------------------------------------
-- Author and category come by sub-selects, for the rows that a LIMIT left over: an inner join between two tables
-- with policies is 25 times slower, and a LEFT JOIN becomes one or hashes the whole organization (docs/decisions).

create view app_web.post_items with (security_invoker = true) as
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
           'updated_at', p.updated_at, 'published_at', p.published_at) as item
    from app_web.posts p;
revoke all on app_web.post_items from public;
grant select on app_web.post_items to dfworx_web;

-- Each list is one round trip: it sets the sealed context, then selects under the caller's own policies.
-- All give a JSON array of at most page_size items, newest first, after (before_at, before_id) when given.

create function app_web.list_published_posts(
  ctx text, in_category text, by_author uuid, before_at timestamptz, before_id uuid, page_size integer)
returns text
language plpgsql security invoker set search_path = ''
as $$
declare
  org uuid;
  its_category uuid;
begin
  perform set_config('dfx.ctx', ctx, true);
  org := app.org_id();
  if in_category is not null then
    its_category := (select c.category_id from app_web.categories c where c.organization_id = org and c.slug = in_category);
    if its_category is null then return '[]'; end if;
  elsif by_author is null and before_at is null then
    -- What most people open. Without optional conditions it is planned once, not at every call.
    return (
      select coalesce(json_agg(page.item), '[]')::text
        from (select p.item from app_web.post_items p
               where p.organization_id = org and p.status = 'published' and p.visibility = 'organization'
               order by p.listed_at desc, p.post_id desc limit page_size) as page);
  end if;
  return (
    select coalesce(json_agg(page.item), '[]')::text
      from (select p.item from app_web.post_items p
             where p.organization_id = org and p.status = 'published' and p.visibility = 'organization'
               and (before_at is null or (p.listed_at, p.post_id) < (before_at, before_id))
               and (its_category is null or p.category_id = its_category)
               and (by_author is null or p.user_id = by_author)
             order by p.listed_at desc, p.post_id desc limit page_size) as page);
end
$$;

-- What the caller alone sees in lists: own posts not published to the organization; archived ones when asked for.
create function app_web.list_own_posts(
  ctx text, with_status text, in_category text, before_at timestamptz, before_id uuid, page_size integer)
returns text
language plpgsql security invoker set search_path = ''
as $$
declare
  org uuid;
  me uuid;
  its_category uuid;
begin
  perform set_config('dfx.ctx', ctx, true);
  org := app.org_id();
  me := app.user_id();
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
               and (before_at is null or (p.listed_at, p.post_id) < (before_at, before_id))
               and (its_category is null or p.category_id = its_category)
             order by p.listed_at desc, p.post_id desc limit page_size) as page);
end
$$;

-- Archived posts: the caller's own and, for moderators and admins, the organization's. The policy says so.
create function app_web.list_archived_posts(
  ctx text, in_category text, by_author uuid, before_at timestamptz, before_id uuid, page_size integer)
returns text
language plpgsql security invoker set search_path = ''
as $$
declare
  org uuid;
  its_category uuid;
begin
  perform set_config('dfx.ctx', ctx, true);
  org := app.org_id();
  if in_category is not null then
    its_category := (select c.category_id from app_web.categories c where c.organization_id = org and c.slug = in_category);
    if its_category is null then return '[]'; end if;
  end if;
  return (
    select coalesce(json_agg(page.item), '[]')::text
      from (select p.item from app_web.post_items p
             where p.organization_id = org and p.status = 'archived'
               and (before_at is null or (p.listed_at, p.post_id) < (before_at, before_id))
               and (its_category is null or p.category_id = its_category)
               and (by_author is null or p.user_id = by_author)
             order by p.listed_at desc, p.post_id desc limit page_size) as page);
end
$$;

-- Best first: every word in the slug, then in slug and title, then anywhere; whole words before beginnings.
-- with_status narrows further; null means published and own.
create function app_web.search_posts(
  ctx text, words text, with_status text, in_category text, by_author uuid, skip integer, page_size integer)
returns text
language plpgsql security invoker set search_path = ''
as $$
declare
  org uuid;
  its_category uuid;
  typed constant tsquery := app.search_query(words, false);
  whole constant tsquery := app.search_query(words, true);
begin
  perform set_config('dfx.ctx', ctx, true);
  org := app.org_id();
  if typed is null then return '[]'; end if;
  if in_category is not null then
    its_category := (select c.category_id from app_web.categories c where c.organization_id = org and c.slug = in_category);
    if its_category is null then return '[]'; end if;
  end if;
  return (
    select coalesce(json_agg(page.item), '[]')::text
      from (select p.item from app_web.post_items p
             where p.organization_id = org and p.search @@ typed
               and (case when with_status is null then p.status <> 'archived' else p.status = with_status end)
               and (its_category is null or p.category_id = its_category)
               and (by_author is null or p.user_id = by_author)
             order by case when ts_filter(p.search, '{a}') @@ whole then 0
                           when ts_filter(p.search, '{a}') @@ typed then 1
                           when ts_filter(p.search, '{a,b}') @@ whole then 2
                           when ts_filter(p.search, '{a,b}') @@ typed then 3
                           else 4 end,
                      ts_rank('{0.05, 0.2, 0.4, 1}', p.search, typed, 1) desc, p.listed_at desc, p.post_id desc
             limit page_size offset skip) as page);
end
$$;

-- One post whole, by id or by slug; null when the caller may not see it or it isn't there.
create function app_web.get_post(ctx text, by_id uuid, by_slug text) returns text
language plpgsql security invoker set search_path = ''
as $$
declare
  org uuid;
  its_id uuid := by_id;
begin
  perform set_config('dfx.ctx', ctx, true);
  org := app.org_id();
  if its_id is null then
    its_id := (select p.post_id from app_web.posts p where p.organization_id = org and p.slug = by_slug);
  end if;
  return (
    select (p.item::jsonb || jsonb_build_object('content', p.content, 'metadata', p.metadata))::text
      from app_web.post_items p
     where p.organization_id = org and p.post_id = its_id);
end
$$;

-- Who owns and who may call --------------------------------------------------------------------------------

grant create on schema app_web to dfworx_definer;
alter function app.audit() owner to dfworx_definer;
alter function app_web.keep_revision() owner to dfworx_definer;
alter function app_auth.find_identity(text) owner to dfworx_definer;
alter function app_auth.list_memberships(text) owner to dfworx_definer;
alter function app_auth.register_organization(text, text, text, text, text, uuid) owner to dfworx_definer;
alter function app_auth.rehash_password(text, text, text) owner to dfworx_definer;

revoke all on all functions in schema app_auth, app_web from public;
revoke all on function app.audit(), app.guard_user(), app.search_words(text),
                       app.search_query(text, boolean) from public;
grant execute on all functions in schema app_auth to dfworx_auth;
grant execute on function
  app_web.list_published_posts(text, text, uuid, timestamptz, uuid, integer),
  app_web.list_own_posts(text, text, text, timestamptz, uuid, integer),
  app_web.list_archived_posts(text, text, uuid, timestamptz, uuid, integer),
  app_web.search_posts(text, text, text, text, uuid, integer, integer),
  app_web.get_post(text, uuid, text),
  app.search_words(text), app.search_query(text, boolean) to dfworx_web;

-- The definer role creates nothing more.
revoke create on schema private, app, app_auth, app_web from dfworx_definer;
