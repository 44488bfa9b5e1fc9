-- Every foreign key and every column a policy or a hot query narrows by. Primary keys and unique constraints
-- already index what they name; foreign keys whose columns lead one of those are not repeated here.

create index users_identity_id_idx on public.users (identity_id);
create index users_organization_id_lower_name_idx on public.users (organization_id, lower(name), user_id);
create unique index users_imported_name_idx on public.users (organization_id, name) where origin = 'imported';

create index invitations_organization_id_invited_by_idx on app_auth.invitations (organization_id, invited_by);
create index api_tokens_organization_id_user_id_idx on app_auth.api_tokens (organization_id, user_id);

create index notifications_organization_id_user_id_created_at_idx
  on public.notifications (organization_id, user_id, created_at desc);
create index notifications_organization_id_actor_id_idx on public.notifications (organization_id, actor_id);
create index notifications_unread_idx on public.notifications (organization_id, user_id) where read_at is null;
create index audit_logs_organization_id_audit_log_id_idx on public.audit_logs (organization_id, audit_log_id desc);

create index categories_organization_id_parent_id_idx on app_web.categories (organization_id, parent_id);

-- The list's two branches (docs/decisions): published of the organization, and the caller's own.
create index posts_published_idx on app_web.posts (organization_id, listed_at desc, post_id desc)
  where status = 'published' and visibility = 'organization';
create index posts_own_idx on app_web.posts (organization_id, user_id, listed_at desc, post_id desc)
  where status <> 'published' or visibility <> 'organization';
create index posts_organization_id_user_id_listed_at_idx
  on app_web.posts (organization_id, user_id, listed_at desc, post_id desc);
create index posts_organization_id_category_id_listed_at_idx
  on app_web.posts (organization_id, category_id, listed_at desc, post_id desc);
create index posts_archived_idx on app_web.posts (organization_id, listed_at desc, post_id desc)
  where status = 'archived' and visibility = 'organization';
create index posts_search_idx on app_web.posts using gin (search);

create index revisions_organization_id_user_id_idx on app_web.revisions (organization_id, user_id);
create index comments_organization_id_post_id_created_at_idx on app_web.comments (organization_id, post_id, created_at);
create index comments_organization_id_user_id_idx on app_web.comments (organization_id, user_id);
create index comments_organization_id_post_id_parent_id_idx on app_web.comments (organization_id, post_id, parent_id);

create index files_organization_id_user_id_idx on shared_services.files (organization_id, user_id);
create index outbox_undelivered_idx on shared_services.outbox (outbox_id) where delivered_at is null;
create index outbox_organization_id_idx on shared_services.outbox (organization_id);

create index admin_settings_organization_id_updated_by_idx on app_admin.admin_settings (organization_id, updated_by);
create index reports_organization_id_user_id_idx on app_admin.reports (organization_id, user_id);
create index reports_organization_id_created_at_idx on app_admin.reports (organization_id, created_at desc);
create index system_logs_organization_id_created_at_idx on app_admin.system_logs (organization_id, created_at desc);
