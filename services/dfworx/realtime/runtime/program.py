"""The functions of a deployment as they were last read: what there is, what it may hold, and processes to run it."""

from __future__ import annotations

import random
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from dfworx.realtime.engine.schema import Schema, read_schema
from dfworx.realtime.runtime.bundle import Bundle
from dfworx.realtime.runtime.foresight import Foresight
from dfworx.realtime.runtime.functions import Function, read_functions
from dfworx.realtime.runtime.tokens import Providers
from dfworx.realtime.runtime.worker import Worker

FILENAME = "convex.js"
"""What frames of errors call the bundle, where no source map says better."""


@dataclass(frozen=True, slots=True)
class Program:
    node: Path
    bundle: Bundle
    env: dict[str, str]
    functions: dict[str, Function]
    schema: Schema
    providers: Providers
    """Whose tokens are taken."""
    foresight: Foresight = field(default_factory=Foresight)

    async def start_worker(self) -> Worker:
        """Raises WorkerDied."""
        worker, _ = await Worker.start(self.node, self.bundle.code, FILENAME, self.env)
        return worker


async def load_program(node: Path, bundle: Bundle, env: dict[str, str]) -> tuple[Program, Worker]:
    """With a process that has it loaded. Raises WorkerDied, BadSchema, BadAuthConfig."""
    worker, described = await Worker.start(node, bundle.code, FILENAME, env)
    try:
        schema = read_schema(described["schema"]) if described["schema"] else Schema(validates=False)
        functions = read_functions(described["functions"])
        return Program(node, bundle, env, functions, schema, Providers.read(described["auth"])), worker
    except BaseException:
        await worker.kill()
        raise


def new_chance() -> random.Random:
    """What functions draw is told to be no secret."""
    return random.Random(secrets.randbits(64))  # noqa: S311
