"""`dfworx up`: bring an install from whatever state it is in to a running, migrated, healthy one.

The database is made ready before anything else starts, so no service ever meets an old schema. What an earlier,
killed start left behind is ended first. A start that fails stops what it has started.
"""

from __future__ import annotations

import os
import signal
from contextlib import ExitStack
from dataclasses import replace
from typing import Annotated

import typer

from dfworx.cli import health, seed
from dfworx.cli.backups.records import read_plan
from dfworx.cli.backups.restoring import require_finished
from dfworx.cli.failure import Failure
from dfworx.cli.home import Home, locate_home
from dfworx.cli.install import WITHOUT_APPS, Install, assemble_install, forget_start, remember_start
from dfworx.cli.migrations import migrate, prepare_cluster
from dfworx.cli.parts import gateway, supervision, valkey
from dfworx.cli.parts.apps import build_apps
from dfworx.cli.parts.postgres import server_user
from dfworx.cli.parts.processes import end_processes, remove_stale_lock
from dfworx.cli.programs import programs
from dfworx.cli.progress import Progress
from dfworx.cli.seal_keys import write_seal_keys
from dfworx.cli.waiting import wait_until

HEALTHY_WITHIN = 60.0
REPAIRED_WITHIN = 8.0
"""What the supervisor gets to repair a part by itself before `up` starts the whole install anew."""


def up(
    detach: Annotated[bool, typer.Option("--detach", help="Return when everything is healthy.")] = False,
    port: Annotated[
        int | None,
        typer.Option(min=1, max=65535, help="The address to serve at; remembered. [default: 3000]"),
    ] = None,
    apps: Annotated[bool, typer.Option("--apps/--no-apps", help="Serve the browser apps too.")] = True,
    dev: Annotated[
        bool, typer.Option("--dev", help="Restart a service, and reload a page, when its source changes.")
    ] = False,
) -> None:
    """Start this install, or repair it, and say where it is."""
    home = locate_home(os.environ)
    home.prepare()
    progress = Progress()
    for number in (signal.SIGTERM, signal.SIGHUP):
        # Like Ctrl-C, so that a start that is broken off stops what it has started.
        signal.signal(number, signal.default_int_handler)
    with home.lock(wait=False):
        install = start(home, progress, port=port, apps=apps, reload=dev)
    say_address(install)
    if not detach:
        from dfworx.cli.logs import follow_until_stopped

        follow_until_stopped(home)


def start(home: Home, progress: Progress, *, port: int | None, apps: bool, reload: bool) -> Install:
    """Call it holding the home's lock."""
    environ = {**os.environ, **({} if apps else WITHOUT_APPS)}
    if supervision.is_running(home):
        running = assemble_install(home, os.environ)
        if port is not None and port != running.ports["gateway"]:
            raise Failure(
                f"This install is running at {running.origin}; stop it first to move it: ./dfworx down"
            )
        if _is_healthy(running, progress):
            typer.echo("This install is already running.")
            return running
        progress.report("A part is dead and stays dead; starting everything anew")
    require_finished(home)
    read_plan(home, environ)
    _end_leftovers(home, progress)
    home.require_space()
    install = assemble_install(home, environ, gateway_port=port, choose_free_ports=True)
    gateway.require_free_port(install.ports["gateway"])
    home.remember_ports({"gateway": install.ports["gateway"]})
    _require_outside_redis(install)
    make_database_ready(install, progress)
    if install.valkey:
        install.valkey.prepare()
    if install.realtime:
        install.realtime.prepare(progress.report)
    (home.path / "caddy").mkdir(mode=0o700, exist_ok=True)
    built = {} if reload else build_apps(install, progress)
    supervision.write_configuration(home, programs(install, reload=reload, built=built))
    remember_start(home, environ)
    supervision.start(home)
    try:
        _wait_for_health(install, progress)
    except BaseException:
        supervision.stop(home)
        forget_start(home)
        raise
    return install


def make_database_ready(install: Install, progress: Progress) -> None:
    """Create, bootstrap, migrate and, in development, seed; an embedded server is running only meanwhile."""
    with ExitStack() as stack:
        if install.cluster:
            cluster = replace(install.cluster, user=server_user(progress.report))
            if cluster.exists():
                cluster.open_the_way(progress.report)
            else:
                with progress.step("Creating the database"):
                    cluster.create(progress.report)
            with progress.step("Starting PostgreSQL"):
                cluster.start()
            stack.callback(cluster.stop, "fast")
            prepare_cluster(cluster, install.secrets)
        with progress.step("Bringing the database up to date"):
            kid = migrate(install.database_url, install.secrets, install.home, progress.report)
            write_seal_keys(install.home, install.secrets, kid)
            empty = install.development and seed.is_empty(install.database_url)
            if empty and seed.run_sections(install.database_url):
                progress.report("Seeded two organizations to look around in")


def say_address(install: Install) -> None:
    typer.echo(f"\nDFWorX is running at {install.origin}")
    if install.development:
        for login in seed.logins(install.database_url):
            typer.echo(f"A login to try: {login}")


def _is_healthy(install: Install, progress: Progress) -> bool:
    def healthy() -> bool:
        return not any(health.ask_all(health.part_checks(install)).values())

    if healthy():
        return True
    with progress.step("Waiting for a part that is being restarted"):
        return wait_until(healthy, seconds=REPAIRED_WITHIN, interval=0.2)


def _end_leftovers(home: Home, progress: Progress) -> None:
    if end_processes(home.path):
        progress.report("Ended what an earlier start had left running")
    remove_stale_lock(home.path / "postgres" / "data")
    forget_start(home)


def _require_outside_redis(install: Install) -> None:
    if install.valkey is None:
        problem = valkey.answers(install.redis_url, timeout=5)
        if problem:
            raise Failure(
                f"The Redis of REDIS_URL can't be reached ({problem}); check the address and that it runs."
            )


def _wait_for_health(install: Install, progress: Progress) -> None:
    for name, check in health.part_checks(install).items():
        reason: str | None = "it has not answered yet"

        def well(check: health.Ask = check) -> bool:
            nonlocal reason
            reason = check()
            return reason is None

        with progress.step(f"Waiting for {name}"):
            if not wait_until(well, seconds=HEALTHY_WITHIN):
                raise Failure(
                    f"The part {name} did not become healthy ({reason}); its log is {install.home.log(name)}\n"
                    + last_lines(install.home, name)
                )


def last_lines(home: Home, name: str, count: int = 10) -> str:
    try:
        lines = home.log(name).read_text(errors="replace").splitlines()
    except OSError:
        return "  (it has written nothing)"
    return "\n".join(f"  {line}" for line in lines[-count:])
