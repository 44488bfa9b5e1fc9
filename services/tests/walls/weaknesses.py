"""Walls taken down one at a time, each the mistake that a real install could make: a probe that sees nothing even
then proves nothing."""

from __future__ import annotations

from tests.walls.probes import Weakness

CLAIMS_POLICY = Weakness(
    "a policy that believes a setting, as Supabase's own do",
    (
        'create policy "walls: claims" on app_web.posts for select to dfworx_web using (organization_id ='
        " (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'org_id')::uuid)",
    ),
    ('drop policy "walls: claims" on app_web.posts',),
)
NO_ROW_SECURITY = Weakness(
    "a table without row level security",
    (
        "alter table app_web.posts disable row level security",
        "create statistics public.walls_posts (mcv) on visibility, title from app_web.posts",
        "create statistics public.walls_titles on (title || '') from app_web.posts",
        "analyze app_web.posts",
    ),
    (
        "drop statistics public.walls_posts, public.walls_titles",
        "alter table app_web.posts enable row level security",
        "analyze app_web.posts",
    ),
)
TRUNCATE_GRANTED = Weakness(
    "TRUNCATE, which no policy minds, granted as Supabase's defaults do",
    # On a table that no other refers to: PostgreSQL itself refuses the rest.
    ("grant truncate on app_web.mentions to dfworx_web",),
    ("revoke truncate on app_web.mentions from dfworx_web",),
)
WRITABLE_ORGANIZATION = Weakness(
    "a policy that says true, and an organization_id that may be changed",
    (
        'create policy "walls: true" on app_admin.system_logs to dfworx_admin using (true) with check (true)',
        "grant update (organization_id) on app_admin.system_logs to dfworx_admin",
    ),
    (
        "revoke update (organization_id) on app_admin.system_logs from dfworx_admin",
        'drop policy "walls: true" on app_admin.system_logs',
    ),
)
MEMBERSHIP = Weakness(
    "a service that is a member of a role with rights",
    ("grant dfworx_definer to dfworx_web",),
    ("revoke dfworx_definer from dfworx_web",),
)
DEFINER_WITHOUT_SEAL = Weakness(
    "a definer function that answers about any person",
    (
        "create function app_auth.walls_person(for_user uuid) returns table (name text, organization_id uuid)"
        " language sql security definer set search_path = ''"
        " as 'select u.name, u.organization_id from public.users u where u.user_id = for_user'",
        "grant execute on function app_auth.walls_person(uuid) to dfworx_auth",
    ),
    ("drop function app_auth.walls_person(uuid)",),
)
DEFINER_WRITES = Weakness(
    "a definer function that changes any person",
    (
        "create function app_auth.walls_rename(for_user uuid, new_name text) returns void"
        " language sql security definer set search_path = ''"
        " as 'update public.users u set name = new_name where u.user_id = for_user'",
        "grant execute on function app_auth.walls_rename(uuid, text) to dfworx_auth",
    ),
    ("drop function app_auth.walls_rename(uuid, text)",),
)
GLOBAL_UNIQUE = Weakness(
    "a unique index without the organization",
    ("create unique index walls_slug on app_web.posts (slug)",),
    ("drop index app_web.walls_slug",),
)
SINGLE_KEY = Weakness(
    "a foreign key without the organization",
    (
        "alter table app_web.comments drop constraint comments_organization_id_post_id_fkey",
        "alter table app_web.comments add constraint walls_post foreign key (post_id) references"
        " app_web.posts (post_id)",
        'alter policy "who sees a post comments in their own name" on app_web.comments'
        " with check (organization_id = (select app.org_id()))",
    ),
    (
        "delete from app_web.comments where (organization_id, post_id) not in"
        " (select organization_id, post_id from app_web.posts)",
        "alter table app_web.comments drop constraint walls_post",
        "alter table app_web.comments add constraint comments_organization_id_post_id_fkey"
        " foreign key (organization_id, post_id) references app_web.posts (organization_id, post_id) on delete cascade",
        'alter policy "who sees a post comments in their own name" on app_web.comments with check'
        " (organization_id = (select app.org_id()) and user_id = (select app.user_id())"
        " and exists (select from app_web.posts p"
        " where p.organization_id = comments.organization_id and p.post_id = comments.post_id"
        " and p.status in ('draft', 'published')))",
    ),
)
CLIENT_IDS = Weakness(
    "ids that the client chooses",
    ("grant insert (category_id) on app_web.categories to dfworx_web",),
    ("revoke insert (category_id) on app_web.categories from dfworx_web",),
)
IMMUTABLE_CONTEXT = Weakness(
    "context functions that the planner may run once for all",
    ("alter function app.ctx(integer) immutable", "alter function app.org_id() immutable"),
    ("alter function app.ctx(integer) stable", "alter function app.org_id() stable"),
)
