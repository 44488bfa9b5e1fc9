"""The chat of an organization, taken along in an open archive: what comes in is equal, by hash, to what left."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from dfworx.cli.deployments.asking import Asking
from dfworx.cli.deployments.running import Running
from dfworx.cli.failure import Failure
from dfworx.cli.organizations.export import export_organization
from dfworx.cli.organizations.taking_in import take_in
from dfworx.realtime.snapshot_door import ADDRESS
from dfworx.shared.storage import Storage
from tests.conftest import ClientAs, MakePerson, TestDatabase
from tests.convex.served import Served
from tests.web.conftest import publish

MOST = 50_000_000


@pytest.fixture
def asking(served: Served) -> Iterator[Asking]:
    with Asking(Running(served.url, served.admin_key)) as made:
        yield made


def documents(asking: Asking, organization_id: str, table: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = asking.call(
        "planting:list", {"organization_id": organization_id, "table": table}, kind="query"
    )
    return found


def digest(asking: Asking, organization_id: str, names: dict[str, str], slugs: dict[str, str]) -> str:
    """Of all that people see of the chat, with names in place of ids."""
    threads = {each["_id"]: each for each in documents(asking, organization_id, "threads")}
    messages = {each["_id"]: each for each in documents(asking, organization_id, "messages")}
    seen = []
    for each in messages.values():
        thread = threads[each["thread_id"]]
        answered = messages.get(each["reply_to"])
        reactions = [
            [every["emoji"], [names[one] for one in every["user_ids"]]] for every in each["reactions"]
        ]
        seen.append(
            [
                *(thread["kind"], thread["name"], slugs.get(thread["post_id"]), thread["archived_at"]),
                *(
                    names[each["user_id"]],
                    each["text"],
                    each["sent_at"],
                    each["edited_at"],
                    each["removed_at"],
                ),
                *(each["pinned_at"], reactions, answered and answered["text"]),
            ]
        )
    assert len(seen) == 5
    return hashlib.sha256(json.dumps(sorted(seen, key=str)).encode()).hexdigest()


async def test_threads_messages_and_reactions_come_in_as_they_left_and_all_or_nothing(
    asking: Asking,
    database: TestDatabase,
    make_person: MakePerson,
    client_as: ClientAs,
    owner: asyncpg.Connection,
    tmp_path: Path,
) -> None:
    ann, ben = await make_person(role="admin", name="Ann"), await make_person(name="Ben")
    post = await publish(client_as(ann), title="Bread")
    old = str(ann.organization_id)

    def plant(table: str, **row: Any) -> str:
        made: str = asking.call(
            "planting:insert", {"organization_id": old, "table": table, "row": row}, kind="mutation"
        )
        return made

    thread = {"name": None, "post_id": None, "created_by": None, "archived_at": None}
    threads = [
        plant("threads", **{**thread, "kind": "organization"}),
        plant("threads", **{**thread, "kind": "post", "post_id": post["post_id"]}),
        plant("threads", **{**thread, "kind": "named", "name": "Ovens", "archived_at": 7.0}),
        # Of a post that is gone.
        plant("threads", **{**thread, "kind": "post", "post_id": str(uuid4())}),
    ]
    number = 0

    def say(thread_id: str, person: Any, text: str, **more: Any) -> str:
        nonlocal number
        number += 1
        row: dict[str, Any] = {
            "source_id": None,
            "edited_at": None,
            "removed_at": None,
            "attachments": [],
            "has_file": False,
            "reactions": [],
        }
        row |= {"tags": [], "pinned_at": None, "reply_to": None, "sent_at": 1000.0 * number, "number": number}
        return plant(
            "messages", thread_id=thread_id, user_id=str(person.user_id), text=text, **{**row, **more}
        )

    both = [{"emoji": "🍞", "user_ids": [str(ben.user_id), str(ann.user_id)]}]
    hello = say(threads[0], ann, "Hello", reactions=both, pinned_at=9000.0)
    say(threads[0], ben, "Hello to you", reply_to=hello, edited_at=8000.0)
    say(threads[0], ben, "", removed_at=8500.0)
    say(threads[1], ben, "Two days?")
    say(threads[2], ann, "Hot")

    file, storage = tmp_path / "lumen.zip", Storage.of(database.settings("dfworx_web"))
    counts = await export_organization(
        *(database.owner_url, "lumen", file, storage), lambda: asking.read(ADDRESS, {"files": "false"})
    )
    assert (counts["threads"], counts["messages"]) == (4, 5)
    taken: list[str] = []

    def call(path: str, args: dict[str, Any]) -> Any:
        taken.append(args["organization_id"])
        return asking.call(path, args, kind="mutation")

    def failing(path: str, args: dict[str, Any]) -> Any:
        """Everything is written, and then it is over."""
        value = call(path, args)
        if path == "imports:takeMessages":
            raise Failure("The deployment is gone.")
        return value

    where = (database.owner_url, file, "lantern", ann.email, storage)
    with pytest.raises(Failure, match="is gone"):
        await take_in(*where, most_file_bytes=MOST, call=failing)
    assert documents(asking, taken[0], "messages") == documents(asking, taken[0], "threads") == []
    assert await owner.fetchval("select count(*) from public.organizations where slug = 'lantern'") == 0

    counts = await take_in(*where, most_file_bytes=MOST, call=call)
    assert (counts["threads"], counts["messages"]) == (3, 5)

    async def told(organization_id: str) -> str:
        org = UUID(organization_id)
        names = await owner.fetch(
            "select user_id::text, name from public.users where organization_id = $1", org
        )
        slugs = await owner.fetch(
            "select post_id::text, slug from app_web.posts where organization_id = $1", org
        )
        return digest(asking, organization_id, dict(map(tuple, names)), dict(map(tuple, slugs)))

    assert taken[-1] != old
    assert await told(taken[-1]) == await told(old)
