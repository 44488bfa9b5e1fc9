-- Posts for named people, and a trash: what a post's row says of who may see it, and the policies that hold to it.

-- squawk-ignore constraint-missing-not-valid
alter table app_web.posts
  -- squawk-ignore ban-drop-constraint
  drop constraint posts_status_check,
  -- squawk-ignore ban-drop-constraint
  drop constraint posts_visibility_check,
  add column trashed_at timestamptz,
  add column trashed_from text check (trashed_from in ('draft', 'published', 'archived')),
  -- squawk-ignore constraint-missing-not-valid
  add constraint posts_status_check check (status in ('draft', 'published', 'archived', 'trashed')),
  -- squawk-ignore constraint-missing-not-valid
  add constraint posts_visibility_check check (visibility in ('organization', 'people', 'author')),
  -- squawk-ignore constraint-missing-not-valid
  add constraint posts_trashed_check
    check ((status = 'trashed') = (trashed_at is not null) and (status = 'trashed') = (trashed_from is not null));

-- Who may read a post that is for named people. That `shared_by` is the post's author is a trigger's to see to: policies
-- of this table can't ask the posts, whose own policy asks this table.
create table app_web.post_readers (
  organization_id uuid not null,
  post_id         uuid not null,
  user_id         uuid not null,
  shared_by       uuid not null,
  created_at      timestamptz not null default now(),
  primary key (organization_id, post_id, user_id),
  foreign key (organization_id, post_id) references app_web.posts (organization_id, post_id) on delete cascade,
  foreign key (organization_id, user_id) references public.users (organization_id, user_id) on delete cascade,
  foreign key (organization_id, shared_by) references public.users (organization_id, user_id) on delete cascade
);
create index post_readers_organization_id_user_id_idx on app_web.post_readers (organization_id, user_id);
create index post_readers_organization_id_shared_by_idx on app_web.post_readers (organization_id, shared_by);
alter table app_web.post_readers enable row level security;

grant select, delete on app_web.post_readers to dfworx_web;
grant insert (organization_id, post_id, user_id, shared_by) on app_web.post_readers to dfworx_web;
create policy "people see what is shared with them, authors with whom they do" on app_web.post_readers
  for select to dfworx_web
  using (organization_id = (select app.org_id())
         and (user_id = (select app.user_id()) or shared_by = (select app.user_id())));
create policy "authors share their posts" on app_web.post_readers
  for insert to dfworx_web
  with check (organization_id = (select app.org_id()) and shared_by = (select app.user_id()));
create policy "authors stop sharing their posts" on app_web.post_readers
  for delete to dfworx_web
  using (organization_id = (select app.org_id()) and shared_by = (select app.user_id()));

-- Posts ----------------------------------------------------------------------------------------------------
-- A draft stays its author's alone in the trash too. Who is named reads the post while it is published.

grant update (trashed_at, trashed_from) on app_web.posts to dfworx_web;

alter policy "members read published posts and their own; moderators also arc" on app_web.posts
  -- squawk-ignore renaming-object
  rename to "members read their own posts and what is published to them";
alter policy "members read their own posts and what is published to them" on app_web.posts
  using (organization_id = (select app.org_id())
         and ((visibility = 'organization'
               and (status = 'published'
                    or (status = 'archived' or status = 'trashed' and trashed_from <> 'draft')
                       and (select app.org_role()) in ('admin', 'moderator')))
              or user_id = (select app.user_id())
              or visibility = 'people' and status = 'published'
                 and exists (select from app_web.post_readers r
                              where r.organization_id = posts.organization_id and r.post_id = posts.post_id
                                and r.user_id = (select app.user_id()))));
alter policy "authors change their posts and moderators what they see" on app_web.posts
  using (organization_id = (select app.org_id())
         and (user_id = (select app.user_id())
              or (select app.org_role()) in ('admin', 'moderator')
                 and visibility = 'organization' and status <> 'draft' and trashed_from is distinct from 'draft'));
alter policy "authors delete their posts and moderators what they see" on app_web.posts
  using (organization_id = (select app.org_id())
         and (user_id = (select app.user_id())
              or (select app.org_role()) in ('admin', 'moderator')
                 and visibility = 'organization' and status <> 'draft' and trashed_from is distinct from 'draft'));

grant select (status, visibility, user_id) on app_web.posts to dfworx_definer;
create function app_web.guard_reader() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  if not exists (select from app_web.posts p
                  where p.organization_id = new.organization_id and p.post_id = new.post_id
                    and p.user_id = new.shared_by) then
    raise exception 'only its author shares a post' using errcode = 'insufficient_privilege';
  end if;
  return new;
end
$$;
create trigger post_readers_guard before insert on app_web.post_readers
  for each row execute function app_web.guard_reader();

-- Those of some people who may read a post, and nobody of what is in the trash: for definer functions that tell people of
-- it. No service calls it.
grant select (organization_id, post_id, user_id) on app_web.post_readers to dfworx_definer;
create policy "definer functions ask who may read a post" on app_web.post_readers
  for select to dfworx_definer using (true);

create function app_web.list_readers_of(org uuid, of_post uuid, among uuid[]) returns setof uuid
language plpgsql stable security definer set search_path = ''
as $$
begin
  return query
    select u.user_id
      from app_web.posts p
      join public.users u on u.organization_id = p.organization_id
     where p.organization_id = org and p.post_id = of_post and p.status <> 'trashed'
       and u.user_id = any (among) and u.is_active
       and (u.user_id = p.user_id
            or p.status = 'published'
               and (p.visibility = 'organization'
                    or p.visibility = 'people'
                       and exists (select from app_web.post_readers r
                                    where r.organization_id = p.organization_id and r.post_id = p.post_id
                                      and r.user_id = u.user_id)));
end
$$;

grant create on schema app_web to dfworx_definer;
alter function app_web.guard_reader() owner to dfworx_definer;
alter function app_web.list_readers_of(uuid, uuid, uuid[]) owner to dfworx_definer;
revoke create on schema app_web from dfworx_definer;
revoke all on function app_web.guard_reader(), app_web.list_readers_of(uuid, uuid, uuid[]) from public;

-- The worker calls functions of these schemas that it is granted by name, and reads none of their tables.
grant usage on schema app_web, app_auth to dfworx_worker;
