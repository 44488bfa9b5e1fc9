"""Every function that a login may call, with everything that an attacker could give it about the foreign
organization: its ids, short name, addresses, forged seals. Read from the catalog, so that a new function is tried
on the day it lands."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator

from tests.walls.attacker import Attempt, sql
from tests.walls.catalog import Catalog, Function
from tests.walls.filling import DRAFT, FOREIGN, OURS, PUBLISHED

AT_MOST = 80
"""Calls a function, chosen by a fixed seed when its arguments could be combined in more ways."""

ANSWERS_BEFORE_PROOF = {
    "app_auth.find_identity": "gives the id and the sealed password hash of an address: a password is checked with it",
    "app.search_words": "works on the text that it is given, and reads no table",
    "app.search_query": "works on the text that it is given, and reads no table",
    "app.fold_words": "works on the text that it is given, and reads no table",
    "app.camel_parts": "works on the text that it is given, and reads no table",
    "app.search_key": "works on the words that it is given, and reads no table",
    "app.person_key": "works on the name that it is given, and reads no table",
}
"""Functions whose answers carry what they were asked about by design, each with the reason."""

ASKED_BY_ANYBODY = {
    "app_auth.request_reset": "notes who wants a mail, and no more: tests/auth/test_password_reset.py",
}
"""Functions that write what anybody may ask for, about any address, each with the reason."""

ACROSS_ORGANIZATIONS = {
    "shared_services.outbox_take": "the oldest events of all organizations, without their payload",
    "shared_services.outbox_expect": "notes whom an event is handed to",
    "shared_services.outbox_settle": "marks events that everybody has",
    "shared_services.outbox_read": "one event, for the consumer that was handed it",
    "shared_services.outbox_delivered": "marks one delivery",
    "shared_services.outbox_failed": "gives one delivery up",
    "shared_services.outbox_sweep": "removes what was delivered a week ago",
    "app_auth.issue_reset": "the address of somebody who asked for a mail, whose token the caller makes",
    "app_auth.reset_mailed": "marks one mail",
    "app_auth.issue_invitation": "what the mail of one event says, whose token the caller makes, until it is mailed",
    "app_auth.sweep_expired": "removes what has expired",
    "app_admin.sweep_empty_searches": "removes words of a year ago",
    "app_admin.marked_organizations": "ids of organizations whose figures are old",
    "app_web.publish_due_posts": "ids of the posts whose moment has come, and whose lists show them",
    "app_web.expire_trash": "hides what has been in the trash for thirty days, and gives its ids",
    "app_web.clear_deleted": "removes what hangs on posts that were deleted for good, and gives its ids",
    "app_web.purge_trash": "removes posts that were deleted for good and have nothing more, and gives their ids",
    "shared_services.sweep_files": "removes uploads that were attached to nothing, and gives where their bytes are",
    "shared_services.unnamed_storage_keys": "those of some places in the storage that no file has",
    "shared_services.unnamed_blobs": "places in the storage that no file names a day after their upload began",
    "shared_services.release_storage": "counts the bytes at some places no more, which no file names",
    "shared_services.sweep_idempotency_keys": "removes keys of a day ago",
    "app_web.add_views": "counts who has looked at which post, once a batch",
    "app_web.take_notification_mails": "what is to be mailed, each to whoever may read it",
    "app_web.mailed_notification": "marks one mail",
    "app_web.take_digests": "what is to be mailed this morning, each to whoever may read it",
    "app_web.mailed_digest": "marks one mail",
    "app_web.sweep_notifications": "removes what was read ninety days ago",
}
"""What the worker alone may call, and which is there to reach across organizations: each does one narrow thing, as
tests/worker shows."""


def calls(catalog: Catalog, login: str, seals: tuple[str, ...]) -> Iterator[tuple[Function, Attempt]]:
    """`seals` are the attacker's own, and those that it would like to be believed."""
    for function in catalog.functions:
        if login not in function.callers or function.name in (
            "app.ctx",
            "app.org_id",
            "app.user_id",
            "app.org_role",
        ):
            continue
        if function.name in ASKED_BY_ANYBODY or (
            login == "dfworx_worker" and function.name in ACROSS_ORGANIZATIONS
        ):
            continue
        for arguments in _combinations(function, seals):
            places = ", ".join(
                f"${number}::text::{kind}" for number, kind in enumerate(function.argument_types, start=1)
            )
            yield function, sql((f"select * from {function.name}({places})", arguments), echoes=True)


def _combinations(function: Function, seals: tuple[str, ...]) -> Iterator[tuple[str | None, ...]]:
    chance = random.Random(function.name)
    names = [*function.argument_names, *[""] * len(function.argument_types)]
    choices = [_values(name, kind, seals) for name, kind in zip(names, function.argument_types, strict=False)]
    total = 1
    for each in choices:
        total *= len(each)
    if total <= AT_MOST:
        yield from itertools.product(*choices)
        return
    for number in range(AT_MOST):
        # Each value at least once, then at random.
        yield tuple(each[number] if number < len(each) else chance.choice(each) for each in choices)


def _values(name: str, kind: str, seals: tuple[str, ...]) -> list[str | None]:
    if name == "ctx":
        return [*seals, None]
    match kind:
        case "uuid":
            people = [FOREIGN.person("admin"), FOREIGN.person("member"), FOREIGN.identity("admin")]
            ids = [
                FOREIGN.organization_id,
                *people,
                FOREIGN.id(PUBLISHED),
                FOREIGN.id(DRAFT),
                FOREIGN.id(0x30),
            ]
            return [*map(str, ids), str(OURS.organization_id), str(OURS.person("admin")), None]
        case "text" | "character varying" | "name":
            words = [FOREIGN.email("admin"), FOREIGN.email("member"), FOREIGN.slug, f"post-{PUBLISHED}-{FOREIGN.mark}",
                     f"category-{FOREIGN.mark}", str(FOREIGN.organization_id), FOREIGN.text("Post"),
                         FOREIGN.mark]  # fmt: skip
            return [
                *words,
                "admin",
                OURS.email("admin"),
                "%",
                "' or true --",
                "published",
                "new-organization",
                None,
            ]
        case "integer" | "bigint" | "smallint" | "numeric":
            return ["1", "0", "100", "-1", str(FOREIGN.number), None]
        case "boolean":
            return ["true", "false"]
        case "bytea":
            # Not one that is kept: whoever has the token that it is made of was given it.
            return [FOREIGN.digest(7), "\\x", None]
        case "json" | "jsonb":
            return ["{}", f'{{"organization_id": "{FOREIGN.organization_id}"}}', None]
        case "timestamp with time zone" | "timestamp without time zone" | "date":
            return ["2099-01-01", "-infinity", None]
        case "interval":
            return ["1 day", None]
        case _ if kind.endswith("[]"):
            return ["{}", "{" + str(FOREIGN.organization_id) + "}", None]
    return [None]
