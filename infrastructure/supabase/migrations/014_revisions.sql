-- Preferences, revisions that who reads a post may see, the tree of categories, and counted views.

-- Preferences ----------------------------------------------------------------------------------------------
-- How somebody wants things to be is theirs alone: in a table of its own, since the whole organization reads profiles.
-- A key that is missing means what the service has as its default.

create table app_web.preferences (
  organization_id uuid not null,
  user_id         uuid not null,
  preferences     jsonb not null default '{}',
  updated_at      timestamptz not null default now(),
  primary key (organization_id, user_id),
  foreign key (organization_id, user_id) references public.users (organization_id, user_id) on delete cascade,
  -- Definer functions of others read it while they write: what isn't formed as they expect would stop them.
  constraint preferences_form_check check (
    jsonb_typeof(preferences) = 'object' and octet_length(preferences::text) <= 4000
    and coalesce(preferences ->> 'theme', 'system') in ('system', 'light', 'dark')
    and coalesce(preferences ->> 'digest', 'weekly') in ('off', 'daily', 'weekly')
    and coalesce(preferences ->> 'language', 'en') ~ '^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8}){0,7}$'
    and jsonb_typeof(coalesce(preferences -> 'notifications', '{}')) = 'object'
    and not preferences @? 'strict $.notifications.* ? (@.type() <> "object")'
    and not preferences @? 'strict $.notifications.*.* ? (@.type() <> "boolean")')
);
alter table app_web.preferences enable row level security;

grant select on app_web.preferences to dfworx_web;
grant insert (organization_id, user_id, preferences), update (preferences, updated_at) on app_web.preferences to dfworx_web;
create policy "people read their own preferences" on app_web.preferences
  for select to dfworx_web
  using (organization_id = (select app.org_id()) and user_id = (select app.user_id()));
create policy "people begin their own preferences" on app_web.preferences
  for insert to dfworx_web
  with check (organization_id = (select app.org_id()) and user_id = (select app.user_id()));
create policy "people change their own preferences" on app_web.preferences
  for update to dfworx_web
  using (organization_id = (select app.org_id()) and user_id = (select app.user_id()))
  with check (organization_id = (select app.org_id()) and user_id = (select app.user_id()));

-- No service has read or written the old column yet. What stood in it that still has a meaning moves; the column goes,
-- and with it the audit log's copies of what comes.
insert into app_web.preferences (organization_id, user_id, preferences, updated_at)
select p.organization_id, p.user_id, jsonb_build_object('theme', p.preferences ->> 'theme'), p.updated_at
  from app_web.profiles p where p.preferences ->> 'theme' in ('system', 'light', 'dark');
-- squawk-ignore ban-drop-column
alter table app_web.profiles drop column preferences;
