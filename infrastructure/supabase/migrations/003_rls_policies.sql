-- Who may touch which rows of the shared tables and of app_web. Two doors that never widen each other:
-- DFWorX's services, by the sealed context (app.*), and Supabase's `authenticated`, read only, by its JWT.
-- Context calls are wrapped in (select ...) so that they run once a query and not once a row.
-- The owner is the back office and no service is a member of it: tables are not FORCEd (docs/decisions).

alter table public.organizations            enable row level security;
alter table public.users                    enable row level security;
alter table public.notifications            enable row level security;
alter table public.audit_logs               enable row level security;
alter table app_auth.identities             enable row level security;
alter table app_auth.invitations            enable row level security;
alter table app_auth.api_tokens             enable row level security;
alter table app_web.profiles                enable row level security;
alter table app_web.categories              enable row level security;
alter table app_web.posts                   enable row level security;
alter table app_web.revisions               enable row level security;
alter table app_web.comments                enable row level security;
alter table app_web.post_views              enable row level security;
alter table shared_services.outbox          enable row level security;
alter table shared_services.files           enable row level security;

-- Organizations and people -------------------------------------------------------------------------
-- web and admin read them; auth writes them. Emails are for auth and for the admin service only.

grant select on public.organizations to dfworx_tenant, dfworx_auth;
grant update (name, slug, updated_at) on public.organizations to dfworx_auth;
grant select (user_id, organization_id, name, avatar_url, role, origin, is_active, sessions_valid_after, created_at, updated_at)
  on public.users to dfworx_tenant;
grant select (email) on public.users to dfworx_admin;
grant select on public.users to dfworx_auth;
grant insert (organization_id, name, avatar_url, origin) on public.users to dfworx_auth;
grant update (name, email, avatar_url, role, is_active, sessions_valid_after, updated_at) on public.users to dfworx_auth;

create policy "members read their organization" on public.organizations
  for select to dfworx_tenant, dfworx_auth
  using (organization_id = (select app.org_id()));
create policy "admins change their organization" on public.organizations
  for update to dfworx_auth
  using (organization_id = (select app.org_id()) and (select app.org_role()) = 'admin')
  with check (organization_id = (select app.org_id()) and (select app.org_role()) = 'admin');

create policy "members read the people of their organization" on public.users
  for select to dfworx_tenant, dfworx_auth
  using (organization_id = (select app.org_id()));
create policy "admins add people without an identity" on public.users
  for insert to dfworx_auth
  with check (organization_id = (select app.org_id()) and (select app.org_role()) = 'admin' and origin = 'imported');
create policy "people change themselves and admins change people" on public.users
  for update to dfworx_auth
  using (organization_id = (select app.org_id())
         and (user_id = (select app.user_id()) or (select app.org_role()) = 'admin'))
  with check (organization_id = (select app.org_id())
         and (user_id = (select app.user_id()) or (select app.org_role()) = 'admin'));

-- Identities: no service reads a table; the definer functions of 006 do, one row at a time ------------

grant select, insert on public.organizations to dfworx_definer;
grant select, insert on public.users to dfworx_definer;
grant select, insert, update on app_auth.identities, app_auth.invitations, app_auth.api_tokens to dfworx_definer;

create policy "definer functions register organizations" on public.organizations
  for all to dfworx_definer using (true) with check (true);
create policy "definer functions register people" on public.users
  for all to dfworx_definer using (true) with check (true);
create policy "definer functions look up identities" on app_auth.identities
  for all to dfworx_definer using (true) with check (true);
create policy "definer functions look up invitations" on app_auth.invitations
  for all to dfworx_definer using (true) with check (true);
create policy "definer functions look up API tokens" on app_auth.api_tokens
  for all to dfworx_definer using (true) with check (true);
create policy "definer functions read seal keys" on private.seal_keys
  for select to dfworx_definer using (true);

-- Notifications, audit log, outbox, files ------------------------------------------------------------

grant select on public.notifications, shared_services.notifications to dfworx_web;
grant insert (organization_id, user_id, actor_id, kind, entity, entity_id, data) on public.notifications to dfworx_web;
grant update (read_at) on public.notifications to dfworx_web;
create policy "people read what they are told" on public.notifications
  for select to dfworx_web
  using (organization_id = (select app.org_id()) and user_id = (select app.user_id()));
create policy "members tell people of their organization" on public.notifications
  for insert to dfworx_web
  with check (organization_id = (select app.org_id()) and actor_id = (select app.user_id()));
create policy "people mark what they are told as read" on public.notifications
  for update to dfworx_web
  using (organization_id = (select app.org_id()) and user_id = (select app.user_id()))
  with check (organization_id = (select app.org_id()) and user_id = (select app.user_id()));

grant select on public.audit_logs to dfworx_admin;
grant insert on public.audit_logs to dfworx_definer;
create policy "admins read their organization's audit log" on public.audit_logs
  for select to dfworx_admin
  using (organization_id = (select app.org_id()) and (select app.org_role()) = 'admin');
create policy "the audit trigger writes" on public.audit_logs
  for insert to dfworx_definer with check (true);

grant insert (organization_id, topic, entity_id, payload) on shared_services.outbox to dfworx_auth, dfworx_web, dfworx_admin;
-- Who ends a session or changes a person is the auth service's to say. Consumers take the organization from the
-- row, never from the payload.
create policy "the auth service notes what happened in the organization" on shared_services.outbox
  for insert to dfworx_auth with check (organization_id = (select app.org_id()));
create policy "services note what happened, but not to sessions and members" on shared_services.outbox
  for insert to dfworx_web, dfworx_admin
  with check (organization_id = (select app.org_id()) and topic !~ '^(sessions|members)\.');

grant select, delete on shared_services.files to dfworx_web;
grant insert (organization_id, user_id, name, media_type, size_bytes, sha256, storage_key) on shared_services.files to dfworx_web;
create policy "members read their organization's files" on shared_services.files
  for select to dfworx_web using (organization_id = (select app.org_id()));
create policy "members add files in their own name" on shared_services.files
  for insert to dfworx_web
  with check (organization_id = (select app.org_id()) and user_id = (select app.user_id()));
create policy "people and moderators delete files" on shared_services.files
  for delete to dfworx_web
  using (organization_id = (select app.org_id())
         and (user_id = (select app.user_id()) or (select app.org_role()) in ('admin', 'moderator')));

-- Profiles and categories ------------------------------------------------------------------------------

grant select on app_web.profiles, app_web.categories to dfworx_web;
grant insert (organization_id, user_id), update (bio, title, timezone, preferences, updated_at) on app_web.profiles to dfworx_web;
grant insert (organization_id, parent_id, name, slug, description, position),
      update (parent_id, name, slug, description, position, updated_at), delete on app_web.categories to dfworx_web;

create policy "members read the profiles of their organization" on app_web.profiles
  for select to dfworx_web using (organization_id = (select app.org_id()));
create policy "a profile begins with a person's first write" on app_web.profiles
  for insert to dfworx_web
  with check (organization_id = (select app.org_id())
              and (user_id = (select app.user_id()) or (select app.org_role()) = 'admin'));
create policy "people change their own profile" on app_web.profiles
  for update to dfworx_web
  using (organization_id = (select app.org_id()) and user_id = (select app.user_id()))
  with check (organization_id = (select app.org_id()) and user_id = (select app.user_id()));

create policy "members read their organization's categories" on app_web.categories
  for select to dfworx_web using (organization_id = (select app.org_id()));
create policy "moderators add categories" on app_web.categories
  for insert to dfworx_web
  with check (organization_id = (select app.org_id()) and (select app.org_role()) in ('admin', 'moderator'));
create policy "moderators change categories" on app_web.categories
  for update to dfworx_web
  using (organization_id = (select app.org_id()) and (select app.org_role()) in ('admin', 'moderator'))
  with check (organization_id = (select app.org_id()) and (select app.org_role()) in ('admin', 'moderator'));
create policy "moderators delete categories" on app_web.categories
  for delete to dfworx_web
  using (organization_id = (select app.org_id()) and (select app.org_role()) in ('admin', 'moderator'));

-- Posts ------------------------------------------------------------------------------------------------
-- Column grants: the id and the organization are never the client's to choose or to change.

grant select, delete on app_web.posts to dfworx_web;
grant insert (organization_id, user_id, category_id, title, slug, content, excerpt, status, visibility, metadata,
              created_at, updated_at, published_at, archived_at) on app_web.posts to dfworx_web;
grant update (user_id, category_id, title, slug, content, excerpt, status, visibility, version, metadata,
              created_at, updated_at, published_at, archived_at) on app_web.posts to dfworx_web;

create policy "members read published posts and their own; moderators also archived ones" on app_web.posts
  for select to dfworx_web
  using (organization_id = (select app.org_id())
         and ((visibility = 'organization'
               and (status = 'published'
                    or status = 'archived' and (select app.org_role()) in ('admin', 'moderator')))
              or user_id = (select app.user_id())));
create policy "members write posts in their own name; admins also for people without an account" on app_web.posts
  for insert to dfworx_web
  with check (organization_id = (select app.org_id())
              and (select app.org_role()) <> 'guest'
              and (user_id = (select app.user_id()) or (select app.org_role()) = 'admin'));
-- USING says again what moderators may see: an UPDATE or DELETE that reads no column asks no SELECT policy.
create policy "authors change their posts and moderators what they see" on app_web.posts
  for update to dfworx_web
  using (organization_id = (select app.org_id())
         and (user_id = (select app.user_id())
              or (select app.org_role()) in ('admin', 'moderator')
                 and visibility = 'organization' and status <> 'draft'))
  with check (organization_id = (select app.org_id())
         and (user_id = (select app.user_id()) or (select app.org_role()) in ('admin', 'moderator')));
create policy "authors delete their posts and moderators what they see" on app_web.posts
  for delete to dfworx_web
  using (organization_id = (select app.org_id())
         and (user_id = (select app.user_id())
              or (select app.org_role()) in ('admin', 'moderator')
                 and visibility = 'organization' and status <> 'draft'));

-- What hangs on a post is seen by those who see the post: the sub-select runs under the policy above.

grant select on app_web.revisions to dfworx_web;
grant usage on schema app_web to dfworx_definer;
grant insert (organization_id, post_id, version, user_id, title, content) on app_web.revisions to dfworx_definer;
grant insert (organization_id, user_id) on app_web.profiles to dfworx_definer;
create policy "who sees a post sees its revisions" on app_web.revisions
  for select to dfworx_web
  using (organization_id = (select app.org_id())
         and exists (select from app_web.posts p
                     where p.organization_id = revisions.organization_id and p.post_id = revisions.post_id));
create policy "the revision trigger writes" on app_web.revisions
  for insert to dfworx_definer with check (true);
create policy "the revision trigger begins profiles" on app_web.profiles
  for insert to dfworx_definer with check (true);

grant select, delete on app_web.comments to dfworx_web;
grant insert (organization_id, post_id, user_id, parent_id, content) on app_web.comments to dfworx_web;
grant update (content, version, resolved_at, updated_at) on app_web.comments to dfworx_web;
create policy "who sees a post sees its comments" on app_web.comments
  for select to dfworx_web
  using (organization_id = (select app.org_id())
         and exists (select from app_web.posts p
                     where p.organization_id = comments.organization_id and p.post_id = comments.post_id));
create policy "who sees a post comments in their own name" on app_web.comments
  for insert to dfworx_web
  with check (organization_id = (select app.org_id()) and user_id = (select app.user_id())
              and exists (select from app_web.posts p
                          where p.organization_id = comments.organization_id and p.post_id = comments.post_id));
create policy "authors and moderators change comments on posts they see" on app_web.comments
  for update to dfworx_web
  using (organization_id = (select app.org_id())
         and (user_id = (select app.user_id()) or (select app.org_role()) in ('admin', 'moderator'))
         and exists (select from app_web.posts p
                     where p.organization_id = comments.organization_id and p.post_id = comments.post_id))
  with check (organization_id = (select app.org_id())
         and (user_id = (select app.user_id()) or (select app.org_role()) in ('admin', 'moderator')));
create policy "authors and moderators delete comments on posts they see" on app_web.comments
  for delete to dfworx_web
  using (organization_id = (select app.org_id())
         and (user_id = (select app.user_id()) or (select app.org_role()) in ('admin', 'moderator'))
         and exists (select from app_web.posts p
                     where p.organization_id = comments.organization_id and p.post_id = comments.post_id));

grant select on app_web.post_views to dfworx_web;
grant insert (organization_id, post_id, views), update (views) on app_web.post_views to dfworx_web;
create policy "members read view counts" on app_web.post_views
  for select to dfworx_web using (organization_id = (select app.org_id()));
create policy "who sees a post adds to its views" on app_web.post_views
  for insert to dfworx_web
  with check (organization_id = (select app.org_id())
         and exists (select from app_web.posts p
                     where p.organization_id = post_views.organization_id and p.post_id = post_views.post_id));
create policy "who sees a post counts its views up" on app_web.post_views
  for update to dfworx_web
  using (organization_id = (select app.org_id())
         and exists (select from app_web.posts p
                     where p.organization_id = post_views.organization_id and p.post_id = post_views.post_id))
  with check (organization_id = (select app.org_id()));

-- Supabase's own door: `authenticated` reads what a member may read, by auth.jwt(); `anon` nothing -------

grant usage on schema public, app_web to authenticated;
grant select on public.organizations, app_web.categories, app_web.posts, app_web.comments to authenticated;
grant select (user_id, organization_id, name, avatar_url, role, is_active, created_at, updated_at) on public.users to authenticated;
grant select (organization_id, user_id, bio, title, timezone, created_at, updated_at) on app_web.profiles to authenticated;
grant select on public.notifications to authenticated;

create policy "Data API: members read their organization" on public.organizations
  for select to authenticated
  using (organization_id = ((select auth.jwt()) ->> 'org_id')::uuid);
create policy "Data API: members read the people of their organization" on public.users
  for select to authenticated
  using (organization_id = ((select auth.jwt()) ->> 'org_id')::uuid);
create policy "Data API: people read what they are told" on public.notifications
  for select to authenticated
  using (organization_id = ((select auth.jwt()) ->> 'org_id')::uuid
         and user_id = ((select auth.jwt()) ->> 'sub')::uuid);
create policy "Data API: members read the profiles of their organization" on app_web.profiles
  for select to authenticated
  using (organization_id = ((select auth.jwt()) ->> 'org_id')::uuid);
create policy "Data API: members read their organization's categories" on app_web.categories
  for select to authenticated
  using (organization_id = ((select auth.jwt()) ->> 'org_id')::uuid);
create policy "Data API: members read published posts and their own" on app_web.posts
  for select to authenticated
  using (organization_id = ((select auth.jwt()) ->> 'org_id')::uuid
         and ((status = 'published' and visibility = 'organization')
              or user_id = ((select auth.jwt()) ->> 'sub')::uuid));
create policy "Data API: who sees a post sees its comments" on app_web.comments
  for select to authenticated
  using (organization_id = ((select auth.jwt()) ->> 'org_id')::uuid
         and exists (select from app_web.posts p
                     where p.organization_id = comments.organization_id and p.post_id = comments.post_id));
