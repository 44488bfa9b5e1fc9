-- The mail of an invitation. What it says is looked up when it is written, and its link is made by the worker, as a
-- reset's is: the outbox tells that somebody was invited, and holds neither words for a stranger nor a secret. So an
-- invitation has two links: the one told to its admin, and the one that was mailed. Either opens it, once.
-- docs/decisions/invitations.md

grant create on schema app_auth to dfworx_definer;

alter table app_auth.invitations
  add column mail_token_hash bytea check (length(mail_token_hash) = 32);
comment on column app_auth.invitations.mail_token_hash is
  'SHA-256 of the token in its mail, which only the worker can make; null until it is mailed';
create unique index invitations_mail_token_hash_idx on app_auth.invitations (mail_token_hash)
  where mail_token_hash is not null;

drop trigger invitations_audit on app_auth.invitations;
create trigger invitations_audit after insert or update or delete on app_auth.invitations
  for each row execute function app.audit('invitation_id', 'token_hash,mail_token_hash');

-- What the auth service says in its own words, and of whom: people's sessions end by themselves or by an admin.
-- All else it notes by the functions that do it, an invitation too: its note becomes a mail.
alter policy "the auth service notes what happened in the organization" on shared_services.outbox
  with check (organization_id = (select app.org_id())
    and topic in ('sessions.revoked', 'members.changed')
    and ((select app.org_role()) = 'admin'
         or (topic = 'sessions.revoked' and payload ->> 'user_id' = (select app.user_id())::text)));

-- As 009 has it; and it notes what it has done.
create or replace function app_auth.create_invitation(for_email text, with_role text, hash bytea)
returns table (invitation_id uuid, created_at timestamptz, expires_at timestamptz)
language plpgsql security definer set search_path = ''
as $$
declare
  org       constant uuid := app.org_id();
  invitee   constant text := lower(for_email);
  is_member boolean;
  made      app_auth.invitations;
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
  insert into app_auth.invitations as i (organization_id, email, role, token_hash, invited_by, expires_at)
    values (org, invitee, with_role, hash, app.user_id(), now() + interval '7 days')
    on conflict (organization_id, email) where accepted_at is null
    do update set invitation_id = gen_random_uuid(), role = excluded.role, token_hash = excluded.token_hash,
                  mail_token_hash = null, invited_by = excluded.invited_by, expires_at = excluded.expires_at,
                  created_at = now()
    returning i.* into made;
  insert into shared_services.outbox (organization_id, topic, entity_id, payload)
    values (org, 'invitations.created', made.invitation_id,
            jsonb_build_object('email', made.email, 'role', made.role, 'invited_by', made.invited_by));
  return query select made.invitation_id, made.created_at, made.expires_at;
end
$$;

-- For the worker: what the mail of this event says, for the link whose token hashes to this. Nothing when the
-- invitation holds no more, or when the event has been mailed.
create function app_auth.issue_invitation(event_id bigint, hash bytea)
returns table (email text, role text, organization_name text, inviter_name text)
language sql security definer set search_path = ''
as $$
  update app_auth.invitations i set mail_token_hash = hash
    from shared_services.outbox noted
    join public.organizations o on o.organization_id = noted.organization_id
   where noted.outbox_id = event_id and noted.topic = 'invitations.created'
     and exists (select from shared_services.deliveries d
                  where d.organization_id = noted.organization_id and d.outbox_id = noted.outbox_id
                    and d.consumer = 'mail' and d.delivered_at is null)
     and i.organization_id = noted.organization_id and i.invitation_id = noted.entity_id
     and app_auth.invitation_holds(i)
  returning i.email, i.role, o.name,
            (select u.name from public.users u
              where u.organization_id = i.organization_id and u.user_id = i.invited_by)
$$;

-- As 009 has them; either token will do.
create or replace function app_auth.find_invitation(hash bytea)
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
   where (i.token_hash = hash or i.mail_token_hash = hash) and app_auth.invitation_holds(i)
$$;

create or replace function app_auth.accept_invitation(
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
   where (i.token_hash = hash or i.mail_token_hash = hash) and app_auth.invitation_holds(i)
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

alter function app_auth.issue_invitation(bigint, bytea) owner to dfworx_definer;
revoke all on function app_auth.issue_invitation(bigint, bytea) from public;
grant execute on function app_auth.issue_invitation(bigint, bytea) to dfworx_worker;

revoke create on schema app_auth from dfworx_definer;
