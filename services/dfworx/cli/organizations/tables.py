"""What of an organization is in its open archive: which columns of which tables, in the order in which they can be put
into another database. No secrets, no identities, nothing that is made anew of the rest (search, counts, mails)."""

from __future__ import annotations

from dataclasses import dataclass

FORMAT = 1
_LIVING = "exists (select from app_web.posts p where p.post_id = t.post_id and p.deleted_at is null)"
_SAID = "exists (select from app_web.comments c join app_web.posts p using (post_id)"
_SAID += " where c.comment_id = t.comment_id and p.deleted_at is null)"


@dataclass(frozen=True)
class Table:
    name: str
    columns: tuple[str, ...]
    key: str = ""
    """The column with the row's own id, if it has one."""
    where: str = "true"
    is_made_by_triggers: bool = False
    """As rows of other tables come; what was made so gives way to what the archive has."""

    @property
    def file(self) -> str:
        """In the archive."""
        return f"data/{self.name.partition('.')[2]}.jsonl"


_WHEN = ("created_at", "updated_at")
TABLES = (
    Table(
        "public.users",
        ("user_id", "name", "email", "avatar_url", "role", "origin", "is_active", *_WHEN),
        "user_id",
    ),
    Table("app_web.profiles", ("user_id", "bio", "title", "timezone", *_WHEN)),
    Table(
        "app_web.categories",
        ("category_id", "parent_id", "name", "slug", "description", "position", *_WHEN),
        "category_id",
    ),
    Table(
        "app_web.posts",
        (
            *(
                "post_id",
                "user_id",
                "category_id",
                "title",
                "slug",
                "content",
                "excerpt",
                "status",
                "visibility",
            ),
            *(
                "version",
                "metadata",
                *_WHEN,
                "published_at",
                "archived_at",
                "trashed_at",
                "trashed_from",
                "publish_at",
            ),
            *("pinned_at", "pinned_place"),
        ),
        "post_id",
        where="t.deleted_at is null",
    ),
    Table("app_web.post_slugs", ("slug", "post_id", "created_at"), where=_LIVING, is_made_by_triggers=True),
    Table(
        "app_web.revisions",
        (
            *("revision_id", "post_id", "version", "user_id", "title", "content", "created_at", "author_id"),
            *("begun_at", "replaced_at", "shown_to", "is_settled"),
        ),
        "revision_id",
        where=_LIVING,
        is_made_by_triggers=True,
    ),
    Table("app_web.post_readers", ("post_id", "user_id", "shared_by", "created_at"), where=_LIVING),
    Table("app_web.post_editors", ("post_id", "user_id", "created_at"), where=_LIVING),
    Table(
        "app_web.comments",
        (
            *("comment_id", "post_id", "user_id", "parent_id", "content", "version", "resolved_at"),
            *(*_WHEN, "removed_at"),
        ),
        "comment_id",
        where=_LIVING,
    ),
    Table("app_web.mentions", ("comment_id", "user_id"), where=_SAID),
    Table(
        "shared_services.files",
        (
            *(
                "file_id",
                "user_id",
                "name",
                "media_type",
                "size_bytes",
                "sha256",
                "storage_key",
                "created_at",
            ),
            *("post_id", "comment_id", "width", "height"),
        ),
        "file_id",
        # A file of a message goes with the chat, one that hangs on nothing is about to be swept.
        where=f"(t.post_id is not null and {_LIVING}) or (t.comment_id is not null and {_SAID})",
    ),
)
