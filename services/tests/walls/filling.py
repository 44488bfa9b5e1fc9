"""Rows for every table, once for each of two organizations. What belongs to the foreign one carries its mark in
every text, number and id, so that an answer which holds the mark has crossed the wall. A table that is added
later needs its row here: test_arena.py fails until it has one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from dfworx.shared.context import ROLES, Role


@dataclass(frozen=True)
class Organization:
    mark: str
    """Eight hexadecimal digits: the beginning of its ids, and a part of its texts, addresses and hashes."""
    number: int
    """Where a column takes a number."""

    def id(self, place: int) -> UUID:
        return UUID(f"{self.mark}-0000-4000-8000-{place:012x}")

    @property
    def organization_id(self) -> UUID:
        return self.id(0)

    @property
    def slug(self) -> str:
        return f"org-{self.mark}"

    def person(self, role: Role) -> UUID:
        return self.id(0x10 + ROLES.index(role))

    def identity(self, role: Role) -> UUID:
        return self.id(0x20 + ROLES.index(role))

    def email(self, role: Role) -> str:
        return f"{role}@{self.slug}.example"

    def text(self, what: str) -> str:
        return f"{what} of {self.mark}"

    def digest(self, place: int) -> str:
        """32 bytes, as PostgreSQL reads them."""
        return "\\x" + (self.mark * 7 + f"{place:08x}")


OURS = Organization("a1a1a1a1", 11)
FOREIGN = Organization("b0b0b0b0", 1_765_432_109)

PUBLISHED, DRAFT, PRIVATE, ARCHIVED, SHARED, TRASHED = range(0x40, 0x46)
_POSTS: dict[int, tuple[Role, str, str]] = {
    PUBLISHED: ("admin", "published", "organization"),
    DRAFT: ("member", "draft", "organization"),
    PRIVATE: ("moderator", "published", "author"),
    ARCHIVED: ("moderator", "archived", "organization"),
    SHARED: ("member", "published", "people"),
    TRASHED: ("moderator", "trashed", "organization"),
}

Row = tuple[str, dict[str, Any]]


def rows(of: Organization) -> Iterator[Row]:
    """Table and values, in the order in which the foreign keys allow them."""
    yield from _identities(of)
    reset = {"email": of.email("member"), "token_hash": of.digest(4), "expires_at": "2099-01-01T00:00:00Z"}
    yield "app_auth.password_resets", reset
    yield from _counted(of)
    for table, values in _rows_of_the_organization(of):
        yield table, {"organization_id": str(of.organization_id), **values}


def planted(table: str, of: Organization) -> dict[str, Any] | None:
    """A row that the organization doesn't have yet: what must be unique in it is new, and its id is the server's."""
    row = next((values for name, values in rows(of) if name == table), None)
    if row is None:
        return None
    fresh = dict(row)
    for column in ("slug", "key", "metric"):
        if column in fresh:
            fresh[column] += "-new" if column == "slug" else "_new"
    if table == "app_web.mentions":
        fresh["user_id"] = str(of.person("member"))
    if table in ("app_web.mutes", "app_web.post_reads"):
        fresh["post_id"] = str(of.id(SHARED))
    if table == "app_web.flags":
        fresh["entity_id"] = str(of.id(SHARED))
    if table in ("app_admin.active_days", "app_admin.request_days", "app_admin.empty_searches"):
        fresh["day"] = "2026-01-02"
    if table == "app_web.read_marks":
        fresh["user_id"] = str(of.person("member"))
    if table == "public.notifications":
        fresh["kind"] = "reply"
    if "storage_key" in fresh:
        fresh["storage_key"] += "x"
    if table == "public.users":
        fresh |= {
            "name": of.text("New"),
            "email": f"new@{of.slug}.example",
            "identity_id": None,
            "origin": "imported",
        }
    if "key_hash" in fresh:
        fresh["key_hash"] = of.digest(8)
    if "token_hash" in fresh:
        fresh["token_hash"] = of.digest(9)
    if "mail_token_hash" in fresh:
        fresh["mail_token_hash"] = of.digest(10)
    return fresh


def _identities(of: Organization) -> Iterator[Row]:
    for role in ROLES:
        yield (
            "app_auth.identities",
            {
                "identity_id": str(of.identity(role)),
                "email": of.email(role),
                "password_hash": f"$argon2id${of.mark}",
            },
        )


def _counted(of: Organization) -> Iterator[Row]:
    yield "app_web.view_batches", {"batch_id": str(of.id(0x48))}


def _rows_of_the_organization(of: Organization) -> Iterator[Row]:
    admin = str(of.person("admin"))
    yield "public.organizations", {"name": of.text("Organization"), "slug": of.slug}
    for role in ROLES:
        yield (
            "public.users",
            {
                "user_id": str(of.person(role)),
                "identity_id": str(of.identity(role)),
                "name": of.text(role.title()),
                "email": of.email(role),
                "avatar_url": f"https://{of.slug}.example/{role}.png",
                "role": role,
                "origin": "registered",
            },
        )
    imported = {"user_id": str(of.id(0x18)), "name": of.text("Imported"), "origin": "imported"}
    yield "public.users", imported
    yield from _entering(of, admin)
    yield from _writings(of)
    yield from _administration(of, admin)


def _entering(of: Organization, admin: str) -> Iterator[Row]:
    yield (
        "app_auth.invitations",
        {
            "invitation_id": str(of.id(0x30)),
            "email": f"invited@{of.slug}.example",
            "role": "member",
            "token_hash": of.digest(1),
            "mail_token_hash": of.digest(11),
            "invited_by": admin,
            "expires_at": "2099-01-01T00:00:00Z",
        },
    )
    yield (
        "app_auth.api_tokens",
        {
            "api_token_id": str(of.id(0x31)),
            "user_id": admin,
            "name": of.text("Token"),
            "token_hash": of.digest(2),
        },
    )


def _writings(of: Organization) -> Iterator[Row]:
    for role in ROLES:
        profile = {"user_id": str(of.person(role)), "bio": of.text("Bio"), "title": of.text("Title")}
        yield "app_web.profiles", profile
        mine = {"user_id": str(of.person(role)), "preferences": {"language": f"x-{of.mark}"}}
        yield "app_web.preferences", mine
    category = {"name": of.text("Category"), "slug": f"category-{of.mark}", "description": of.text("About")}
    yield "app_web.categories", {"category_id": str(of.id(0x38)), **category, "position": of.number}
    for place, (role, status, visibility) in _POSTS.items():
        yield (
            "app_web.posts",
            {
                "post_id": str(of.id(place)),
                "user_id": str(of.person(role)),
                "category_id": str(of.id(0x38)),
                "title": of.text("Post"),
                "slug": f"post-{place}-{of.mark}",
                "content": of.text("Content"),
                "excerpt": of.text("Excerpt"),
                "status": status,
                "visibility": visibility,
                "version": of.number,
                "metadata": {"authors": of.text("Author")},
                "published_at": "2026-01-01T00:00:00Z" if status != "draft" else None,
                "archived_at": "2026-02-01T00:00:00Z" if status == "archived" else None,
                "trashed_at": "2026-03-01T00:00:00Z" if status == "trashed" else None,
                "trashed_from": "published" if status == "trashed" else None,
            },
        )
        yield "app_web.post_slugs", {"post_id": str(of.id(place)), "slug": f"old-{place}-{of.mark}"}
        on_it = {"post_id": str(of.id(place)), "user_id": str(of.person(role))}
        comment = {
            "comment_id": str(of.id(place + 0x10)),
            "content": of.text("Comment"),
            "version": of.number,
        }
        yield "app_web.comments", {**on_it, **comment}
        mention = {"comment_id": comment["comment_id"], "user_id": str(of.person("guest"))}
        yield "app_web.mentions", mention
        yield "app_web.post_views", {"post_id": str(of.id(place)), "views": of.number}
    shared = {"post_id": str(of.id(SHARED)), "user_id": str(of.person("guest"))}
    yield "app_web.post_readers", {**shared, "shared_by": str(of.person("member"))}
    for place in (DRAFT, SHARED):
        yield "app_web.post_editors", {"post_id": str(of.id(place)), "user_id": str(of.person("guest"))}
    # Who has an account has one by trigger.
    yield "app_web.digests", {"user_id": str(of.id(0x18)), "due_at": "2099-01-01T00:00:00Z"}
    counted = {"mail_id": str(of.id(0x68)), "kind": "notification", "address": of.digest(7)}
    yield "app_web.mail_counts", counted
    theirs = {"post_id": str(of.id(PUBLISHED)), "user_id": str(of.person("guest"))}
    yield "app_web.mutes", theirs
    yield "app_web.post_reads", theirs
    yield "app_web.read_marks", {"user_id": str(of.person("guest"))}
    file = {
        "name": f"{of.mark}.png",
        "media_type": "image/png",
        "size_bytes": of.number,
        "width": 8,
        "height": 6,
    }
    hung_on: list[dict[str, int]]
    hung_on = [{"post_id": PUBLISHED}, {"post_id": SHARED}, {"comment_id": DRAFT + 0x10}, {}]
    for place, on in enumerate(hung_on):
        blob = {
            "storage_key": f"{of.organization_id}/{of.mark}-{place}.png",
            "size_bytes": of.number,
        }
        yield "shared_services.blobs", blob
        yield (
            "shared_services.files",
            {
                "file_id": str(of.id(0x60 + place)),
                "user_id": str(of.person("member")),
                "sha256": of.digest(3 + place),
                "storage_key": f"{of.organization_id}/{of.mark}-{place}.png",
                **{column: str(of.id(at)) for column, at in on.items()},
                **file,
            },
        )
    yield "shared_services.storage_usage", {"used_bytes": 4 * of.number}


def _administration(of: Organization, admin: str) -> Iterator[Row]:
    for place, role in enumerate(ROLES):
        told = {"user_id": str(of.person(role)), "actor_id": admin, "kind": "mention"}
        comment = str(of.id(PUBLISHED + 0x10))
        about = {"entity": "app_web.comments", "entity_id": comment, "data": {"of": of.mark}}
        about |= {"post_id": str(of.id(PUBLISHED)), "comment_id": comment}
        yield "public.notifications", {"notification_id": str(of.id(0x68 + place)), **told, **about}
    about = {"entity_id": str(of.id(PUBLISHED)), "payload": {"of": of.mark}}
    yield "shared_services.outbox", {"topic": "posts.published", **about}
    key = {"user_id": admin, "key_hash": of.digest(4), "fingerprint": of.digest(5), "answer": of.digest(6)}
    yield "shared_services.idempotency_keys", key
    # One that a consumer was handed; its number is the server's, and so large that no other row has it.
    number = 1_000_000 + of.number
    event = {"outbox_id": number, "topic": "posts.archived", **about, "handed_at": "2026-01-01T00:00:00Z"}
    yield "shared_services.outbox", event
    yield "shared_services.deliveries", {"outbox_id": number, "consumer": f"webhook_{of.mark}"}
    setting = {"key": "a_rule", "value": {"of": of.mark}, "updated_by": admin}
    yield "app_admin.admin_settings", setting
    flagged = {"kind": "post", "entity_id": str(of.id(PUBLISHED)), "reason": "spam", "note": of.text("Note")}
    yield "app_web.flags", {"flag_id": str(of.id(0x71)), "user_id": str(of.person("guest")), **flagged}
    decided = {
        "kind": "post",
        "entity_id": str(of.id(PUBLISHED)),
        "decision": "kept",
        "reason": of.text("Why"),
    }
    yield "app_admin.decisions", {"decision_id": str(of.id(0x72)), "decided_by": admin, **decided}
    report = {"report_id": str(of.id(0x70)), "user_id": admin, "kind": "posts", "title": of.text("Report")}
    yield "app_admin.reports", {**report, "parameters": {"of": of.mark}, "result": {"of": of.mark}}
    yield "app_admin.analytics", {"day": "2026-01-01", "metric": "posts", "value": of.number}
    yield "app_admin.active_days", {"user_id": admin, "day": "2026-01-01"}
    answered = {"requests": of.number, "failed": 0, "milliseconds": of.number}
    yield "app_admin.request_days", {"day": "2026-01-01", "service": "web", **answered}
    yield "app_admin.empty_searches", {"day": "2026-01-01", "words": of.text("Words"), "searches": of.number}
    yield "app_admin.analytics_marks", {"day": "2026-01-01"}
    log = {"service": "web", "level": "info", "message": of.text("Message"), "context": {"of": of.mark}}
    yield "app_admin.system_logs", log
