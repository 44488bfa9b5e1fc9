"""One install, driven by `./dfworx` as people do, with its parts killed under it. What was acknowledged must be
there afterwards, and nothing may be left once it is down."""

from __future__ import annotations

import json
import signal
import subprocess
from pathlib import Path
from typing import Any

import pytest

from dfworx.cli.home import CHECKOUT, Home, choose_port
from dfworx.cli.parts.processes import find_processes, is_guard, is_supervisor, read_parent
from dfworx.cli.waiting import wait_until
from tests.flows.conftest import Stack

# Four services of Python at about 100 each, and the deployment and the servers of both apps, which are Node.
MEMORY_MB = 820
PARTS = {
    "auth": "dfworx.auth.app:create",
    "web": "dfworx.web.app:create",
    "worker": "-m dfworx.worker",
    "web-app": "next-server",
    "valkey": "valkey-server",
    "gateway": "Caddyfile",
    "postgres": "bin/postgres -D",
}


def require_recovered(stack: Stack) -> None:
    assert wait_until(stack.write_post, seconds=30, interval=0.1), stack.story()
    assert stack.lost_posts() == []


def test_status_has_the_agreed_shape_and_modest_memory(stack: Stack) -> None:
    done = stack.run("status", "--json")
    told: dict[str, Any] = json.loads(done.stdout)
    assert done.returncode == 0, done.stderr
    assert set(told) == {"origin", "convex", "database_url", "redis_url", "memory_mb", "services"}
    assert told["origin"] == stack.origin
    assert told["convex"] == f"{stack.origin}/convex"
    assert {"auth", "web", "admin"} <= set(told["services"])
    for name, service in told["services"].items():
        assert set(service) == {"url", "healthy"} and service["healthy"], name
        assert not service["url"].endswith("/")
    assert 50 < told["memory_mb"] < MEMORY_MB


def test_a_second_up_says_that_it_runs(stack: Stack) -> None:
    done = stack.run("up", "--detach")
    assert done.returncode == 0, done.stderr
    assert "already running" in done.stdout and stack.origin in done.stdout


def test_a_port_in_use_is_one_sentence(stack: Stack, tmp_path: Path) -> None:
    second = Stack(Home(tmp_path / "second"), stack.port)
    done = second.run("up", "--detach", "--port", str(stack.port))
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith(f"Port {stack.port} is taken by another program")
    assert find_processes(second.home.path) == []


@pytest.mark.parametrize("part", PARTS)
def test_a_killed_part_comes_back_by_itself(stack: Stack, part: str) -> None:
    require_recovered(stack)
    (process, *_) = stack.processes(PARTS[part])
    process.send_signal(signal.SIGKILL)
    require_recovered(stack)
    assert wait_until(lambda: process.pid not in [p.pid for p in stack.processes(PARTS[part])], seconds=5)


def test_a_killed_database_comes_back_while_a_query_keeps_a_backend_busy(stack: Stack) -> None:
    url = stack.run("db", "url", "owner").stdout.strip()
    busy = "select count(*) from generate_series(1, 100000000000::bigint)"
    code = f"import asyncio, asyncpg\nasync def main():\n c = await asyncpg.connect({url!r})\n print(flush=True)\n"
    code += f" await c.execute({busy!r})\nasyncio.run(main())\n"
    python = CHECKOUT / "services" / ".venv" / "bin" / "python"
    client = subprocess.Popen([python, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        assert client.stdout is not None
        client.stdout.readline()
        (process, *_) = stack.processes(PARTS["postgres"])
        process.send_signal(signal.SIGKILL)
        require_recovered(stack)
    finally:
        client.kill()
        client.communicate()


def test_a_killed_supervisor_comes_back_by_itself(stack: Stack) -> None:
    require_recovered(stack)
    (supervisor,) = [each for each in find_processes(stack.home.path) if is_supervisor(each)]
    supervisor.send_signal(signal.SIGKILL)

    def is_back() -> bool:
        """The new supervisor first ends what the old one left, so requests may still be answered by that."""
        found = [each.pid for each in find_processes(stack.home.path) if is_supervisor(each)]
        ours = [
            read_parent(process) in found for words in PARTS.values() for process in stack.processes(words)
        ]
        return len(found) == 1 and found != [supervisor.pid] and len(ours) >= len(PARTS) and all(ours)

    assert wait_until(is_back, seconds=30)
    require_recovered(stack)


def test_up_recovers_after_guard_and_supervisor_were_killed(stack: Stack) -> None:
    for process in find_processes(stack.home.path):
        if is_guard(process) or is_supervisor(process):
            process.send_signal(signal.SIGKILL)
    status = stack.run("status")
    assert status.returncode == 1 and "repair it with: ./dfworx up" in status.stderr
    done = stack.run("up", "--detach")
    assert done.returncode == 0, done.stderr
    require_recovered(stack)


def test_two_installs_run_side_by_side(stack: Stack, tmp_path: Path) -> None:
    second = Stack(Home(tmp_path / "second"), choose_port())
    try:
        done = second.run("up", "--detach", "--port", str(second.port))
        assert done.returncode == 0, done.stderr
        second.token = second.register()
        assert second.write_post()
        require_recovered(stack)
    finally:
        second.run("down")
    assert find_processes(second.home.path) == []
    require_recovered(stack)


def test_after_down_nothing_is_left_and_up_brings_all_of_it_back(stack: Stack) -> None:
    done = stack.run("down")
    assert done.returncode == 0, done.stderr
    assert find_processes(stack.home.path) == []
    assert stack.run("status").returncode == 1
    done = stack.run("up", "--detach")
    assert done.returncode == 0, done.stderr
    require_recovered(stack)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_the_foreground_ends_with_its_signal_and_leaves_nothing(stack: Stack, number: signal.Signals) -> None:
    stack.run("down")
    foreground = subprocess.Popen(
        [str(CHECKOUT / "dfworx"), "up"],
        env=stack.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert foreground.stdout is not None
        assert any("Stop it with Ctrl-C" in line for line in iter(foreground.stdout.readline, ""))
        foreground.send_signal(number)
        foreground.communicate(timeout=30)
    finally:
        foreground.kill()
        foreground.wait()
    assert find_processes(stack.home.path) == []
