"""A deployment in a process of its own whose disk takes no more, or whose file is broken: it says so, reads on, and
goes on when there is room."""

from __future__ import annotations

import asyncio
import json
import resource
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from dfworx.cli.home import CHECKOUT
from dfworx.realtime.engine.store import BadDocuments, open_connection
from tests.realtime.client import KEY

FUNCTIONS = Path(__file__).with_name("runtime") / "functions"
LARGE = "x" * 900_000


async def start(listening: socket.socket, data: Path, node: Path) -> asyncio.subprocess.Process:
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    told = {"FOLDER": FUNCTIONS, "DATA": data, "URL": url, "SITE_URL": url, "NODE": node, "WATCH": "false"}
    told |= {
        "PACKAGES": CHECKOUT / "node_modules",
        "ADMIN_KEY": KEY.text,
        "ENV": json.dumps({"COLOUR": "red"}),
    }
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "dfworx.realtime"),
        stdin=listening.fileno(),
        stderr=asyncio.subprocess.PIPE,
        env={f"DFWORX_REALTIME_{name}": str(value) for name, value in told.items()},
        cwd=CHECKOUT / "services",
    )


@asynccontextmanager
async def served(data: Path, node: Path) -> AsyncIterator[tuple[psutil.Process, httpx.AsyncClient]]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        process = await start(listening, data, node)
        try:
            async with httpx.AsyncClient(base_url=url, timeout=60) as client:
                # The listening socket is there already: this waits until somebody answers.
                assert (await client.get("/version")).status_code == 200
                yield psutil.Process(process.pid), client
        finally:
            process.terminate()
            await process.communicate()


async def send(client: httpx.AsyncClient, body: str) -> httpx.Response:
    call = {"path": "messages:send", "args": {"room": "a", "body": body}}
    return await client.post("/api/mutation", json=call)


def largest(folder: Path) -> int:
    return max(each.stat().st_size for each in folder.iterdir())


async def count(client: httpx.AsyncClient) -> Any:
    answer = await client.post("/api/query", json={"path": "messages:count", "args": {"room": "a"}})
    return answer.json()["value"]


@pytest.mark.skipif(not hasattr(psutil.Process, "rlimit"), reason="Linux alone limits another process")
async def test_a_full_disk_stops_writes_keeps_reads_and_goes_on_when_there_is_room(
    tmp_path: Path, node: Path
) -> None:
    async with served(tmp_path / "documents.sqlite", node) as (process, client):
        assert (await send(client, "small")).json()["status"] == "success"
        # As much as there is: from here on no file of this process grows.
        most = largest(tmp_path)
        process.rlimit(resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))
        answer = await send(client, LARGE)
        assert answer.status_code == 503
        assert answer.json()["code"] == "WritesStopped"
        assert "Make room on the disk" in answer.json()["message"]
        assert await count(client) == 1
        process.rlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        assert (await send(client, LARGE)).json()["status"] == "success"
        assert await count(client) == 2


async def failures(client: httpx.AsyncClient) -> float:
    """How many runs of mutations came to nothing."""
    answer = await client.get("/metrics", headers={"authorization": f"Convex {KEY.text}"})
    name = 'realtime_run_seconds_count{kind="mutation",outcome="error"}'
    return sum(float(line.split()[1]) for line in answer.text.splitlines() if line.startswith(name))


@pytest.mark.skipif(not hasattr(psutil.Process, "rlimit"), reason="Linux alone limits another process")
async def test_what_is_scheduled_waits_until_there_is_room(tmp_path: Path, node: Path) -> None:
    async with served(tmp_path / "documents.sqlite", node) as (process, client):
        asked = {"path": "messages:send", "args": {"room": "a", "body": LARGE}, "after": 1500}
        call = {"path": "scheduling:later", "args": asked}
        assert (await client.post("/api/mutation", json=call)).json()["status"] == "success"
        process.rlimit(resource.RLIMIT_FSIZE, (largest(tmp_path), resource.RLIM_INFINITY))
        while await failures(client) < 2:
            pass
        assert await count(client) == 0
        process.rlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        while await count(client) < 1:
            pass
        states = await client.post("/api/query", json={"path": "scheduling:told", "args": {}})
        assert [state for *_, state in states.json()["value"]] == ["success"]
        assert await count(client) == 1


async def test_a_file_that_is_broken_is_told_in_words(tmp_path: Path, node: Path) -> None:
    data = tmp_path / "documents.sqlite"
    data.write_bytes(b"these are no documents" * 1000)
    with pytest.raises(BadDocuments, match="Put a copy from before in its place"):
        open_connection(str(data))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        process = await start(listening, data, node)
        _, words = await process.communicate()
    assert process.returncode == 1
    assert (
        words.decode()
        .strip()
        .splitlines()[-1]
        .startswith(f"The documents in {data} can't be read: file is not")
    )


async def test_documents_that_can_not_be_read_fail_queries_in_words(tmp_path: Path, node: Path) -> None:
    data = tmp_path / "documents.sqlite"
    async with served(data, node) as (_, client):
        for _ in range(5):
            await send(client, LARGE)
    size = data.stat().st_size
    with data.open("r+b") as file:
        file.seek(size // 2)
        file.write(b"\xff" * (size // 4))
    async with served(data, node) as (_, client):
        answer = await client.post("/api/query", json={"path": "messages:count", "args": {"room": "a"}})
        told = answer.json()
        assert told["status"] == "error" or answer.status_code >= 500, told
        empty = await client.post("/api/query", json={"path": "messages:count", "args": {"room": "b"}})
        assert empty.json()["value"] == 0
