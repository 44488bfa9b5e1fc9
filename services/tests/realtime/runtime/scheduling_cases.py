"""What functions schedule, as lists of calls like those of `cases`; `settle` waits until what is due soon is done."""

from __future__ import annotations

import time
from typing import Any

from dfworx.realtime.runtime.deployment import Deployment
from tests.realtime.client import Client
from tests.realtime.runtime.cases import Step, kept, simpler

SOON_MS = 60_000
HOUR_MS = 3_600_000
ANN = {"issuer": "https://issuer.example", "subject": "ann"}


async def settle(deployment: Deployment) -> None:
    client = Client(deployment).connect()
    client.watch(("scheduling:all", {}))
    await client.until(lambda: 0 in client.values and not any(map(_open, client.values[0])))
    client.session.close()


def _open(job: dict[str, Any]) -> bool:
    soon = job["scheduledTime"] < time.time() * 1000 + SOON_MS
    kind = job["state"]["kind"]
    return bool(kind == "inProgress" or (kind == "pending" and soon))


def call(kind: str, path: str, args: dict[str, Any] | None = None, **about: Any) -> Step:
    return {"kind": kind, "path": f"scheduling:{path}", "args": args or {}, **about}


def later(
    path: str, args: dict[str, Any] | None = None, *, how: str = "later", keep: str = "job", **when: Any
) -> Step:
    identity = {"identity": when.pop("identity")} if "identity" in when else {}
    return call(
        "mutation", how, {"path": f"scheduling:{path}", "args": args or {}, **when}, keep=keep, **identity
    )


def cancel(name: str) -> Step:
    return call("mutation", "cancel", {"id": kept(name)})


def reach(how: str, name: str = "job") -> Step:
    return call("mutation", "reach", {"id": kept(name), "how": how})


def mark(label: str) -> dict[str, Any]:
    return {"label": label}


SETTLE: Step = {"kind": "settle", "path": "", "args": {}}
TOLD = [call("query", "told"), call("query", "labels")]

CASES: dict[str, list[Step]] = {
    "scheduled at once": [later("mark", mark("a")), SETTLE, *TOLD],
    "scheduled for an hour from now": [later("mark", mark("a"), after=HOUR_MS), SETTLE, *TOLD],
    "scheduled by time": [
        later("mark", mark("second"), after=60),
        later("mark", mark("third"), after=120),
        later("mark", mark("first"), at=1000.0 * int(time.time())),
        SETTLE,
        *TOLD,
    ],
    "scheduled by one that fails": [
        call("mutation", "laterAndFail", {"path": "scheduling:mark", "args": mark("never")}),
        later("mark", mark("never"), how="laterInside"),
        SETTLE,
        *TOLD,
    ],
    "one that fails": [later("markAndFail"), later("markAndFail", {"how": "data"}), SETTLE, *TOLD],
    "arguments that don't fit": [later("mark", {"label": 5}), SETTLE, *TOLD],
    "a chain": [later("chain", {"left": 5}), SETTLE, *TOLD],
    "for nobody": [later("markWho", identity=ANN), SETTLE, *TOLD],
    "canceled": [
        later("mark", mark("never"), after=HOUR_MS, keep="one"),
        later("mark", mark("last"), keep="two"),
        cancel("one"),
        SETTLE,
        *TOLD,
        simpler("the document doesn't say when it was done", call("query", "one", {"id": kept("two")})),
    ],
    "canceled when it is done": [
        later("mark", mark("a"), keep="job"),
        SETTLE,
        cancel("job"),
        simpler("what is done is canceled", TOLD[0]),
    ],
    "system tables": [
        later("mark", mark("a"), after=HOUR_MS, keep="job"),
        simpler("the name is without .js", call("query", "one", {"id": kept("job")})),
        call("query", "normal", {"id": kept("job")}),
        *(reach(how) for how in ("query", "insert", "normalize")),
        *(
            simpler("they may be read and written", reach(how))
            for how in ("get", "patch", "replace", "remove")
        ),
    ],
    "no id of a scheduled function": [
        {
            "kind": "mutation",
            "path": "cases:put",
            "args": {"table": "things", "value": mark("x")},
            "keep": "thing",
        },
        simpler("whatever has an id may be canceled", cancel("thing")),
        call("query", "normal", {"id": kept("thing")}),
    ],
}
