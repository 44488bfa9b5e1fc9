-- Invitations into an organization, by its admins; and the rule that an organization keeps an active admin.
-- Nobody but definer functions touches the table. They take the organization and who is acting from the seal, never
-- from an argument; a token is known by its SHA-256 alone.

grant create on schema app_auth to dfworx_definer;
grant delete on app_auth.invitations to dfworx_definer;
grant insert (organization_id, topic, entity_id, payload) on shared_services.outbox to dfworx_definer;

create policy "accepting an invitation notes that somebody joined" on shared_services.outbox
  for insert to dfworx_definer with check (topic = 'members.joined');

-- Who is invited is the auth service's to say too: its note becomes a mail with a link.
drop policy "services note what happened, but not to sessions and members" on shared_services.outbox;
create policy "services note what happened, but none of what auth alone notes" on shared_services.outbox
  for insert to dfworx_web, dfworx_admin
  with check (organization_id = (select app.org_id()) and topic !~ '^(sessions|members|invitations)\.');

-- One that waits for an answer per address: the next one takes its place.
create unique index invitations_waiting_idx on app_auth.invitations (organization_id, email)
  where accepted_at is null;

create trigger invitations_audit after insert or update or delete on app_auth.invitations
  for each row execute function app.audit('invitation_id', 'token_hash');

-- The last admin ------------------------------------------------------------------------------------------------
-- People without an identity can't sign in, so they don't count.

create function app.keep_an_admin() returns trigger
language plpgsql set search_path = ''
as $$
begin
  -- Admins who demote each other at once wait here for one another, and see what the other has done. A write and not
  -- a lock: a transaction with an older snapshot fails at it.
  update public.organizations set updated_at = updated_at where organization_id = old.organization_id;
  if not exists (select from public.users u
                  where u.organization_id = old.organization_id and u.role = 'admin' and u.is_active
                    and u.identity_id is not null) then
    raise exception 'an organization keeps an active admin'
      using errcode = 'restrict_violation', constraint = 'users_last_admin';
  end if;
  return null;
end
$$;
create trigger users_keep_an_admin after update of role, is_active on public.users
  for each row when (old.role = 'admin' and old.is_active and not (new.role = 'admin' and new.is_active))
  execute function app.keep_an_admin();

-- Rules of the functions below ----------------------------------------------------------------------------------

create function app_auth.require_admin() returns void
language plpgsql stable set search_path = ''
as $$
begin
  if app.org_role() is distinct from 'admin' then
    raise exception 'only admins invite people' using errcode = 'insufficient_privilege';
  end if;
end
$$;

-- Not accepted, not expired, and whoever invited may still do so.
create function app_auth.invitation_holds(invitation app_auth.invitations) returns boolean
language sql stable set search_path = ''
as $$
  select invitation.accepted_at is null and invitation.expires_at > now()
     and exists (select from public.users u
                  where u.organization_id = invitation.organization_id and u.user_id = invitation.invited_by
                    and u.role = 'admin' and u.is_active)
$$;

-- For admins ----------------------------------------------------------------------------------------------------

-- Takes the place of one that waits for the same address, whose token is then worth nothing.
create function app_auth.create_invitation(for_email text, with_role text, hash bytea)
returns table (invitation_id uuid, created_at timestamptz, expires_at timestamptz)
language plpgsql security definer set search_path = ''
as $$
declare
  org       constant uuid := app.org_id();
  invitee   constant text := lower(for_email);
  is_member boolean;
begin
  perform app_auth.require_admin();
  select u.is_active into is_member from public.users u
   where u.organization_id = org
     and (u.email = invitee
          or u.identity_id = (select i.identity_id from app_auth.identities i where i.email = invitee));
  if found then
    raise exception 'this person is in the organization'
      using errcode = 'restrict_violation',
            constraint = case when is_member then 'invitations_member' else 'invitations_deactivated' end;
  end if;
  return query
    insert into app_auth.invitations as i (organization_id, email, role, token_hash, invited_by, expires_at)
    values (org, invitee, with_role, hash, app.user_id(), now() + interval '7 days')
    on conflict (organization_id, email) where accepted_at is null
    do update set invitation_id = gen_random_uuid(), role = excluded.role, token_hash = excluded.token_hash,
                  invited_by = excluded.invited_by, expires_at = excluded.expires_at, created_at = now()
    returning i.invitation_id, i.created_at, i.expires_at;
end
$$;

create function app_auth.list_invitations(before_at timestamptz, before_id uuid, page_size integer)
returns table (invitation_id uuid, email text, role text, inviter_id uuid, inviter_name text,
               created_at timestamptz, expires_at timestamptz)
language plpgsql stable security definer set search_path = ''
as $$
begin
  perform app_auth.require_admin();
  return query
    select i.invitation_id, i.email, i.role, i.invited_by,
           (select u.name from public.users u
             where u.organization_id = i.organization_id and u.user_id = i.invited_by),
           i.created_at, i.expires_at
      from app_auth.invitations i
     where i.organization_id = app.org_id() and app_auth.invitation_holds(i)
       and (before_at is null or (i.created_at, i.invitation_id) < (before_at, before_id))
     order by i.created_at desc, i.invitation_id desc limit page_size;
end
$$;

-- Whether there was one to withdraw.
create function app_auth.withdraw_invitation(which uuid) returns boolean
language plpgsql security definer set search_path = ''
as $$
begin
  perform app_auth.require_admin();
  delete from app_auth.invitations i
   where i.organization_id = app.org_id() and i.invitation_id = which and i.accepted_at is null;
  return found;
end
$$;

-- For whoever holds the token -----------------------------------------------------------------------------------

create function app_auth.find_invitation(hash bytea)
returns table (organization_name text, organization_slug text, email text, role text, inviter_name text,
               expires_at timestamptz, has_account boolean)
language sql stable security definer set search_path = ''
as $$
  select o.name, o.slug, i.email, i.role,
         (select u.name from public.users u
           where u.organization_id = i.organization_id and u.user_id = i.invited_by),
         i.expires_at, exists (select from app_auth.identities known where known.email = i.email)
    from app_auth.invitations i
    join public.organizations o on o.organization_id = i.organization_id
   where i.token_hash = hash and app_auth.invitation_holds(i)
$$;

-- Nothing when there is no such invitation, or no more. Under a seal: for the identity whose password was just verified
-- (and is the one of password_set_at still), or that of the person who is acting, and only with the invited address;
-- without person_name they are called as where they already are. Without a seal: for a new identity, and a taken
-- address raises unique_violation, so an existing identity is never touched. Whether the session of a person who is
-- acting still holds must be asked after this: the identity stays locked, as hold_identity (008) explains.
create function app_auth.accept_invitation(
  hash bytea, person_name text, new_hash text, password_set_at timestamptz)
returns table (organization_id uuid, user_id uuid)
language plpgsql security definer set search_path = ''
as $$
declare
  invitation   app_auth.invitations;
  its_identity uuid;
  its_user     uuid;
  its_name     text := person_name;
begin
  -- Of two at once the second waits here, and then finds it accepted.
  update app_auth.invitations i set accepted_at = now()
   where i.token_hash = hash and app_auth.invitation_holds(i)
   returning i.* into invitation;
  if not found then return; end if;

  if app.org_id() is null then
    insert into app_auth.identities (email, password_hash) values (invitation.email, new_hash)
      returning identity_id into its_identity;
  else
    its_identity := coalesce(app_auth.hold_identity(password_set_at), app_auth.own_identity());
    perform from app_auth.identities i
      where i.identity_id = its_identity and i.email = invitation.email for share;
    if not found then
      raise exception 'the invitation is for another address' using errcode = 'insufficient_privilege';
    end if;
    if its_name is null then
      select u.name into its_name from public.users u
       where u.identity_id = its_identity
       order by u.organization_id = app.org_id() desc, u.is_active desc, u.created_at desc limit 1;
    end if;
  end if;

  insert into public.users (organization_id, identity_id, name, email, role, origin)
    values (invitation.organization_id, its_identity, coalesce(its_name, left(split_part(invitation.email, '@', 1), 100)),
            invitation.email, invitation.role, 'invited')
    returning users.user_id into its_user;
  insert into shared_services.outbox (organization_id, topic, entity_id, payload)
    values (invitation.organization_id, 'members.joined', its_user,
            jsonb_build_object('user_id', its_user, 'role', invitation.role));
  return query select invitation.organization_id, its_user;
end
$$;

-- Who owns and who may call --------------------------------------------------------------------------------------

alter function app_auth.require_admin() owner to dfworx_definer;
alter function app_auth.invitation_holds(app_auth.invitations) owner to dfworx_definer;
alter function app_auth.create_invitation(text, text, bytea) owner to dfworx_definer;
alter function app_auth.list_invitations(timestamptz, uuid, integer) owner to dfworx_definer;
alter function app_auth.withdraw_invitation(uuid) owner to dfworx_definer;
alter function app_auth.find_invitation(bytea) owner to dfworx_definer;
alter function app_auth.accept_invitation(bytea, text, text, timestamptz) owner to dfworx_definer;

revoke all on function app.keep_an_admin(), app_auth.require_admin(),
  app_auth.invitation_holds(app_auth.invitations), app_auth.create_invitation(text, text, bytea),
  app_auth.list_invitations(timestamptz, uuid, integer), app_auth.withdraw_invitation(uuid),
  app_auth.find_invitation(bytea), app_auth.accept_invitation(bytea, text, text, timestamptz) from public;
grant execute on function
  app_auth.create_invitation(text, text, bytea), app_auth.list_invitations(timestamptz, uuid, integer),
  app_auth.withdraw_invitation(uuid), app_auth.find_invitation(bytea),
  app_auth.accept_invitation(bytea, text, text, timestamptz) to dfworx_auth;

revoke create on schema app_auth from dfworx_definer;
