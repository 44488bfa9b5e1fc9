-- Identities answer only for themselves. Injected SQL in the auth service could ask definer functions for anybody's
-- organizations and register in anybody's name. Now the service seals the identity whose password it has verified
-- (nil organization, role `identity`), and functions take who is asking from that seal, or from the seal of a person
-- who is signed in; only find_identity, with which every login begins, still takes an email, and what it gives is a
-- hash sealed with a key that the database doesn't know. docs/decisions/passwords-and-tokens.md

-- The nil organization is that of nobody: a seal that names it must never meet a row.
alter table public.organizations add constraint organizations_organization_id_not_nil
  check (organization_id <> '00000000-0000-0000-0000-000000000000') not valid;
alter table public.organizations validate constraint organizations_organization_id_not_nil;

-- Their callers are of this version: no service runs while a migration does.
-- squawk-ignore-file ban-drop-function
drop function app_auth.find_identity(text);
drop function app_auth.list_memberships(text);
drop function app_auth.register_organization(text, text, text, text, text, uuid);
drop function app_auth.rehash_password(text, text, text);

-- The one look-up before anything is proven. The hash is sealed by the service; when the password was set tells one
-- password from the next, which the hash doesn't: the same password may be hashed anew.
create function app_auth.find_identity(for_email text)
returns table (identity_id uuid, email text, password_hash text, password_set_at timestamptz)
language sql stable security definer set search_path = ''
as $$
  select i.identity_id, i.email, i.password_hash, i.password_changed_at
    from app_auth.identities i where i.email = lower(for_email)
$$;

-- Who is proven ---------------------------------------------------------------------------------------------

-- The identity whose password the service has just verified; null when a person acts, or nobody.
create function app_auth.proven_identity() returns uuid
language sql stable set search_path = ''
as $$
  select app.user_id()
   where app.org_role() = 'identity' and app.org_id() = '00000000-0000-0000-0000-000000000000'
$$;

-- The same, while its password is still the one that was verified, which stays so until the transaction ends. Whoever
-- begins a session by a password takes its id under this lock: a change of the password then comes wholly before, and
-- the old one is refused here, or wholly after, and ends the session.
create function app_auth.hold_identity(password_set_at timestamptz) returns uuid
language sql security definer set search_path = ''
as $$
  select i.identity_id from app_auth.identities i
   where i.identity_id = (select app_auth.proven_identity()) and i.password_changed_at = password_set_at
     for share
$$;

-- The identity of the person who is signed in; null for one who was deactivated.
create function app_auth.own_identity() returns uuid
language sql stable security definer set search_path = ''
as $$
  select u.identity_id from public.users u
   where u.organization_id = app.org_id() and u.user_id = app.user_id() and u.is_active
$$;

-- With a verified password ----------------------------------------------------------------------------------

-- All organizations of the proven identity, deactivated memberships included.
create function app_auth.list_memberships(password_set_at timestamptz)
returns table (user_id uuid, organization_id uuid, organization_name text, organization_slug text,
               role text, is_active boolean)
language sql security definer set search_path = ''
as $$
  with held as materialized (select app_auth.hold_identity(password_set_at) as identity_id)
  select u.user_id, u.organization_id, o.name, o.slug, u.role, u.is_active
    from held
    join public.users u on u.identity_id = held.identity_id
    join public.organizations o on o.organization_id = u.organization_id
   order by o.name, o.slug
$$;

-- With a proven identity, whose email it must be, one more organization for it, or no row when the password that was
-- verified is no longer its own. Else a new identity with this hash: a taken email raises unique_violation, an
-- existing identity is never touched.
create function app_auth.register_organization(
  organization_name text, organization_slug text, person_name text, person_email text,
  new_hash text, password_set_at timestamptz)
returns table (organization_id uuid, user_id uuid)
language plpgsql security definer set search_path = ''
as $$
declare
  its_identity uuid;
  its_organization uuid;
begin
  if app_auth.proven_identity() is null then
    insert into app_auth.identities (email, password_hash) values (lower(person_email), new_hash)
      returning identity_id into its_identity;
  else
    its_identity := (select i.identity_id from app_auth.identities i
                      where i.identity_id = (select app_auth.hold_identity(password_set_at))
                        and i.email = lower(person_email));
    if its_identity is null then return; end if;
  end if;
  insert into public.organizations (name, slug) values (organization_name, organization_slug)
    returning organizations.organization_id into its_organization;
  return query
    insert into public.users (organization_id, identity_id, name, email, role, origin)
    values (its_organization, its_identity, person_name, lower(person_email), 'admin', 'registered')
    returning users.organization_id, users.user_id;
end
$$;

-- Stores the same password anew, more strongly hashed or sealed with a newer key.
create function app_auth.rehash_password(verified_hash text, stronger_hash text) returns void
language sql security definer set search_path = ''
as $$
  update app_auth.identities i set password_hash = stronger_hash
   where i.identity_id = (select app_auth.proven_identity()) and i.password_hash = verified_hash
$$;

-- Stores another password; false when the verified one is no longer the identity's. The row stays locked, so whoever
-- verified the old one as well waits for the end of this transaction and is refused: see hold_identity.
create function app_auth.change_password(password_set_at timestamptz, new_hash text) returns boolean
language plpgsql security definer set search_path = ''
as $$
begin
  update app_auth.identities i
     set password_hash = new_hash,
         password_changed_at = greatest(clock_timestamp(), password_set_at + interval '1 microsecond')
   where i.identity_id = (select app_auth.proven_identity()) and i.password_changed_at = password_set_at;
  return found;
end
$$;

-- Ends all sessions of the proven identity that began at `moment` or before, in all its organizations, each of which
-- is told; gives whose they were.
create function app_auth.end_sessions(moment timestamptz) returns setof uuid
language sql security definer set search_path = ''
as $$
  with theirs as (
    update public.users u set sessions_valid_after = greatest(u.sessions_valid_after, moment)
     where u.identity_id = (select app_auth.proven_identity())
    returning u.organization_id, u.user_id
  ), noted as (
    insert into shared_services.outbox (organization_id, topic, entity_id, payload)
    select t.organization_id, 'sessions.revoked', t.user_id,
           jsonb_build_object('session_id', null, 'user_id', t.user_id,
                              'valid_after', to_char(moment at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US+00:00'))
      from theirs t
  )
  select t.user_id from theirs t
$$;

grant update (sessions_valid_after) on public.users to dfworx_definer;
grant insert (organization_id, topic, entity_id, payload) on shared_services.outbox to dfworx_definer;
create policy "definer functions note that sessions have ended" on shared_services.outbox
  for insert to dfworx_definer with check (topic = 'sessions.revoked');

-- While signed in -------------------------------------------------------------------------------------------

-- To verify the caller's password with: find_identity of nobody else.
create function app_auth.find_own_identity()
returns table (identity_id uuid, email text, password_hash text, password_set_at timestamptz)
language sql stable security definer set search_path = ''
as $$
  select i.identity_id, i.email, i.password_hash, i.password_changed_at
    from app_auth.identities i where i.identity_id = (select app_auth.own_identity())
$$;

-- The organizations that the caller may go on to.
create function app_auth.list_own_organizations()
returns table (organization_id uuid, name text, slug text, role text, user_id uuid)
language sql stable security definer set search_path = ''
as $$
  select u.organization_id, o.name, o.slug, u.role, u.user_id
    from public.users u
    join public.organizations o on o.organization_id = u.organization_id
   where u.identity_id = (select app_auth.own_identity()) and u.is_active
   order by o.name, o.slug
$$;

-- One of them. Holds the identity as hold_identity does, so that no session begins unseen beside a change of the
-- password; whether the caller's own session still holds must be asked after this.
create function app_auth.find_own_membership(by_slug text)
returns table (organization_id uuid, user_id uuid)
language plpgsql security definer set search_path = ''
as $$
begin
  perform from app_auth.identities i where i.identity_id = (select app_auth.own_identity()) for share;
  return query
    select o.organization_id, o.user_id from app_auth.list_own_organizations() o where o.slug = by_slug;
end
$$;

-- Who owns and who may call ---------------------------------------------------------------------------------

grant create on schema app_auth to dfworx_definer;
alter function app_auth.find_identity(text) owner to dfworx_definer;
alter function app_auth.proven_identity() owner to dfworx_definer;
alter function app_auth.hold_identity(timestamptz) owner to dfworx_definer;
alter function app_auth.own_identity() owner to dfworx_definer;
alter function app_auth.list_memberships(timestamptz) owner to dfworx_definer;
alter function app_auth.register_organization(text, text, text, text, text, timestamptz) owner to dfworx_definer;
alter function app_auth.rehash_password(text, text) owner to dfworx_definer;
alter function app_auth.change_password(timestamptz, text) owner to dfworx_definer;
alter function app_auth.end_sessions(timestamptz) owner to dfworx_definer;
alter function app_auth.find_own_identity() owner to dfworx_definer;
alter function app_auth.list_own_organizations() owner to dfworx_definer;
alter function app_auth.find_own_membership(text) owner to dfworx_definer;
revoke create on schema app_auth from dfworx_definer;

revoke all on all functions in schema app_auth from public;
grant execute on function
  app_auth.find_identity(text), app_auth.hold_identity(timestamptz), app_auth.list_memberships(timestamptz),
  app_auth.register_organization(text, text, text, text, text, timestamptz), app_auth.rehash_password(text, text),
  app_auth.change_password(timestamptz, text), app_auth.end_sessions(timestamptz),
  app_auth.find_own_identity(), app_auth.list_own_organizations(), app_auth.find_own_membership(text)
  to dfworx_auth;
