"""`dfworx import`: what was written elsewhere becomes an organization's."""

from __future__ import annotations

import typer

from dfworx.cli.import_archive import import_archive
from dfworx.cli.import_chat import import_chat
from dfworx.cli.import_markdown import import_markdown

app = typer.Typer(
    help="Bring documents, chats and whole organizations in.", no_args_is_help=True, add_completion=False
)
app.command("markdown")(import_markdown)
app.command("chat")(import_chat)
app.command("archive")(import_archive)
