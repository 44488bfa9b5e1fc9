-- What a Supabase project has on day one and a bare PostgreSQL lacks. The embedded server runs it once as
-- superuser; a plain PostgreSQL behind DATABASE_URL runs it as its owner when the role `authenticated` is
-- missing; a Supabase project never runs it. Safe to run again. Passwords are set by `dfworx db migrate`.

do $$
declare
  am_superuser constant boolean := current_setting('is_superuser') = 'on';
  api_role text;
begin
  foreach api_role in array array['anon', 'authenticated', 'service_role'] loop
    if to_regrole(api_role) is null then
      execute format('create role %I nologin noinherit', api_role);
    end if;
  end loop;
  if am_superuser then
    -- Only a superuser makes BYPASSRLS roles on PostgreSQL 15. None of DFWorX's own roles has it.
    alter role service_role bypassrls;
    if to_regrole('postgres') is null then
      create role postgres login createrole createdb;
    end if;
    grant anon, authenticated, service_role to postgres;
    execute format('alter database %I owner to postgres', current_database());
    alter schema public owner to postgres;
    -- Services have no business in the server's other databases, where TEMP is still everybody's.
    revoke connect on database postgres, template1 from public;
  end if;
end
$$;

grant usage on schema public to anon, authenticated, service_role;

-- Supabase's permissive defaults, kept here so that the migrations are proven to take them back.
do $$
declare
  owner constant name := case when current_setting('is_superuser') = 'on' then 'postgres' else current_user end;
  kind text;
begin
  foreach kind in array array['tables', 'sequences', 'functions'] loop
    execute format('alter default privileges for role %I in schema public grant all on %s to anon, authenticated, service_role', owner, kind);
  end loop;
end
$$;

create schema if not exists auth;
grant usage on schema auth to anon, authenticated, service_role;

create or replace function auth.jwt() returns jsonb
language sql stable as $$
  select coalesce(nullif(current_setting('request.jwt.claim', true), ''),
                  nullif(current_setting('request.jwt.claims', true), ''))::jsonb
$$;

create or replace function auth.uid() returns uuid
language sql stable as $$ select (auth.jwt() ->> 'sub')::uuid $$;

create or replace function auth.role() returns text
language sql stable as $$ select auth.jwt() ->> 'role' $$;

do $$
begin
  if current_setting('is_superuser') = 'on' then
    grant usage on schema auth to postgres with grant option;
    grant execute on function auth.jwt(), auth.uid(), auth.role() to postgres with grant option;
  end if;
end
$$;
