"""The command line's door. Only the module of the command that was asked for is loaded: `--help` and `status`
answer at once, and a command that is broken does not take the others with it.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import typer

from dfworx.cli.failure import Failure


@dataclass(frozen=True)
class Command:
    name: str
    where: str
    """Module and attribute: a function, or a Typer app of several commands."""
    help: str


COMMANDS = (
    Command("up", "dfworx.cli.up:up", "Start this install, or repair it, and say where it is."),
    Command("down", "dfworx.cli.down:down", "Stop this install."),
    Command("status", "dfworx.cli.status:status", "Say what runs and how well."),
    Command("logs", "dfworx.cli.logs:logs", "Show what the parts have written."),
    Command("db", "dfworx.cli.db:app", "Migrate, seed or reset the database, or print its address."),
    Command(
        "rotate-jwt-key", "dfworx.cli.rotate_jwt_key:rotate_jwt_key", "Sign access tokens with a new key."
    ),
    Command("realtime", "dfworx.cli.realtime:app", "Serve a folder of Convex functions, and look after it."),
    Command("audit", "dfworx.cli.audit:app", "Say whether the audit log is as it was written."),
    Command("bridge", "dfworx.cli.bridge:app", "Say how far Convex is behind, or tell it everything again."),
    Command("import", "dfworx.cli.imports:app", "Bring documents, chats and whole organizations in."),
    Command("org", "dfworx.cli.org:app", "List and make organizations, or write one into an open archive."),
    Command("backup", "dfworx.cli.backup:app", "Write the whole install into one archive."),
    Command("restore", "dfworx.cli.restore:restore", "Make an install of an archive."),
    Command("route", "dfworx.cli.route:route", "Say where a dataset lives, or where a new one belongs."),
    Command("gen", "dfworx.cli.gen:gen", "Write the generated clients and types."),
    Command("check", "dfworx.cli.check:check", "Lint, type-check, and compare the generated code."),
    Command("test", "dfworx.cli.test:test", "Run the checks and tests."),
    Command("bench", "dfworx.cli.bench:bench", "Measure how fast this is on this machine."),
)


def build_app(asked_for: str | None) -> typer.Typer:
    """All commands by name; the one asked for with its real options."""
    app = typer.Typer(
        name="dfworx",
        help="DFWorX: a workspace that serves many organizations from one install.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(lambda: None)
    for command in COMMANDS:
        if command.name == asked_for:
            _add(app, command, _load(command))
        else:
            app.command(command.name, help=command.help)(_stand_in)
    return app


def main() -> None:
    # The command is always the first word: there are no options before it but --help.
    app = build_app(next((word for word in sys.argv[1:] if not word.startswith("-")), None))
    try:
        app(prog_name="./dfworx")
    except Failure as failure:
        typer.echo(str(failure), err=True)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


def _load(command: Command) -> Any:
    module, attribute = command.where.split(":")
    return getattr(importlib.import_module(module), attribute)


def _add(app: typer.Typer, command: Command, loaded: Callable[..., Any] | typer.Typer) -> None:
    if isinstance(loaded, typer.Typer):
        app.add_typer(loaded, name=command.name, help=command.help)
    else:
        app.command(command.name, help=command.help)(loaded)


def _stand_in() -> None:
    """Stands for a command in the list of commands; never called."""


if __name__ == "__main__":
    main()
