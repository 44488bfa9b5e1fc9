"""A deployment with the functions beside this, whose limits are reached within a test."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, Protocol

import pytest

from dfworx.cli.home import CHECKOUT
from dfworx.realtime.runtime.actions import ActionLimits
from dfworx.realtime.runtime.bundle import Bundle, bundle
from dfworx.realtime.runtime.callers import NOBODY, Caller, make_identity
from dfworx.realtime.runtime.deployment import Deployment, open_deployment
from dfworx.realtime.runtime.functions import Result
from dfworx.realtime.values import decode

FUNCTIONS = Path(__file__).with_name("functions")
SITE = "https://site.example"
ENV = {"COLOUR": "green", "CONVEX_SITE_URL": f"{SITE}/convex/http"}


class OpenActions(Protocol):
    def __call__(self, **limits: float) -> AbstractAsyncContextManager[Deployment]: ...


@pytest.fixture(scope="session")
def code(node: Path) -> Bundle:
    return bundle(FUNCTIONS, node, CHECKOUT / "node_modules")


@pytest.fixture
def opened(path: str, node: Path, code: Bundle) -> OpenActions:
    @asynccontextmanager
    async def open_one(**limits: Any) -> AsyncIterator[Deployment]:
        made = await open_deployment(
            path, node, code, ENV, durable=False, action_limits=ActionLimits(**limits)
        )
        try:
            yield made
        finally:
            await made.close()

    return open_one


@pytest.fixture
async def at_work(opened: OpenActions) -> AsyncIterator[Deployment]:
    async with opened() as made:
        yield made


def person(subject: str) -> Caller:
    return Caller(make_identity("https://issuer.example", subject, {}))


async def act(deployment: Deployment, path: str, caller: Caller = NOBODY, **args: Any) -> Any:
    """Its value."""
    result = await deployment.act(path, decode(args), caller)
    assert result.value is not None, result.message
    return json.loads(result.value)


async def failed(deployment: Deployment, path: str, caller: Caller = NOBODY, **args: Any) -> Result:
    result = await deployment.act(path, decode(args), caller)
    assert result.value is None, result.value
    return result


async def notes(deployment: Deployment) -> list[str]:
    [result] = await deployment.queries.read([("notes:list", {})], NOBODY)
    assert result.value is not None
    listed: list[str] = json.loads(result.value)
    return listed
