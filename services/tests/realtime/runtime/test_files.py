"""Files: what functions are told of them, and that their bytes come and go with them, whatever fails in between."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import pytest

from dfworx.realtime.engine.transaction import BadCall
from dfworx.realtime.runtime import files as module
from dfworx.realtime.runtime.bundle import Bundle
from dfworx.realtime.runtime.callers import NOBODY
from dfworx.realtime.runtime.deployment import Deployment, open_deployment
from dfworx.realtime.runtime.file_addresses import UPLOAD_SECONDS, FileAddresses, UploadRefused
from dfworx.realtime.runtime.files import FileTooLarge, WrongDigest
from dfworx.realtime.values import Value, load
from tests.realtime.client import Client
from tests.realtime.conftest import ENV

NO_AGE = timedelta(0)
TEXT = b"hello"
DIGEST = sha256(TEXT)


async def ask(deployment: Deployment, path: str, **args: Value) -> Value:
    [result] = await deployment.queries.read([(f"files:{path}", args)], NOBODY)
    assert result.value is not None, result.message
    return load(result.value)


async def do(deployment: Deployment, path: str, **args: Value) -> Value:
    written = await deployment.mutate(f"files:{path}", args)
    assert written.result.value is not None, written.result.message
    return load(written.result.value)


def stored(path: str) -> list[Path]:
    """The files in the folder beside the documents."""
    return sorted(each for each in Path(f"{path}.files").rglob("*") if each.is_file())


async def test_a_file_is_told_of_until_it_is_deleted(at_work: Deployment, path: str) -> None:
    client = Client(at_work).connect()
    client.watch(("files:all", {}))
    await client.up_to_date()
    assert client.values[0] == []
    made = await at_work.files.store(TEXT, "text/plain")
    await client.until(lambda: len(client.values[0]) == 1)
    [seen] = client.values[0]
    assert seen == await ask(at_work, "one", id=made) and seen["_id"] == made
    assert {
        "sha256": "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=",
        "size": 5,
        "contentType": "text/plain",
    } == {name: value for name, value in seen.items() if name[0] != "_"}
    told = await ask(at_work, "metadata", id=made)
    assert isinstance(told, dict)
    assert told | {"storageId": ""} == {
        **{"storageId": "", "sha256": DIGEST.hexdigest(), "size": 5.0, "contentType": "text/plain"}
    }
    assert await at_work.files.read(made) == ("text/plain", TEXT)
    assert len(stored(path)) == 1
    assert await do(at_work, "removeAndLook", id=made) == [None, None]
    await client.until(lambda: client.values[0] == [])
    await at_work.files.quiet()
    assert stored(path) == [] and await at_work.files.read(made) is None
    assert await ask(at_work, "url", id=made) is None and await ask(at_work, "metadata", id=made) is None


async def test_its_address_isnt_its_id_and_was_an_id_once(at_work: Deployment) -> None:
    made = await at_work.files.store(TEXT, None)
    url = await ask(at_work, "url", id=made)
    found = re.fullmatch(r"/api/storage/([0-9a-f-]{36})", str(url))
    assert found and UUID(found[1]).version == 4 and found[1] not in made
    assert await ask(at_work, "url", id=found[1]) == url
    assert await ask(at_work, "metadata", id=found[1]) == await ask(at_work, "metadata", id=made)
    assert await ask(at_work, "url", id="00000000-0000-4000-8000-000000000000") is None
    assert await do(at_work, "remove", id=found[1]) is None
    assert await ask(at_work, "url", id=made) is None


async def test_what_is_taken_back_loses_nothing(at_work: Deployment, path: str) -> None:
    made = await at_work.files.store(TEXT, None)
    failed = await at_work.mutate("files:removeAndFail", {"id": made})
    assert "changed my mind" in failed.result.message
    assert await do(at_work, "removeInside", id=made) is True
    await at_work.files.quiet()
    assert len(stored(path)) == 1 and await at_work.files.read(made) == (None, TEXT)


async def test_what_isnt_a_file_is_told_as_such(at_work: Deployment) -> None:
    other = (await at_work.mutate("messages:send", {"room": "a", "body": "x"})).result.value
    assert other is not None
    for given in ("no id", load(other)):
        for path in ("url", "metadata"):
            [result] = await at_work.queries.read([(f"files:{path}", {"id": given})], NOBODY)
            assert "Invalid argument" in result.message, result
        assert "Invalid argument" in (await at_work.mutate("files:remove", {"id": given})).result.message
    made = await at_work.files.store(TEXT, None)
    await do(at_work, "remove", id=made)
    gone = await at_work.mutate("files:remove", {"id": made})
    assert f"Delete on nonexistent document ID {made}" in gone.result.message
    assert "work in actions" in (await at_work.mutate("files:get", {"id": made})).result.message


async def test_bytes_that_arent_what_was_told_are_refused(at_work: Deployment, path: str) -> None:
    for digest in (DIGEST.hexdigest(), "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ="):
        assert await at_work.files.store(TEXT, None, digest)
    for digest in (sha256(b"other").hexdigest(), "short", "é", ""):
        with pytest.raises(WrongDigest):
            await at_work.files.store(TEXT, None, digest)
    await at_work.files.quiet()
    assert len(stored(path)) == 2


async def test_half_a_file_leaves_nothing(
    at_work: Deployment, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def breaks() -> AsyncIterator[bytes]:
        yield b"x" * 3_000_000
        raise ConnectionError

    with pytest.raises(ConnectionError):
        await at_work.files.store(breaks(), None)
    monkeypatch.setattr(module, "MOST_FILE_BYTES", 4)
    with pytest.raises(FileTooLarge):
        await at_work.files.store(TEXT, None)
    await at_work.files.quiet()
    assert stored(path) == [] and await ask(at_work, "all") == []


async def test_bytes_without_a_document_are_swept(path: str, node: Path, code: Bundle) -> None:
    deployment = await open_deployment(path, node, code, ENV, durable=False)
    kept = await deployment.files.store(TEXT, None)
    [there] = stored(path)
    await deployment.close()
    # As a process leaves it that is killed before its transaction, or in the middle of a file.
    there.with_name("0" * 32).write_bytes(b"whole")
    there.with_name("0" * 32 + "#1").write_bytes(b"half")
    deployment = await open_deployment(path, node, code, ENV, durable=False)
    assert [each.name for each in stored(path)] == ["0" * 32, there.name]
    await deployment.files.sweep(NO_AGE)
    assert stored(path) == [there] and await deployment.files.read(kept) == (None, TEXT)
    await deployment.close()


async def test_a_new_file_of_documents_takes_no_bytes_of_another_one(
    path: str, node: Path, code: Bundle
) -> None:
    first = await open_deployment(path, node, code, ENV, durable=False)
    made = await first.files.store(TEXT, None)
    await first.close()
    await asyncio.to_thread(os.replace, path, f"{path}.away")
    second = await open_deployment(path, node, code, ENV, durable=False)
    await second.files.sweep(NO_AGE)
    await second.close()
    await asyncio.to_thread(os.replace, f"{path}.away", path)
    again = await open_deployment(path, node, code, ENV, durable=False)
    assert await again.files.read(made) == (None, TEXT)
    await again.close()


async def test_who_holds_bytes_keeps_them(at_work: Deployment, path: str) -> None:
    made = await at_work.files.store(TEXT, None)
    with at_work.files.hold():
        await do(at_work, "remove", id=made)
        await at_work.files.quiet()
        assert len(stored(path)) == 1
    await at_work.files.quiet()
    assert stored(path) == []


async def act(deployment: Deployment, path: str, **args: Value) -> Value:
    result = await deployment.act(f"files:{path}", args)
    return result.message if result.value is None else load(result.value)


async def test_actions_store_and_read_bytes(at_work: Deployment) -> None:
    made = await act(at_work, "put", text="hé", type="text/plain;charset=utf-8")
    assert await act(at_work, "take", id=made) == {
        **{"text": "hé", "size": 3.0, "type": "text/plain;charset=utf-8"}
    }
    url = str(await ask(at_work, "url", id=made))
    assert await act(at_work, "take", id=url.rpartition("/")[2]) == await act(at_work, "take", id=made)
    assert await act(at_work, "put", text="hello", sha256=DIGEST.hexdigest())
    assert "isn't that of the bytes" in str(
        await act(at_work, "put", text="other", sha256=DIGEST.hexdigest())
    )
    assert await act(at_work, "throughAction", id=made) == [True, True, None, None]
    assert await act(at_work, "take", id=made) is None


async def test_an_action_takes_no_more_than_it_can_hold(
    at_work: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await at_work.files.store(TEXT, None)
    monkeypatch.setattr(module, "MOST_READ_BYTES", 4)
    with pytest.raises(BadCall, match="Give its address"):
        await at_work.files.read(made)


def test_an_upload_address_is_good_for_an_hour_and_nobody_elses() -> None:
    mine, other = (FileAddresses("https://x/convex", bytes([n]) * 32) for n in (1, 2))
    address, token = mine.upload(1000.0).split("?token=")
    assert address == "https://x/convex/api/storage/upload"
    mine.require_upload(token, 1000.0 + UPLOAD_SECONDS - 1)
    for whose, given, now in (
        (mine, token, 1000.0 + UPLOAD_SECONDS),
        (other, token, 1000.0),
        (mine, token[:-4], 1000.0),
        (mine, f"A{token[1:]}" if token[0] != "A" else f"B{token[1:]}", 1000.0),
        *((mine, given, 1000.0) for given in ("", "=", "é", "A" * 69, token + "AAAA")),
    ):
        with pytest.raises(UploadRefused):
            whose.require_upload(given, now)
    assert mine.upload(1000.0) != mine.upload(1000.0)
