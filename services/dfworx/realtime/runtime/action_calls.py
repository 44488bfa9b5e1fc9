"""What an action asks of its deployment. Each call is a transaction of its own, as whoever called the action."""

from __future__ import annotations

import base64
import json
import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from dfworx.realtime.engine.transaction import BadCall
from dfworx.realtime.runtime.callers import Caller
from dfworx.realtime.runtime.calls import MISTAKES
from dfworx.realtime.runtime.functions import Refused, Result, address_of
from dfworx.realtime.values import decode

if TYPE_CHECKING:
    from dfworx.realtime.runtime.deployment import Deployment

log = logging.getLogger(__name__)


class ActionCalls:
    def __init__(self, deployment: Deployment) -> None:
        self._deployment = deployment

    async def answer(self, op: str, text: str, caller: Caller, depth: int) -> dict[str, Any]:
        """A mistake of the action's is an answer that its code may catch."""
        try:
            args = json.loads(text)
            if op.startswith("1.0/actions/") and op.rpartition("/")[2] in ("query", "mutation", "action"):
                return (await self._run(op.rpartition("/")[2], args, caller, depth)).answer
            return {"value": await self._ask(op, args, caller)}
        except RecursionError:
            return {"error": "What this action asks for is nested too deeply."}
        except (*MISTAKES, Refused) as error:
            return {"error": str(error)}
        except Exception as error:
            # Not as `convex/server` asks, or our own mistake: it may end this action and nothing else.
            log.exception("An action asked %s for %.200s", op, text)
            return {"error": f"This deployment can't answer {op}: {error!r}"}

    async def _run(self, kind: str, asked: dict[str, Any], caller: Caller, depth: int) -> Result:
        path, args = address_of(asked), decode(asked["args"])
        # The deployment's own functions may call what isn't public.
        inside = replace(caller, admin=True)
        match kind:
            case "query":
                [result] = await self._deployment.queries.read([(path, args)], inside)
                return result
            case "mutation":
                return (await self._deployment.mutate(path, args, inside)).result
        return await self._deployment.actions.act(path, args, inside, depth + 1)

    async def _ask(self, op: str, args: dict[str, Any], caller: Caller) -> str:
        match op:
            case "storage/storeBlob" | "storage/getBlob":
                return await self._file(op, args)
            case "1.0/actions/vectorSearch":
                raise BadCall("Vector search isn't supported by this deployment.")
        return await self._deployment.answer(op, args, caller)

    async def _file(self, op: str, args: dict[str, Any]) -> str:
        files = self._deployment.files
        if op == "storage/storeBlob":
            body = base64.b64decode(args["body"])
            return json.dumps(await files.store(body, args["contentType"], args["sha256"]))
        found = await files.read(args["storageId"])
        if found is None:
            return "null"
        content_type, body = found
        return json.dumps({"body": base64.b64encode(body).decode(), "contentType": content_type})
