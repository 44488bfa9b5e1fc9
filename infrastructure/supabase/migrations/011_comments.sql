-- Comments: threads under a post, whom they mention, and the post's count of them.

-- A removed comment that others have answered stays without its words, so that no answer goes with it. Nothing but
-- its post takes an answer away: the cascade from what it answers goes. No service has read or written comments yet.
alter table app_web.comments
  add column removed_at timestamptz,
  -- squawk-ignore ban-drop-not-null
  alter column content drop not null,
  add constraint comments_removed_check check ((content is null) = (removed_at is not null)),
  add constraint comments_resolved_check check (resolved_at is null or parent_id is null),
  -- squawk-ignore ban-drop-constraint
  drop constraint comments_organization_id_post_id_parent_id_fkey,
  -- squawk-ignore adding-foreign-key-constraint
  add constraint comments_organization_id_post_id_parent_id_fkey foreign key (organization_id, post_id, parent_id)
    references app_web.comments (organization_id, post_id, comment_id);

-- The list's order, to its end.
-- squawk-ignore require-concurrent-index-deletion
drop index app_web.comments_organization_id_post_id_created_at_idx;
create index comments_organization_id_post_id_created_at_idx
  on app_web.comments (organization_id, post_id, created_at, comment_id);

-- Whom a comment names. Beside the words, which say it in Markdown: what is asked is "who", and names change.
create table app_web.mentions (
  organization_id uuid not null,
  comment_id      uuid not null,
  user_id         uuid not null,
  primary key (organization_id, comment_id, user_id),
  foreign key (organization_id, comment_id) references app_web.comments (organization_id, comment_id) on delete cascade,
  foreign key (organization_id, user_id) references public.users (organization_id, user_id) on delete cascade
);
create index mentions_organization_id_user_id_idx on app_web.mentions (organization_id, user_id);
alter table app_web.mentions enable row level security;

-- Who may what ---------------------------------------------------------------------------------------------

grant select, delete on app_web.mentions to dfworx_web;
grant insert (organization_id, comment_id, user_id) on app_web.mentions to dfworx_web;
create policy "who sees a comment sees whom it mentions" on app_web.mentions
  for select to dfworx_web
  using (organization_id = (select app.org_id())
         and exists (select from app_web.comments c
                     where c.organization_id = mentions.organization_id and c.comment_id = mentions.comment_id));
create policy "authors mention people" on app_web.mentions
  for insert to dfworx_web
  with check (organization_id = (select app.org_id())
              and exists (select from app_web.comments c
                          where c.organization_id = mentions.organization_id and c.comment_id = mentions.comment_id
                            and c.user_id = (select app.user_id())));
create policy "who may change a comment takes mentions out of it" on app_web.mentions
  for delete to dfworx_web
  using (organization_id = (select app.org_id())
         and exists (select from app_web.comments c
                     where c.organization_id = mentions.organization_id and c.comment_id = mentions.comment_id
                       and (c.user_id = (select app.user_id()) or (select app.org_role()) in ('admin', 'moderator'))));

-- What is archived is read and no longer discussed.
alter policy "who sees a post comments in their own name" on app_web.comments
  with check (organization_id = (select app.org_id()) and user_id = (select app.user_id())
              and exists (select from app_web.posts p
                          where p.organization_id = comments.organization_id and p.post_id = comments.post_id
                            and p.status <> 'archived'));

-- A post's author also says when a thread under it is settled; the guard below keeps them from the words.
grant update (removed_at) on app_web.comments to dfworx_web;
revoke update (version, updated_at) on app_web.comments from dfworx_web;
drop policy "authors and moderators change comments on posts they see" on app_web.comments;
create policy "authors, posts' authors and moderators change comments" on app_web.comments
  for update to dfworx_web
  using (organization_id = (select app.org_id())
         and exists (select from app_web.posts p
                     where p.organization_id = comments.organization_id and p.post_id = comments.post_id
                       and (comments.user_id = (select app.user_id()) or p.user_id = (select app.user_id())
                            or (select app.org_role()) in ('admin', 'moderator'))))
  with check (organization_id = (select app.org_id()));

-- Policies can't compare a row with what it was. A comment's words are its author's; taking them away is also a
-- moderator's, once and for all. The version counts what became of the words, and nobody else sets it.
create function app_web.guard_comment() returns trigger
language plpgsql set search_path = ''
as $$
begin
  if current_user = 'dfworx_web' and (new.content, new.removed_at) is distinct from (old.content, old.removed_at)
     and (old.removed_at is not null
          or app.user_id() is distinct from old.user_id
             and (new.content is not null or coalesce(app.org_role() not in ('admin', 'moderator'), true))) then
    raise exception 'only its author changes a comment, and a removed one stays removed'
      using errcode = 'insufficient_privilege';
  end if;
  if new.content is distinct from old.content then
    new.version := old.version + 1;
    new.updated_at := now();
  end if;
  return new;
end
$$;
create trigger comments_guard before update on app_web.comments
  for each row execute function app_web.guard_comment();

-- A profile comes into being with a person's first write.
create function app_web.prepare_comment() returns trigger
language plpgsql set search_path = ''
as $$
begin
  insert into app_web.profiles (organization_id, user_id) values (new.organization_id, new.user_id) on conflict do nothing;
  return new;
end
$$;
create trigger comments_prepare before insert on app_web.comments
  for each row execute function app_web.prepare_comment();

-- What follows from a write, in its transaction -------------------------------------------------------------
-- The names of the triggers give their order: rows of comments are locked before the post's, whoever comes first.

grant select (organization_id, post_id, comment_count), update (comment_count) on app_web.posts to dfworx_definer;
create policy "the comments' trigger finds the post" on app_web.posts
  for select to dfworx_definer using (true);
create policy "the comments' trigger counts" on app_web.posts
  for update to dfworx_definer using (true) with check (true);
grant select (organization_id, post_id, comment_id, parent_id, removed_at), update (removed_at), delete
  on app_web.comments to dfworx_definer;
create policy "the comments' trigger clears what is left of a thread" on app_web.comments
  for all to dfworx_definer using (true) with check (true);

-- A removed comment goes when its last answer goes. Locked first: then the question sees every answer, also those
-- that were being written or deleted at this moment.
create function app_web.clear_answered() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  perform from app_web.comments c
    where c.organization_id = old.organization_id and c.comment_id = old.parent_id and c.removed_at is not null
      for update;
  if found then
    delete from app_web.comments c
     where c.organization_id = old.organization_id and c.comment_id = old.parent_id
       and not exists (select from app_web.comments r
                        where r.organization_id = old.organization_id and r.post_id = old.post_id
                          and r.parent_id = old.parent_id);
  end if;
  return null;
end
$$;
create trigger comments_clear after delete on app_web.comments
  for each row when (old.parent_id is not null) execute function app_web.clear_answered();

create function app_web.count_comment() returns trigger
language plpgsql security definer set search_path = ''
as $$
declare
  one constant app_web.comments := case when tg_op = 'INSERT' then new else old end;
begin
  update app_web.posts p set comment_count = p.comment_count + case when tg_op = 'INSERT' then 1 else -1 end
   where p.organization_id = one.organization_id and p.post_id = one.post_id;
  return null;
end
$$;
create trigger comments_count_new after insert on app_web.comments
  for each row when (new.removed_at is null) execute function app_web.count_comment();
create trigger comments_count_removed after update on app_web.comments
  for each row when (old.removed_at is null and new.removed_at is not null) execute function app_web.count_comment();
create trigger comments_count_deleted after delete on app_web.comments
  for each row when (old.removed_at is null) execute function app_web.count_comment();

-- Counting changes no word of a post: what compares and keeps those, up to a megabyte of them, isn't called for it.
drop trigger posts_prepare on app_web.posts;
create trigger posts_prepare before insert on app_web.posts
  for each row execute function app_web.prepare_post();
create trigger posts_prepare_update before update on app_web.posts
  for each row when (new.comment_count = old.comment_count) execute function app_web.prepare_post();
drop trigger posts_keep_revision on app_web.posts;
create trigger posts_keep_revision after insert on app_web.posts
  for each row execute function app_web.keep_revision();
create trigger posts_keep_revision_update after update on app_web.posts
  for each row when (new.comment_count = old.comment_count) execute function app_web.keep_revision();
drop trigger posts_audit on app_web.posts;
create trigger posts_audit after insert or delete on app_web.posts
  for each row execute function app.audit('post_id', 'title,slug,content,excerpt,metadata');
create trigger posts_audit_update after update on app_web.posts
  for each row when (new.comment_count = old.comment_count)
  execute function app.audit('post_id', 'title,slug,content,excerpt,metadata');

update app_web.posts p set comment_count = counted.comments
  from (select c.organization_id, c.post_id, count(*) as comments from app_web.comments c group by 1, 2) as counted
 where counted.organization_id = p.organization_id and counted.post_id = p.post_id
   and p.comment_count <> counted.comments;

-- Reading --------------------------------------------------------------------------------------------------
-- By sub-selects, as app_web.post_items: never an inner join between tables with policies.

create view app_web.comment_items with (security_invoker = true) as
  select c.organization_id, c.post_id, c.comment_id, c.created_at,
         json_build_object(
           'comment_id', c.comment_id, 'post_id', c.post_id, 'parent_id', c.parent_id,
           'author', (select json_build_object('user_id', u.user_id, 'name', u.name, 'avatar_url', u.avatar_url)
                        from public.users u
                       where u.organization_id = c.organization_id and u.user_id = c.user_id),
           'content', c.content, 'removed', c.removed_at is not null,
           'mentions', (select coalesce(json_agg(json_build_object(
                                 'user_id', m.user_id,
                                 'name', (select u.name from public.users u
                                           where u.organization_id = m.organization_id and u.user_id = m.user_id))
                               order by m.user_id), '[]')
                          from app_web.mentions m
                         where m.organization_id = c.organization_id and m.comment_id = c.comment_id),
           'version', c.version, 'resolved_at', c.resolved_at, 'created_at', c.created_at,
           'updated_at', c.updated_at) as item
    from app_web.comments c;
revoke all on app_web.comment_items from public;
grant select on app_web.comment_items to dfworx_web;

-- A JSON array of at most page_size comments, oldest first, after (after_at, after_id) when given; null when the
-- caller may not see the post or it isn't there. Planned once a connection, as the lists of 007.
create function app_web.list_comments(
  ctx text, of_post uuid, after_at timestamptz, after_id uuid, page_size integer)
returns text
language plpgsql security invoker set search_path = '' set plan_cache_mode = force_generic_plan
as $$
declare
  org constant uuid := split_part(ctx, '|', 4)::uuid;
  from_at constant timestamptz := coalesce(after_at, '-infinity');
begin
  perform set_config('dfx.ctx', ctx, true);
  if not exists (select from app_web.posts p where p.organization_id = org and p.post_id = of_post) then
    return null;
  end if;
  return (
    select coalesce(json_agg(page.item), '[]')::text
      from (select c.item from app_web.comment_items c
             where c.organization_id = org and c.post_id = of_post
               and (c.created_at, c.comment_id) > (from_at, after_id)
             order by c.created_at, c.comment_id limit page_size) as page);
end
$$;

create function app_web.get_comment(ctx text, by_id uuid) returns text
language plpgsql security invoker set search_path = '' set plan_cache_mode = force_generic_plan
as $$
declare
  org constant uuid := split_part(ctx, '|', 4)::uuid;
begin
  perform set_config('dfx.ctx', ctx, true);
  return (select c.item::text from app_web.comment_items c where c.organization_id = org and c.comment_id = by_id);
end
$$;

-- Who owns and who may call --------------------------------------------------------------------------------

grant create on schema app_web to dfworx_definer;
alter function app_web.clear_answered() owner to dfworx_definer;
alter function app_web.count_comment() owner to dfworx_definer;
revoke create on schema app_web from dfworx_definer;

revoke all on function app_web.guard_comment(), app_web.prepare_comment(), app_web.clear_answered(),
                       app_web.count_comment(), app_web.list_comments(text, uuid, timestamptz, uuid, integer),
                       app_web.get_comment(text, uuid) from public;
grant execute on function app_web.list_comments(text, uuid, timestamptz, uuid, integer),
                          app_web.get_comment(text, uuid) to dfworx_web;
