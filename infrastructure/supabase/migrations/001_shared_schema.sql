-- Schemas, roles, the sealed context that every policy asks, and the tables that all apps share.
-- Applied by an owner that is no superuser and has CREATEROLE; runs on PostgreSQL 15 to 18.

-- Roles ------------------------------------------------------------------------------------------

do $$
declare
  wanted record;
begin
  for wanted in
    select * from (values
      ('dfworx_definer', 'nologin noinherit'),  -- owns the seal keys and the definer functions; no BYPASSRLS
      ('dfworx_tenant',  'nologin noinherit'),  -- may read the shared rows of public; inherited by web and admin
      ('dfworx_auth',    'login inherit'),
      ('dfworx_web',     'login inherit'),
      ('dfworx_admin',   'login inherit'),
      ('dfworx_worker',  'login inherit')
    ) as roles (name, attributes)
  loop
    if to_regrole(wanted.name) is null then
      execute format('create role %I %s', wanted.name, wanted.attributes);
    end if;
  end loop;
  -- ALTER ... OWNER TO needs the SET option on PostgreSQL 16 and later; creating a role gives only ADMIN.
  execute format('grant dfworx_definer to %I', current_user);
end
$$;

grant dfworx_tenant to dfworx_web, dfworx_admin;

do $$
declare
  service text;
begin
  foreach service in array array['dfworx_auth', 'dfworx_web', 'dfworx_admin', 'dfworx_worker'] loop
    execute format('alter role %I connection limit 40', service);
    execute format('grant connect on database %I to %I', current_database(), service);
  end loop;
  -- Their time-outs and search path are set at every `dfworx db migrate`: a login may change its own settings.
  -- TEMP lets one pooled user leave a table for the next; CREATE lets a service shadow operators.
  execute format('revoke temporary, create on database %I from public', current_database());
end
$$;

-- Schemas and what is taken back from Supabase's defaults ------------------------------------------

revoke create on schema public from public;
alter default privileges revoke execute on functions from public;
alter default privileges in schema public revoke all on tables from anon, authenticated;
alter default privileges in schema public revoke all on sequences from anon, authenticated;
alter default privileges in schema public revoke all on functions from anon, authenticated;

create schema private;          -- seal keys; no service has USAGE
create schema app;              -- functions that policies and triggers call
create schema app_auth;         -- identities; reached through definer functions only
create schema app_web;
create schema app_admin;
create schema shared_services;

grant usage, create on schema private, app, app_auth to dfworx_definer;
grant usage on schema public, shared_services to dfworx_definer;
grant usage on schema app to dfworx_tenant, dfworx_auth, dfworx_worker;
grant usage on schema public to dfworx_tenant, dfworx_auth, dfworx_worker;
grant usage on schema shared_services to dfworx_tenant, dfworx_auth, dfworx_worker;
grant usage on schema app_auth to dfworx_auth;
grant usage on schema app_web to dfworx_web, dfworx_admin;
grant usage on schema app_admin to dfworx_admin, dfworx_worker;

-- The sealed context -------------------------------------------------------------------------------
-- Token: dfx1|kid|exp|org|uid|role|mac with mac = HMAC-SHA256 in hex of everything before the last bar.
-- A service may only present seals made with its own key (login = session_user).

create table private.seal_keys (
  login     name not null,
  kid       integer not null check (kid between 1 and 999999),
  ipad      bytea not null check (length(ipad) = 64),  -- key xor 0x36, precomputed
  opad      bytea not null check (length(opad) = 64),  -- key xor 0x5c
  not_after timestamptz,
  primary key (login, kid)
);
alter table private.seal_keys enable row level security;
alter table private.seal_keys owner to dfworx_definer;

create function app.ctx(field integer) returns text
language plpgsql stable security definer parallel restricted
set search_path = pg_catalog, pg_temp
as $$
declare
  seal text := current_setting('dfx.ctx', true);
begin
  if seal is null or seal !~ '^dfx1\|[0-9]{1,6}\|[0-9]{1,12}\|[0-9a-f-]{36}\|[0-9a-f-]{36}\|[a-z_]{1,20}\|[0-9a-f]{64}$' then
    return null;
  end if;
  return (
    select split_part(seal, '|', field)
    from private.seal_keys k
    where k.kid = split_part(seal, '|', 2)::integer
      and k.login = session_user
      and (k.not_after is null or k.not_after > statement_timestamp())
      and encode(sha256(k.opad || sha256(k.ipad || convert_to(left(seal, -65), 'UTF8'))), 'hex') = right(seal, 64)
      and split_part(seal, '|', 3)::bigint > extract(epoch from statement_timestamp())
  );
end
$$;

create function app.org_id() returns uuid
language plpgsql stable parallel restricted set search_path = ''
as $$ begin return app.ctx(4)::uuid; end $$;

create function app.user_id() returns uuid
language plpgsql stable parallel restricted set search_path = ''
as $$ begin return app.ctx(5)::uuid; end $$;

create function app.org_role() returns text
language plpgsql stable parallel restricted set search_path = ''
as $$ begin return app.ctx(6); end $$;

revoke all on function app.ctx(integer), app.org_id(), app.user_id(), app.org_role() from public;
grant execute on function app.ctx(integer), app.org_id(), app.user_id(), app.org_role()
  to dfworx_tenant, dfworx_auth, dfworx_worker, dfworx_definer;
alter function app.ctx(integer) owner to dfworx_definer;

-- Shared tables ------------------------------------------------------------------------------------

create table public.organizations (
  organization_id uuid primary key default gen_random_uuid(),
  name            text not null check (length(name) between 1 and 100),
  slug            text not null unique check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) between 2 and 50),
  created_at      timestamptz not null default now(),
  updated_at      timestamptz not null default now()
);

create table app_auth.identities (
  identity_id         uuid primary key default gen_random_uuid(),
  email               text not null unique check (email = lower(email) and length(email) between 3 and 320),
  password_hash       text not null,
  password_changed_at timestamptz not null default now(),
  created_at          timestamptz not null default now()
);

create table public.users (
  user_id              uuid primary key default gen_random_uuid(),
  organization_id      uuid not null references public.organizations on delete cascade,
  identity_id          uuid references app_auth.identities on delete set null,
  name                 text not null check (length(name) between 1 and 100),
  email                text check (email = lower(email) and length(email) between 3 and 320),
  avatar_url           text check (length(avatar_url) <= 2000),
  role                 text not null default 'member' check (role in ('admin', 'moderator', 'member', 'guest')),
  origin               text not null check (origin in ('registered', 'invited', 'imported')),
  is_active            boolean not null default true,
  sessions_valid_after timestamptz not null default '-infinity',  -- sessions begun before it are refused
  created_at           timestamptz not null default now(),
  updated_at           timestamptz not null default now(),
  unique (organization_id, user_id),
  unique (organization_id, email),
  unique (organization_id, identity_id)
);

create table app_auth.invitations (
  invitation_id   uuid primary key default gen_random_uuid(),
  organization_id uuid not null references public.organizations on delete cascade,
  email           text not null check (email = lower(email) and length(email) between 3 and 320),
  role            text not null check (role in ('admin', 'moderator', 'member', 'guest')),
  token_hash      bytea not null unique check (length(token_hash) = 32),
  invited_by      uuid not null,
  expires_at      timestamptz not null,
  accepted_at     timestamptz,
  created_at      timestamptz not null default now(),
  unique (organization_id, invitation_id),
  foreign key (organization_id, invited_by) references public.users (organization_id, user_id) on delete cascade
);

create table app_auth.api_tokens (
  api_token_id    uuid primary key default gen_random_uuid(),
  organization_id uuid not null references public.organizations on delete cascade,
  user_id         uuid not null,
  name            text not null check (length(name) between 1 and 100),
  token_hash      bytea not null unique check (length(token_hash) = 32),
  scopes          text[] not null default '{}',
  expires_at      timestamptz,
  last_used_at    timestamptz,
  revoked_at      timestamptz,
  created_at      timestamptz not null default now(),
  unique (organization_id, api_token_id),
  foreign key (organization_id, user_id) references public.users (organization_id, user_id) on delete cascade
);

create table public.notifications (
  notification_id uuid primary key default gen_random_uuid(),
  organization_id uuid not null references public.organizations on delete cascade,
  user_id         uuid not null,                      -- who is told
  actor_id        uuid,                               -- who did it
  kind            text not null check (kind ~ '^[a-z_]{1,50}$'),
  entity          text not null check (length(entity) <= 100),  -- dataset of the thing, such as app_web.posts
  entity_id       uuid not null,
  data            jsonb not null default '{}',
  read_at         timestamptz,
  created_at      timestamptz not null default now(),
  unique (organization_id, notification_id),
  foreign key (organization_id, user_id) references public.users (organization_id, user_id) on delete cascade,
  foreign key (organization_id, actor_id) references public.users (organization_id, user_id) on delete cascade
);

-- Written by the triggers of 006. No foreign key to people: a log outlives them.
create table public.audit_logs (
  audit_log_id    bigint generated always as identity primary key,
  organization_id uuid not null,
  actor_id        uuid,               -- from the seal; null when the system acted
  service         name not null,      -- the database login that wrote
  action          text not null check (action in ('insert', 'update', 'delete')),
  entity          text not null,
  entity_id       uuid,
  changes         jsonb not null,     -- {column: [before, after]}; long text and secrets by name only
  created_at      timestamptz not null default now()
);

create function app.refuse_change() returns trigger
language plpgsql set search_path = ''
as $$
begin
  raise exception 'the audit log is append only' using errcode = 'insufficient_privilege';
end
$$;

revoke all on function app.refuse_change() from public;

create trigger audit_logs_append_only before update or delete on public.audit_logs
  for each row execute function app.refuse_change();
create trigger audit_logs_no_truncate before truncate on public.audit_logs
  for each statement execute function app.refuse_change();

-- Services across apps -----------------------------------------------------------------------------

create table shared_services.outbox (
  outbox_id       bigint generated always as identity primary key,
  organization_id uuid not null references public.organizations on delete cascade,
  topic           text not null check (topic ~ '^[a-z_]+\.[a-z_]+$'),
  entity_id       uuid not null,      -- order is kept per entity
  payload         jsonb not null default '{}',
  created_at      timestamptz not null default now(),
  delivered_at    timestamptz
);

create table shared_services.files (
  file_id         uuid primary key default gen_random_uuid(),
  organization_id uuid not null references public.organizations on delete cascade,
  user_id         uuid not null,
  name            text not null check (length(name) between 1 and 255),
  media_type      text not null check (length(media_type) <= 255),
  size_bytes      bigint not null check (size_bytes >= 0),
  sha256          bytea not null check (length(sha256) = 32),
  storage_key     text not null check (starts_with(storage_key, organization_id::text || '/')
                                       and substr(storage_key, 38) ~ '^[A-Za-z0-9_-][A-Za-z0-9._-]*$'),
  created_at      timestamptz not null default now(),
  unique (organization_id, file_id),
  unique (organization_id, storage_key),
  foreign key (organization_id, user_id) references public.users (organization_id, user_id) on delete cascade
);

create view shared_services.notifications with (security_invoker = true) as
  select * from public.notifications;

-- The Data API roles keep nothing on what was just made; 003 gives `authenticated` what a member may read.
revoke all on all tables in schema public from anon, authenticated;
revoke all on all sequences in schema public from anon, authenticated;
