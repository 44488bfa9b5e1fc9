"""The servers of a benchmark: a home of its own inside the state folder, with its own database server and services, so
that the install may be up or down and is never touched. They are what `up` starts, with the same command lines and the
same environment, and all of them end with the benchmark, also when it fails or is interrupted."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import psutil

from dfworx.cli.benches.load import Clock
from dfworx.cli.failure import Failure
from dfworx.cli.home import Home
from dfworx.cli.install import Install, assemble_install
from dfworx.cli.parts import valkey
from dfworx.cli.parts.postgres import server_environment
from dfworx.cli.parts.processes import MARK, end_processes, find_postmaster, remove_stale_lock
from dfworx.cli.programs import service_environment
from dfworx.cli.services import Service
from dfworx.cli.waiting import wait_until

STARTED_WITHIN = 30.0


@contextmanager
def open_home(path: Path) -> Iterator[Install]:
    """The benchmark's own install, with nothing of it running. Its secrets are its own, too: data made once must
    open whatever DFWORX_SECRET says now."""
    home = Home(path)
    home.prepare()
    with home.lock(wait=False):
        # One that was killed has left its servers behind.
        end_processes(home.path)
        remove_stale_lock(home.path / "postgres" / "data")
        try:
            yield assemble_install(home, {}, choose_free_ports=True)
        finally:
            end_processes(home.path)


@contextmanager
def serve_valkey(install: Install) -> Iterator[Install]:
    """An empty Valkey beside; yields the install that uses it."""
    with valkey.throwaway_server(install.home.path, install.secrets) as server:
        yield replace(install, redis_url=server.url)


@dataclass(frozen=True)
class Served:
    """A service that answers."""

    port: int
    process: psutil.Process

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def clock(self) -> dict[int, float]:
        return processor_seconds([self.process])


@contextmanager
def serve(
    install: Install, service: Service, *, port: int = 0, database_url: str | None = None
) -> Iterator[Served]:
    """The service as `up` would start it. `database_url` is for one that isn't to use its own login."""
    environment = {**server_environment(), **service_environment(install, service), MARK: "bench"}
    if database_url is not None:
        environment["DFWORX_DATABASE_URL"] = database_url
    log = install.home.log(service.factory.rpartition(":")[0] + "." + service.factory.rpartition(":")[2])
    with socket.create_server(("127.0.0.1", port)) as listening, log.open("wb") as output:
        # As the supervisor does (parts/supervise.py): uvicorn takes what it is handed for a unix socket.
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        process = subprocess.Popen(
            service.command(),
            stdin=listening.fileno(),
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment,
            cwd=install.home.path,
            # Ctrl-C is for the benchmark, which then ends this one itself.
            process_group=0,
        )
        try:
            served = Served(listening.getsockname()[1], psutil.Process(process.pid))
            _wait_for(process, served.url + service.health, log)
            yield served
        finally:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def database_clock(install: Install) -> Clock:
    """Of the database server with all its backends."""
    assert install.cluster is not None
    postmaster = find_postmaster(install.cluster.data)
    assert postmaster is not None
    return lambda: processor_seconds([postmaster, *postmaster.children()])


def processor_seconds(processes: list[psutil.Process]) -> dict[int, float]:
    taken = {}
    for process in processes:
        try:
            times = process.cpu_times()
        except psutil.Error:
            continue
        taken[process.pid] = times.user + times.system
    return taken


def _wait_for(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    def answers() -> bool:
        if process.poll() is not None:
            return True
        try:
            return httpx.get(url, timeout=1).status_code == 200
        except httpx.HTTPError:
            return False

    if not wait_until(answers, seconds=STARTED_WITHIN) or process.poll() is not None:
        last = log.read_text(errors="replace").splitlines()[-1:]
        raise Failure(f"A service to measure did not start: {' '.join(last) or 'it said nothing'} ({log})")
