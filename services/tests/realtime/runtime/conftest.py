"""The functions of this folder in a real Node process, over a scratch file."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from dfworx.realtime.engine.committer import Committer
from dfworx.realtime.engine.cursors import Cursors
from dfworx.realtime.engine.schema import Schema, apply_schema, fits, read_schema
from dfworx.realtime.engine.store import Writer, open_connection
from dfworx.realtime.engine.transaction import Transaction
from dfworx.realtime.runtime.bundle import Bundle
from dfworx.realtime.runtime.deployment import Deployment
from dfworx.realtime.runtime.file_addresses import FileAddresses
from dfworx.realtime.runtime.file_calls import FileCalls
from dfworx.realtime.runtime.foresight import Foresight
from dfworx.realtime.runtime.functions import (
    Around,
    Function,
    Result,
    find_function,
    read_functions,
    run_function,
)
from dfworx.realtime.runtime.worker import Worker
from dfworx.realtime.values import Value
from tests.realtime.conftest import ENV
from tests.realtime.runtime.looking import Looking

NOW_NS = 1_790_000_000_000_500_000


class _Failed(Exception):
    pass


@dataclass
class Runner:
    """Runs functions by their paths as the one writer does, and keeps what the last one did."""

    worker: Worker
    writer: Writer
    schema: Schema
    functions: dict[str, Function]
    committer: Committer
    last: Transaction
    foresight: Foresight = field(default_factory=Foresight)

    async def run(
        self,
        path: str,
        args: Value = None,
        *,
        journal: str | None = None,
        later: bool = False,
        **about: Any,
    ) -> Result:
        function = find_function(self.functions, path, None)
        given: Value = {} if args is None else args
        result = Result(None)
        try:
            with self.committer.mutation(NOW_NS, fits(self.schema, self.writer.catalog)) as (self.last, _):
                result = await run_function(self.around(**about), function, given, journal, later=later)
                if result.value is None:
                    raise _Failed
        except _Failed:
            pass
        self.committer.flush()
        return result

    def around(self, identity: dict[str, Any] | None = None, seed: int = 1) -> Around:
        chance = random.Random(seed)  # functions' chance is told to be no secret
        deleted: list[str] = []
        files = FileCalls(FileAddresses("", bytes(32)), deleted.append)
        cursors = Cursors(bytes(32))
        return Around(
            self.worker, self.functions, self.last, cursors, files, identity, chance, self.foresight
        )


@pytest.fixture
async def runner(node: Path, code: Bundle, tmp_path: Path) -> AsyncIterator[Runner]:
    writer = Writer(open_connection(str(tmp_path / "documents.sqlite"), durable=False))
    writer.create()
    worker, described = await Worker.start(node, code.code, "convex.js", ENV)
    schema = read_schema(described["schema"])
    writer.begin()
    assert list(apply_schema(writer, schema)) == []
    writer.commit(1)
    functions = read_functions(described["functions"])
    yield Runner(
        worker, writer, schema, functions, Committer(writer, NOW_NS), Transaction(writer, NOW_NS / 1e6)
    )
    await worker.kill()
    writer.connection.close()


@pytest.fixture
async def looking(at_work: Deployment) -> AsyncIterator[Looking]:
    made = Looking(at_work)
    await made.client.up_to_date()
    yield made
