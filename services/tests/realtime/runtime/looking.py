"""Who schedules in a test, and who watches what becomes of it."""

from __future__ import annotations

from typing import Any

from dfworx.realtime.runtime.callers import Caller, make_identity
from dfworx.realtime.runtime.deployment import Deployment
from dfworx.realtime.values import Value, load
from tests.realtime.client import Client

ANN = Caller(make_identity("https://issuer.example", "ann", {}))


class Looking:
    """A client that watches what is scheduled, and what it has done."""

    def __init__(self, deployment: Deployment) -> None:
        self.client = Client(deployment).connect()
        self.client.watch(("scheduling:all", {}), ("scheduling:labels", {}))

    @property
    def jobs(self) -> list[dict[str, Any]]:
        return list(self.client.values.get(0, []))

    @property
    def labels(self) -> list[str]:
        return list(self.client.values.get(1, []))

    @property
    def states(self) -> list[str]:
        return [each["state"]["kind"] for each in self.jobs]

    async def until_done(self, count: int) -> None:
        await self.client.until(
            lambda: len(self.jobs) >= count and not {"pending", "inProgress"} & set(self.states)
        )


async def later(
    deployment: Deployment, path: str, args: Value = None, *, how: str = "later", **about: Any
) -> Any:
    asked: Value = {"path": f"scheduling:{path}", **({} if args is None else {"args": args}), **about}
    written = await deployment.mutate(f"scheduling:{how}", asked, ANN)
    assert written.result.value is not None, written.result.message
    return load(written.result.value)
