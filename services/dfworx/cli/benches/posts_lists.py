"""The lists of posts as one would write them without walls: the same JSON by the same shape of statement, for the
owner, whom row level security doesn't touch, with the organization as an ordinary argument and no seal. What is
measured against them must give the same bytes, and that is checked before any time is taken."""

from __future__ import annotations

from uuid import UUID

from dfworx.shared.context import Caller

PAGE_SIZE = 21
"""A page of 20 asks for one more, to know whether there is a next one."""

SEALED = "select app_web.list_published_posts($1, null, null, null, null, $2)"
"""The product's own function, as `app_web.list_published_posts` is called for the page that most people open."""

_ITEM = """
json_build_object(
  'post_id', p.post_id, 'title', p.title, 'slug', p.slug, 'excerpt', p.excerpt, 'status', p.status,
  'visibility', p.visibility,
  'category', (select c.slug from app_web.categories c
                where c.organization_id = p.organization_id and c.category_id = p.category_id),
  'author', (select json_build_object('user_id', u.user_id, 'name', u.name, 'avatar_url', u.avatar_url)
               from public.users u where u.organization_id = p.organization_id and u.user_id = p.user_id),
  'comment_count', p.comment_count, 'version', p.version, 'created_at', p.created_at,
  'updated_at', p.updated_at, 'published_at', p.published_at, 'publish_at', p.publish_at,
  'pinned_at', p.pinned_at, 'trashed_at', p.trashed_at) as item
"""

PLAIN = f"""
select coalesce(json_agg(page.item), '[]')::text
  from (select {_ITEM} from app_web.posts p
         where p.organization_id = $1 and p.status = 'published' and p.visibility = 'organization'
         order by p.listed_at desc, p.post_id desc limit {PAGE_SIZE}) as page
"""  # noqa: S608 - of constants

PLAIN_OWN = f"""
select coalesce(json_agg(page.item), '[]')::text
  from (select {_ITEM} from app_web.posts p
         where p.organization_id = $1 and p.user_id = $2
           and (p.status <> 'published' or p.visibility <> 'organization') and p.status in ('draft', 'published')
         order by p.listed_at desc, p.post_id desc limit {PAGE_SIZE}) as page
"""  # noqa: S608 - of constants

PEOPLE = """
select distinct on (case when $1::boolean then u.user_id else u.organization_id end) u.user_id, u.organization_id
  from public.users u join public.organizations o using (organization_id)
 where u.role = 'member' and (o.slug = 'organization-1') = $1::boolean
"""
"""One member of each organization, or, when $1 is true, every member of the largest, which is the first."""


def caller_of(user_id: UUID, organization_id: UUID) -> Caller:
    """A member; which session it is makes no difference to the database."""
    return Caller(user_id, organization_id, "member", UUID(int=0))
