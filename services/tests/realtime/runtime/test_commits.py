"""A commit's way: readers see it, then the disk has it, and only then is anybody told of it."""

from __future__ import annotations

import asyncio
import os
import threading
from pathlib import Path

import pytest

from dfworx.realtime.engine.store import Writer
from dfworx.realtime.runtime.bundle import Bundle
from dfworx.realtime.runtime.callers import NOBODY
from dfworx.realtime.runtime.deployment import Deployment, open_deployment
from dfworx.realtime.values import load
from tests.realtime.client import Client
from tests.realtime.conftest import ENV

A = {"room": "a"}


def folder_of(path: str) -> list[Path]:
    return list(Path(path).parent.iterdir())


async def count(deployment: Deployment) -> object:
    [result] = await deployment.queries.read([("messages:count", A)], NOBODY)
    assert result.value is not None, result.message
    return load(result.value)


async def test_what_the_disk_is_waited_for_is_run_once_and_told_to_nobody(
    at_work: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited, has_it = threading.Event(), threading.Event()

    def sync(writer: Writer) -> None:
        waited.set()
        assert has_it.wait(20)

    watcher, writer = Client(at_work).connect(), Client(at_work).connect()
    watcher.watch(("messages:count", A))
    await watcher.up_to_date()
    runs, seen = at_work.queries.runs, len(watcher.frames)
    monkeypatch.setattr(Writer, "sync", sync)
    number = writer.mutate("messages:send", {**A, "body": "x"})
    await asyncio.to_thread(waited.wait, 20)
    # Who reads now has a run of its own behind the one that was begun.
    assert await count(at_work) == 1.0
    assert at_work.queries.runs == runs + 2
    assert number not in writer.answers and len(watcher.frames) == seen
    has_it.set()
    await writer.until(lambda: number in writer.answers)
    await watcher.until(lambda: watcher.values[0] == 1.0)
    assert at_work.queries.runs == runs + 2


async def test_a_disk_that_does_not_say_what_it_has_stops_writes_until_the_next_start(
    path: str, node: Path, code: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await open_deployment(path, node, code, ENV)
    try:
        await first.mutate("messages:send", {**A, "body": "before"})

        def fail(file: int) -> None:
            raise OSError(5, "Input/output error")

        with monkeypatch.context() as patched:
            patched.setattr(os, "fdatasync", fail)
            lost = await first.mutate("messages:send", {**A, "body": "perhaps"})
        for written in (lost, await first.mutate("messages:send", {**A, "body": "after"})):
            assert written.stopped and written.ts is None and written.result.value is None
            assert "Nothing more is written until this deployment is started anew" in written.result.message
        assert await count(first) == 2.0
    finally:
        await first.close()
    second = await open_deployment(path, node, code, ENV)
    try:
        await second.mutate("messages:send", {**A, "body": "again"})
        assert await count(second) == 3.0
    finally:
        await second.close()


async def test_the_log_is_taken_into_the_documents_file(path: str, node: Path, code: Bundle) -> None:
    deployment = await open_deployment(path, node, code, ENV)
    try:
        for number in range(40):
            await deployment.mutate("messages:send", {**A, "body": f"{number} " + "x" * 500_000})
        sizes = {each.name: each.stat().st_size for each in folder_of(path)}
        assert sizes["documents.sqlite"] > 10_000_000 and sizes["documents.sqlite-wal"] < 15_000_000
    finally:
        await deployment.close()
