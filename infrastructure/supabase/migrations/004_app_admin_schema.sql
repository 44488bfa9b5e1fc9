-- The admin dashboard's tables with their policies: only an organization's admins see them, and only the
-- admin service is granted them. The worker writes logs and analytics, sealing one organization at a time.

create table app_admin.admin_settings (
  organization_id uuid not null references public.organizations on delete cascade,
  key             text not null check (key ~ '^[a-z_]{1,100}$'),
  value           jsonb not null,
  updated_by      uuid,
  updated_at      timestamptz not null default now(),
  primary key (organization_id, key),
  foreign key (organization_id, updated_by) references public.users (organization_id, user_id) on delete set null (updated_by)
);

create table app_admin.reports (
  report_id       uuid primary key default gen_random_uuid(),
  organization_id uuid not null references public.organizations on delete cascade,
  user_id         uuid not null,                                  -- who asked for it
  kind            text not null check (kind ~ '^[a-z_]{1,50}$'),
  title           text not null check (length(title) between 1 and 300),
  parameters      jsonb not null default '{}',
  result          jsonb,
  status          text not null default 'pending' check (status in ('pending', 'ready', 'failed')),
  created_at      timestamptz not null default now(),
  finished_at     timestamptz,
  unique (organization_id, report_id),
  foreign key (organization_id, user_id) references public.users (organization_id, user_id) on delete cascade
);

create table app_admin.analytics (
  organization_id uuid not null references public.organizations on delete cascade,
  day             date not null,
  metric          text not null check (metric ~ '^[a-z_]{1,100}$'),
  value           bigint not null,
  updated_at      timestamptz not null default now(),
  primary key (organization_id, day, metric)
);

create table app_admin.system_logs (
  system_log_id   bigint generated always as identity primary key,
  organization_id uuid not null references public.organizations on delete cascade,
  service         text not null check (length(service) <= 50),
  level           text not null check (level in ('debug', 'info', 'warning', 'error')),
  message         text not null check (length(message) <= 10000),
  context         jsonb not null default '{}',
  created_at      timestamptz not null default now()
);

alter table app_admin.admin_settings enable row level security;
alter table app_admin.reports        enable row level security;
alter table app_admin.analytics      enable row level security;
alter table app_admin.system_logs    enable row level security;

grant select, delete on app_admin.admin_settings to dfworx_admin;
grant insert (organization_id, key, value, updated_by), update (value, updated_by, updated_at) on app_admin.admin_settings to dfworx_admin;
grant select, delete on app_admin.reports to dfworx_admin;
grant insert (organization_id, user_id, kind, title, parameters) on app_admin.reports to dfworx_admin;
grant select on app_admin.analytics, app_admin.system_logs to dfworx_admin;
grant select on app_admin.analytics to dfworx_worker;
grant insert (organization_id, day, metric, value), update (value, updated_at) on app_admin.analytics to dfworx_worker;
grant insert (organization_id, service, level, message, context) on app_admin.system_logs to dfworx_worker, dfworx_admin;

create policy "admins read settings" on app_admin.admin_settings
  for select to dfworx_admin
  using (organization_id = (select app.org_id()) and (select app.org_role()) = 'admin');
create policy "admins add settings" on app_admin.admin_settings
  for insert to dfworx_admin
  with check (organization_id = (select app.org_id()) and (select app.org_role()) = 'admin'
              and updated_by = (select app.user_id()));
create policy "admins change settings" on app_admin.admin_settings
  for update to dfworx_admin
  using (organization_id = (select app.org_id()) and (select app.org_role()) = 'admin')
  with check (organization_id = (select app.org_id()) and (select app.org_role()) = 'admin'
              and updated_by = (select app.user_id()));
create policy "admins remove settings" on app_admin.admin_settings
  for delete to dfworx_admin
  using (organization_id = (select app.org_id()) and (select app.org_role()) = 'admin');

create policy "admins read reports" on app_admin.reports
  for select to dfworx_admin
  using (organization_id = (select app.org_id()) and (select app.org_role()) = 'admin');
create policy "admins ask for reports" on app_admin.reports
  for insert to dfworx_admin
  with check (organization_id = (select app.org_id()) and (select app.org_role()) = 'admin'
              and user_id = (select app.user_id()));
create policy "admins delete reports" on app_admin.reports
  for delete to dfworx_admin
  using (organization_id = (select app.org_id()) and (select app.org_role()) = 'admin');

create policy "admins read analytics" on app_admin.analytics
  for select to dfworx_admin
  using (organization_id = (select app.org_id()) and (select app.org_role()) = 'admin');
create policy "the worker reads the analytics it adds to" on app_admin.analytics
  for select to dfworx_worker using (organization_id = (select app.org_id()));
create policy "the worker adds analytics" on app_admin.analytics
  for insert to dfworx_worker with check (organization_id = (select app.org_id()));
create policy "the worker corrects analytics" on app_admin.analytics
  for update to dfworx_worker
  using (organization_id = (select app.org_id())) with check (organization_id = (select app.org_id()));

create policy "admins read system logs" on app_admin.system_logs
  for select to dfworx_admin
  using (organization_id = (select app.org_id()) and (select app.org_role()) = 'admin');
create policy "services log for an organization" on app_admin.system_logs
  for insert to dfworx_worker, dfworx_admin with check (organization_id = (select app.org_id()));
