"""What has been said in the observatory: a night long ago that was imported, a talk of today with an answer, reactions,
code and a pin, a thread where nobody has said anything, and one beside a post."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from tests.flows.conftest import Stack

PICTURES = "camera"
LONG_AGO = [
    ("Jonas Berg", "First frames are in. The flats of last week still fit."),
    ("Jonas Berg", "Seeing 2.1, some high cloud in the west."),
    ("Leila Haddad", "Gain 120 below 5 °C, else the amplifier glows. Let us keep to that."),
    ("Ines Prado", "The focuser sticks at 4100 again. I turned it by hand and wrote it into the log."),
    (
        "Leila Haddad",
        "I will take it apart on Saturday.\n\n- new grease\n- the **small** screw, not the large one\n- photos",
    ),
]


def call(person: httpx.Client, kind: str, path: str, **arguments: Any) -> Any:
    token = person.post("/api/auth/realtime-token").json()["token"]
    answer = person.post(
        f"/convex/api/{kind}",
        json={"path": path, "args": arguments, "format": "json"},
        headers={"Authorization": f"Bearer {token}"},
        timeout=60,
    ).json()
    assert answer["status"] == "success", f"{path}: {answer}"
    return answer["value"]


def furnish_chat(stack: Stack, ada: httpx.Client, tomas: httpx.Client, post_id: str) -> dict[str, str]:
    """The threads' addresses, by name."""
    _import(stack)
    threads = call(ada, "query", "threads:list")
    camera = next(each["thread_id"] for each in threads if each["name"] == PICTURES)
    everyone = next(each["thread_id"] for each in threads if each["kind"] == "organization")
    _talk_of_today(ada, tomas, camera)
    call(tomas, "mutation", "messages:send", thread_id=everyone, text="The dome is open, come up.")
    empty = call(ada, "mutation", "threads:create", name="roof")
    beside = call(tomas, "mutation", "threads:forPost", post_id=post_id)
    call(tomas, "mutation", "messages:send", thread_id=beside, text="Shall we add the fourth?")
    call(ada, "mutation", "messages:send", thread_id=beside, text="Yes, with its error.")
    return {"thread": f"/chat/{camera}", "empty_thread": f"/chat/{empty}"}


def _import(stack: Stack) -> None:
    file = stack.home.path / "said.jsonl"
    began = datetime(2026, 10, 3, 20, 14, tzinfo=UTC)
    with file.open("w") as lines:
        for number, (author, text) in enumerate(LONG_AGO):
            at = (began + timedelta(minutes=3 * number)).isoformat()
            lines.write(json.dumps({"id": f"m-{number}", "at": at, "author": author, "text": text}) + "\n")
    done = stack.run("import", "chat", str(file), "--organization", "northlight", "--thread", PICTURES)
    assert done.returncode == 0, done.stderr


def _talk_of_today(ada: httpx.Client, tomas: httpx.Client, thread_id: str) -> None:
    def say(person: httpx.Client, text: str, **more: Any) -> str:
        made: str = call(person, "mutation", "messages:send", thread_id=thread_id, text=text, **more)
        return made

    pinned = say(ada, "Darks for October are in `/data/darks/2026-10`, 60 of each length.")
    call(ada, "mutation", "pins:toggle", message_id=pinned)
    say(tomas, "Thank you. I stack them with\n\n```python\nstack(darks, reject=sigma(3.0))\n```")
    question = say(tomas, "Which gain did you use?")
    say(ada, "120, as always below 5 °C.", reply_to=question)
    call(ada, "mutation", "reactions:toggle", message_id=question, emoji="👀")
    for person in (ada, tomas):
        call(person, "mutation", "reactions:toggle", message_id=pinned, emoji="👍")
    call(tomas, "mutation", "reactions:toggle", message_id=pinned, emoji="🌙")
    gone = say(tomas, "Wrong thread.")
    call(tomas, "mutation", "messages:remove", message_id=gone)
    say(
        tomas,
        "Then the glow in frame 31 is something else: see https://northlight.example/frames/2026-10-03/31.",
    )
