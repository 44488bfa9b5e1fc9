"""What functions ask of `ctx.storage`, each inside the transaction of whoever asks."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dfworx.realtime.engine.files import find_file, remove_file
from dfworx.realtime.engine.transaction import BadCall, Transaction
from dfworx.realtime.runtime.file_addresses import FileAddresses

PREFIX = "1.0/storage"


@dataclass(frozen=True, slots=True)
class FileCalls:
    addresses: FileAddresses
    leave: Callable[[str], None]
    """Told the key of what a mutation deletes, which may still fail."""

    def answer(self, transaction: Transaction, op: str, args: dict[str, Any]) -> str:
        """Raises BadCall, LimitReached."""
        match op.removeprefix(PREFIX):
            case "GenerateUploadUrl":
                return json.dumps(self.addresses.upload(time.time()))
            case "GetUrl":
                file = find_file(transaction, args["storageId"])
                return json.dumps(file and self.addresses.file(file.address))
            case "GetMetadata":
                return json.dumps(_metadata(transaction, args["storageId"]))
            case "Delete":
                self.leave(remove_file(transaction, args["storageId"]))
                return "null"
        raise BadCall(f"{op} isn't supported by this deployment: store() and get() work in actions.")


def _metadata(transaction: Transaction, given: str) -> dict[str, Any] | None:
    file = find_file(transaction, given)
    if file is None:
        return None
    return {
        "storageId": str(file.address),
        "sha256": file.content.sha256.hex(),
        "size": float(file.content.size),
        "contentType": file.content.content_type,
    }
