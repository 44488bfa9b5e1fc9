"""A deployment that is served: HTTP and sockets on one address, until it is told to end."""

from __future__ import annotations

import asyncio
import gc
import logging
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import uvicorn
import watchfiles
from starlette.applications import Starlette

from dfworx.realtime.cohorts import Cohorts
from dfworx.realtime.engine.requests import KEPT_SECONDS
from dfworx.realtime.engine.schema import BadSchema
from dfworx.realtime.engine.store import BadDocuments, hold_file
from dfworx.realtime.http import http_app
from dfworx.realtime.runtime.admin_key import AdminKey, BadAdminKey
from dfworx.realtime.runtime.auth_config import BadAuthConfig
from dfworx.realtime.runtime.bundle import BadFunctions, bundle
from dfworx.realtime.runtime.crons import BadCrons
from dfworx.realtime.runtime.deployment import Deployment, open_deployment
from dfworx.realtime.runtime.worker import WorkerDied
from dfworx.realtime.session import Outlet, Session
from dfworx.realtime.site import site_app
from dfworx.realtime.sockets import Sockets

KEEP_ALIVE_SECONDS = 75
"""Longer than the gateway keeps its connections, so that only it closes an idle one."""
MISTAKES = (BadAdminKey, BadAuthConfig, BadCrons, BadDocuments, BadFunctions, BadSchema, WorkerDied)
"""Of whoever starts it or wrote its functions: the message says what to do."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Options:
    folder: Path
    """Of Convex functions."""
    data: Path
    """The documents' file; made when it isn't there."""
    url: str
    site_url: str
    node: Path
    packages: Path
    """The node_modules that has esbuild."""
    env: dict[str, str] = field(default_factory=dict)
    """What functions find in `process.env`."""
    admin_key: str | None = None
    """None: the one that is kept with the documents."""
    watch: bool = False
    """Whether the functions are read again when the folder changes."""
    durable: bool = True
    answer_hours: float = KEPT_SECONDS / 3600
    """How long mutations' answers are kept for clients that lost their connection and ask again."""


async def serve(
    options: Options,
    listening: socket.socket,
    site: socket.socket | None = None,
    on_ready: Callable[[str], None] = lambda key: None,
) -> None:
    """Until it is cancelled. `on_ready` is given the admin key once clients are answered. Raises one of `MISTAKES`, and
    then has answered nobody."""
    with hold_file(options.data):
        await _serve(options, listening, site, on_ready)


async def _serve(
    options: Options,
    listening: socket.socket,
    site: socket.socket | None,
    on_ready: Callable[[str], None],
) -> None:
    env = {"CONVEX_CLOUD_URL": options.url, "CONVEX_SITE_URL": options.site_url, **options.env}
    code = await asyncio.to_thread(bundle, options.folder, options.node, options.packages)
    deployment = await open_deployment(
        str(options.data),
        options.node,
        code,
        env,
        durable=options.durable,
        kept_seconds=options.answer_hours * 3600,
    )
    async with AsyncExitStack() as stack:
        stack.push_async_callback(deployment.close)
        key = AdminKey(options.admin_key or deployment.admin_key())
        cohorts = Cohorts(deployment.queries)

        def open_session(outlet: Outlet, takes_chunks: bool) -> Session:
            return Session(deployment, key, cohorts, outlet, takes_chunks=takes_chunks)

        sockets = Sockets(open_session)
        _collect_rarely()
        await stack.enter_async_context(_served(http_app(deployment, key, sockets.open), listening, sockets))
        if site is not None:
            await stack.enter_async_context(_served(site_app(deployment), site))
        stack.callback(sockets.close)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(sockets.look_forever())
            if options.watch:
                tasks.create_task(_read_again(options, deployment))
            on_ready(key.text)


def _collect_rarely() -> None:
    """What was made until now stays, and clients make few cycles: Python needn't look for them at every turn."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@asynccontextmanager
async def _served(
    app: Starlette, listening: socket.socket, sockets: Sockets | None = None
) -> AsyncIterator[None]:
    config = uvicorn.Config(
        app,
        http="httptools",
        # uvicorn hands over what asks to become a WebSocket; whoever makes a protocol of it may be any callable.
        ws=sockets.protocol if sockets else "none",  # type: ignore[arg-type]
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=2,
    )
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    await server.startup(sockets=[listening])
    ticking = asyncio.create_task(server.main_loop())
    try:
        yield
    finally:
        server.should_exit = True
        await ticking
        await server.shutdown(sockets=[listening])


async def _read_again(options: Options, deployment: Deployment) -> None:
    """Whenever a file of the functions changes. What can't be taken is told, and what there was goes on."""
    async for _ in watchfiles.awatch(options.folder, debounce=50):
        try:
            code = await asyncio.to_thread(bundle, options.folder, options.node, options.packages)
            await deployment.replace(code)
            log.info("The functions of %s were read again.", options.folder)
        except MISTAKES as error:
            log.error("The functions of %s stay as they were: %s", options.folder, error)
