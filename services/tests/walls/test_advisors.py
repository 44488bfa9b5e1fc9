"""Supabase's own advisors over the attacked database: nothing at WARN or ERROR, and they speak when there is."""

from __future__ import annotations

import asyncio
import json
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest

from dfworx.cli.home import INFRASTRUCTURE, Home
from dfworx.cli.parts import node
from tests.walls.ground import Ground
from tests.walls.tally import Notes


def advise(ground: Ground, folder: Path) -> list[dict[str, Any]]:
    home = Home(folder)
    home.prepare()
    url = urlunsplit(urlsplit(ground.owner_url)._replace(query="sslmode=disable"))
    done = subprocess.run(
        [
            *(
                str(node.supabase_executable()),
                "db",
                "advisors",
                f"--remote={url}",
                "--workdir",
                str(INFRASTRUCTURE),
            ),
            *("--level", "warn", "--fail-on", "none", "--output-format", "json", "--agent", "no"),
        ],
        env={**node.npm_environment(home.path), "SUPABASE_TELEMETRY_DISABLED": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return _findings(json.loads(done.stdout or "[]"))


def _findings(told: Any) -> list[dict[str, Any]]:
    """The list, wherever the CLI's JSON has it."""
    if isinstance(told, list):
        return [each for each in told if isinstance(each, dict)]
    lists = [_findings(value) for value in told.values() if isinstance(value, list | dict)] if told else []
    return [each for some in lists for each in some if "level" in each]


async def test_the_advisors_have_nothing_to_say(ground: Ground, tmp_path: Path) -> None:
    assert await asyncio.to_thread(advise, ground, tmp_path) == []


@pytest.mark.parametrize(
    "mistake",
    [
        (
            "create table public.walls_bare (a int primary key); grant select on public.walls_bare to anon",
            "drop table public.walls_bare",
        ),
        (
            "create function public.walls_loose() returns int language sql as 'select 1'",
            "drop function public.walls_loose()",
        ),
    ],
    ids=["a bare table", "a loose function"],
)
async def test_the_advisors_speak_of_a_mistake(
    ground: Ground, notes: Notes, tmp_path: Path, mistake: tuple[str, str]
) -> None:
    owner = await asyncpg.connect(ground.owner_url)
    try:
        await owner.execute(mistake[0])
        notes.control(mistake[0], bool(await asyncio.to_thread(advise, ground, tmp_path)))
    finally:
        await owner.execute(mistake[1])
        await owner.close()
