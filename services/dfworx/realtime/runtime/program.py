"""The functions of a deployment as they were last read: what there is, what it may hold, and processes to run it."""

from __future__ import annotations

import random
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from dfworx.realtime.engine.schema import Schema, read_schema
from dfworx.realtime.runtime.action_process import ActionProcess
from dfworx.realtime.runtime.bundle import FILENAME, BadFunctions, Bundle
from dfworx.realtime.runtime.crons import Cron, read_crons
from dfworx.realtime.runtime.foresight import Foresight
from dfworx.realtime.runtime.functions import Function, read_functions
from dfworx.realtime.runtime.patient import PatientWorker
from dfworx.realtime.runtime.tokens import Providers
from dfworx.realtime.runtime.worker import Worker


@dataclass(frozen=True, slots=True)
class Program:
    node: Path
    bundle: Bundle
    env: dict[str, str]
    functions: dict[str, Function]
    schema: Schema
    providers: Providers
    """Whose tokens are taken."""
    http: bool
    """Whether there is a router of HTTP actions."""
    crons: dict[str, Cron]
    foresight: Foresight = field(default_factory=Foresight)

    async def start_worker(self, *, behind: bool = False) -> Worker:
        """`behind`: others are given the processor before it. Raises WorkerDied."""
        worker, _ = await Worker.start(self.node, self.bundle.code, FILENAME, self.env, behind=behind)
        return worker

    async def start_patient_worker(self) -> PatientWorker:
        """It stands behind. Raises WorkerDied."""
        worker, _ = await PatientWorker.start(self.node, self.bundle.code, FILENAME, self.env, behind=True)
        return worker


async def load_program(node: Path, bundle: Bundle, env: dict[str, str]) -> tuple[Program, Worker]:
    """With a process that has it loaded. Raises WorkerDied, BadSchema, BadAuthConfig, BadFunctions, BadCrons."""
    worker, described = await Worker.start(node, bundle.code, FILENAME, env)
    try:
        schema = read_schema(described["schema"]) if described["schema"] else Schema(validates=False)
        functions = read_functions(described["functions"]) | await _read_node_functions(node, bundle, env)
        providers = Providers.read(described["auth"])
        crons = read_crons(described["crons"], functions)
        program = Program(node, bundle, env, functions, schema, providers, described["http"], crons)
        return program, worker
    except BaseException:
        await worker.kill()
        raise


async def _read_node_functions(node: Path, bundle: Bundle, env: dict[str, str]) -> dict[str, Function]:
    if bundle.node_code is None:
        return {}
    process, described = await ActionProcess.start(node, bundle, env, for_node=True)
    await process.kill("")
    functions = read_functions(described, node=True)
    for function in functions.values():
        if function.kind != "action":
            raise BadFunctions(
                f'{function.path} is a {function.kind}, and its file says "use node": only actions run in Node. '
                "Move it to a file that doesn't say so."
            )
    return functions


def new_chance() -> random.Random:
    """What functions draw is told to be no secret."""
    return random.Random(secrets.randbits(64))  # noqa: S311
