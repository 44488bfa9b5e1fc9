"""What `bench realtime` starts: deployments as people run them, each a program of its own on a file of its own, and
programs of Node beside them. All end with the benchmark. What is held against each other runs on one core alone, and
the load on another."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil

from dfworx.cli.benches.servers import processor_seconds
from dfworx.cli.failure import Failure
from dfworx.cli.home import CHECKOUT, Home
from dfworx.cli.parts import node
from dfworx.cli.parts.processes import MARK, end_processes
from dfworx.cli.progress import Progress
from dfworx.cli.waiting import wait_until

FUNCTIONS = Path(__file__).with_name("realtime_functions")
PROGRAMS = Path(__file__).with_name("realtime_node")
STARTED_WITHIN = 30.0
ADMIN_KEY = "bench|of-nobody-but-this-benchmark"


@dataclass(frozen=True)
class Served:
    port: int
    process: psutil.Process

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def clock(self) -> dict[int, float]:
        """With the processes that its functions run in."""
        return processor_seconds([self.process, *self.process.children(recursive=True)])


@contextmanager
def measuring(folder: Path, progress: Progress) -> Iterator[Home]:
    """A home of the bench's own; nothing of it runs on afterwards."""
    home = Home(folder)
    home.prepare()
    node.install_packages(home.path, progress.report)
    with home.lock(wait=False):
        # One that was killed has left its programs behind.
        end_processes(home.path)
        try:
            yield home
        finally:
            end_processes(home.path)


@contextmanager
def serve_deployment(
    home: Home,
    data: str,
    *,
    core: int | None = None,
    within: float = STARTED_WITHIN,
    functions: Path = FUNCTIONS,
    variables: Mapping[str, str] | None = None,
) -> Iterator[Served]:
    """On the documents of `data`, a file in the home; with durable commits, as it is by default."""
    with socket.create_server(("127.0.0.1", 0), backlog=1024) as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        told = {
            "FOLDER": functions,
            "DATA": home.path / f"{data}.sqlite3",
            "URL": url,
            "SITE_URL": url,
            "NODE": node.node_executable(home.path),
            "PACKAGES": CHECKOUT / "node_modules",
            "ADMIN_KEY": ADMIN_KEY,
            "ENV": json.dumps(variables or {}),
            "WATCH": "false",
        }
        settings = {f"DFWORX_REALTIME_{name}": str(value) for name, value in told.items()}
        command = [sys.executable, "-m", "dfworx.realtime"]
        with _running(home, data, command, settings, core, stdin=listening.fileno()) as process:
            log = home.log(data)

            def answers() -> bool:
                if process.poll() is not None:
                    return True
                try:
                    return httpx.get(f"{url}/version", timeout=1).status_code == 200
                except httpx.HTTPError:
                    return False

            if not wait_until(answers, seconds=within) or process.poll() is not None:
                raise _did_not_start(log)
            yield Served(listening.getsockname()[1], psutil.Process(process.pid))


@contextmanager
def serve_relay(home: Home, name: str, *, core: int) -> Iterator[Served]:
    """One of the relays in PROGRAMS, which says its port."""
    command = [str(node.node_executable(home.path)), str(PROGRAMS / f"{name}.mjs")]
    with _running(home, name, command, {}, core, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        port = process.stdout.readline()
        if not port.strip().isdigit():
            raise _did_not_start(home.log(name))
        yield Served(int(port), psutil.Process(process.pid))


@contextmanager
def run_program(home: Home, name: str, *words: str, niceness: int = 0) -> Iterator[Callable[[str], str]]:
    """A program of Node, of PROGRAMS or anywhere, that answers each line with a line; yields what asks it."""
    path = Path(name)
    name = path.stem
    program = path if path.is_absolute() else PROGRAMS / f"{name}.mjs"
    command = [str(node.node_executable(home.path)), str(program), *words]
    with _running(home, name, command, {}, None, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        psutil.Process(process.pid).nice(niceness)
        asking, answering = process.stdin, process.stdout
        assert asking is not None and answering is not None

        def ask(line: str) -> str:
            asking.write(f"{line}\n".encode())
            asking.flush()
            answer = answering.readline()
            if not answer:
                raise _did_not_start(home.log(name))
            return answer.decode()

        yield ask


@contextmanager
def on_core(core: int) -> Iterator[None]:
    """What this process does meanwhile; and what it starts, for good. Where the system knows of such a thing."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {sorted(cores)[core % len(cores)]})
    try:
        yield
    finally:
        os.sched_setaffinity(0, cores)


@contextmanager
def _running(
    home: Home,
    name: str,
    command: list[str],
    environment: Mapping[str, str],
    core: int | None,
    *,
    stdin: int = subprocess.DEVNULL,
    stdout: int | None = None,
) -> Iterator[subprocess.Popen[bytes]]:
    # What this shell says about another install isn't for these.
    kept = {key: value for key, value in os.environ.items() if not key.startswith("DFWORX_")}
    with home.log(name).open("wb") as log:

        def start() -> subprocess.Popen[bytes]:
            return subprocess.Popen(
                command,
                stdin=stdin,
                stdout=stdout or log,
                stderr=log,
                env={**kept, **environment, "DFWORX_HOME": str(home.path), MARK: "bench"},
                cwd=CHECKOUT / "services",
                # Ctrl-C is for the benchmark, which then ends this one itself.
                process_group=0,
            )

        if core is None:
            process = start()
        else:
            with on_core(core):
                process = start()
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    pipe.close()


def _did_not_start(log: Path) -> Failure:
    last = log.read_text(errors="replace").splitlines()[-1:]
    return Failure(
        f"A program to measure ended or did not answer: {' '.join(last) or 'it said nothing'} ({log})"
    )


def bundle(home: Home, name: str) -> Path:
    """A program of ours that uses the client that apps use, which is TypeScript."""
    program = (home.path / name).with_suffix(".cjs")
    done = subprocess.run(
        [
            *(str(CHECKOUT / "node_modules" / ".bin" / "esbuild"), str(PROGRAMS / name)),
            *("--bundle", "--platform=node", "--format=cjs", f"--outfile={program}", "--log-level=error"),
        ],
        env=node.npm_environment(home.path),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Failure(f"{name} couldn't be bundled: {done.stderr.strip()}")
    return program
