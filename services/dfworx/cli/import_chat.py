"""`dfworx import chat`: a file of messages, one JSON object a line, becomes a named thread of an organization's chat.
Understanding and writing them is in `importing/`; here is what a person types.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from dfworx.cli.deployments.asking import Asking
from dfworx.cli.deployments.running import Running
from dfworx.cli.failure import Failure
from dfworx.cli.importing.chat import read_thread_name
from dfworx.cli.importing.chat_run import import_messages
from dfworx.cli.importing.run import Steps
from dfworx.cli.importing.terminal import run_shown, running_install, settings_of
from dfworx.cli.importing.writing import Result
from dfworx.cli.install import Install, convex_from_here

ADMIN_KEY = "CONVEX_SELF_HOSTED_ADMIN_KEY"


def import_chat(
    # Not a Path here: that would take an empty word for the current folder.
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE.jsonl", help="A message a line: id, at, author, text and, of an answer, reply_to."
        ),
    ],
    organization: Annotated[
        str, typer.Option("--organization", metavar="SLUG", help="Whose messages they become.")
    ],
    thread: Annotated[
        str, typer.Option("--thread", metavar="NAME", help="Made when there is none of that name.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Make a message of every line, or bring up to date those made before."""
    organization, name = organization.strip().lower(), read_thread_name(thread)
    if not file:
        raise Failure("FILE.jsonl is empty; give the file that holds the messages.")
    if not organization:
        raise Failure("--organization is empty; give the slug of the organization that gets the messages.")
    install = running_install()
    with Asking(_deployment(install)) as asking:

        async def call(path: str, args: dict[str, Any]) -> Any:
            return await asyncio.to_thread(asking.call, path, args, kind="mutation")

        async def begin(steps: Steps, stopped: Callable[[], bool]) -> Result:
            return await import_messages(
                Path(file),
                organization,
                name,
                owner_url=install.database_url,
                settings_of=settings_of(install),
                call=call,
                steps=steps,
                stopped=stopped,
            )

        run_shown("messages", begin, as_json=as_json)


def _deployment(install: Install) -> Running:
    key = install.convex_admin_key or os.environ.get(ADMIN_KEY)
    if not key:
        raise Failure(
            f"This install's Convex deployment is {install.convex_url}; set {ADMIN_KEY} to its key."
        )
    return Running(convex_from_here(install), key)
