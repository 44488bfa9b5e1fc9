-- An organization's settings are obeyed: by the services, which ask for one value of the seal's organization, and by
-- the database itself where somebody joins. What keys there are, their types and defaults: shared/organization_settings.py.
-- docs/decisions/admin.md

grant create on schema app, app_auth to dfworx_definer;

grant select on app_admin.admin_settings to dfworx_definer;
create policy "definer functions ask for settings" on app_admin.admin_settings
  for select to dfworx_definer using (true);

-- Null when the organization has not chosen: then the default holds.
create function app.setting(wanted text) returns jsonb
language sql stable security definer set search_path = ''
as $$
  select s.value from app_admin.admin_settings s where s.organization_id = app.org_id() and s.key = wanted
$$;

-- How long a password must be that is chosen now: for whoever accepts this invitation; or, without one, for the proven
-- identity or the person who is signed in, whose password is one for all their organizations: the strictest counts.
create function app_auth.shortest_password(invitation_hash bytea) returns integer
language sql stable security definer set search_path = ''
as $$
  select greatest(8, max(s.value::integer))
    from app_admin.admin_settings s
   where s.key = 'password_min_length' and jsonb_typeof(s.value) = 'number'
     and (invitation_hash is not null
          and s.organization_id = (select i.organization_id from app_auth.invitations i
                                    where i.token_hash = invitation_hash or i.mail_token_hash = invitation_hash)
          or invitation_hash is null
          and s.organization_id in (
            select u.organization_id from public.users u
             where u.is_active
               and u.identity_id = (select coalesce(app_auth.proven_identity(), app_auth.own_identity()))))
$$;

-- Who may be invited, and join: asked again at joining, since the rules may be stricter by then.
create function app_auth.guard_joining() returns trigger
language plpgsql security definer set search_path = ''
as $$
declare
  sign_up constant text := (
    select s.value #>> '{}' from app_admin.admin_settings s
     where s.organization_id = new.organization_id and s.key = 'sign_up');
  domains constant jsonb := (
    select s.value from app_admin.admin_settings s
     where s.organization_id = new.organization_id and s.key = 'allowed_domains' and jsonb_typeof(s.value) = 'array');
begin
  if sign_up = 'closed' then
    raise exception 'nobody joins this organization now'
      using errcode = 'restrict_violation', constraint = 'joining_closed';
  end if;
  if domains <> '[]' and not domains ? split_part(new.email, '@', -1) then
    raise exception 'addresses of this domain do not join this organization'
      using errcode = 'restrict_violation', constraint = 'joining_domain';
  end if;
  return new;
end
$$;
create trigger invitations_guard_joining before insert on app_auth.invitations
  for each row execute function app_auth.guard_joining();
create trigger users_guard_joining before insert on public.users
  for each row when (new.origin = 'invited') execute function app_auth.guard_joining();

alter function app.setting(text) owner to dfworx_definer;
alter function app_auth.shortest_password(bytea) owner to dfworx_definer;
alter function app_auth.guard_joining() owner to dfworx_definer;
revoke all on function app.setting(text), app_auth.shortest_password(bytea), app_auth.guard_joining() from public;
grant execute on function app.setting(text) to dfworx_auth, dfworx_web;
grant execute on function app_auth.shortest_password(bytea) to dfworx_auth;

revoke create on schema app, app_auth from dfworx_definer;
