"""Writing the supervisor's configuration, starting it detached from the terminal, and stopping it.

supervisord runs in the foreground of a small sh loop (guard.sh) in a session of its own. There is no control
socket: a unix socket's path may not be longer than 107 bytes, which a deep home exceeds, and nothing here needs
one. Start scripts hold passwords, so only their owner may read them.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import psutil

from dfworx.cli.home import Home, write_private
from dfworx.cli.parts.processes import (
    MARK,
    end_processes,
    find_processes,
    is_guard,
    is_supervisor,
    wait_processes,
)
from dfworx.cli.programs import Program

GUARD = Path(__file__).with_name("guard.sh")
LOG_BYTES = 5 << 20
LOG_COPIES = 2

# The person's own variables reach no part of the install, but for those that say where programs, certificates
# and proxies are.
KEPT_VARIABLES = (
    *("PATH", "LANG", "LC_ALL", "TZ", "SSL_CERT_FILE", "SSL_CERT_DIR"),
    *("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"),
)


def configuration_file(home: Home) -> Path:
    return home.run / "supervisord.conf"


def write_configuration(home: Home, programs: Iterable[Program]) -> None:
    """Write supervisord's configuration and a start script for each program."""
    wanted = list(programs)
    for program in wanted:
        write_private(script := script_file(home, program), start_script(program))
        if program.user:
            # Holds no secret, and its reader is another user.
            script.chmod(0o644)
            home.run.chmod(0o711)
    write_private(configuration_file(home), configuration(wanted))


def configuration(programs: Iterable[Program]) -> str:
    """Paths are relative to the home, where the supervisor runs: its file format can't carry every path."""
    sections = [
        "[supervisord]",
        "nodaemon=true",
        "silent=true",
        "logfile=logs/supervisor.log",
        f"logfile_maxbytes={LOG_BYTES}",
        f"logfile_backups={LOG_COPIES}",
        "loglevel=info",
        "pidfile=run/supervisord.pid",
        "childlogdir=logs",
        # In each child it closes this many descriptors, one by one.
        "minfds=256",
    ]
    if os.geteuid() == 0:
        # Said aloud, or it warns about running as root; PostgreSQL gets a user of its own below.
        sections.append("user=root")
    for program in programs:
        sections += ["", *_section(program)]
    return "\n".join(sections) + "\n"


def start_script(program: Program) -> str:
    exports = [f"export {name}={shlex.quote(value)}" for name, value in sorted(program.environment.items())]
    first = [program.first] if program.first else []
    return "\n".join([*exports, *first, f"exec {shlex.join(program.command)}"]) + "\n"


def script_file(home: Home, program: Program) -> Path:
    return home.run / f"{program.name}.sh"


def _section(program: Program) -> list[str]:
    kind = "program" if program.socket is None else "fcgi-program"
    lines = [f"[{kind}:{program.name}]"]
    if program.socket is not None:
        lines += [f"socket=tcp://127.0.0.1:{program.socket}", "socket_backlog=1024"]
    if program.user:
        lines.append(f"user={program.user}")
    return [
        *lines,
        f"command=/bin/sh run/{program.name}.sh",
        f"priority={program.order}",
        "autostart=true",
        "autorestart=true",
        "startsecs=1",
        "startretries=1000000000",
        f"stopsignal={program.stop_signal}",
        f"stopwaitsecs={program.stop_seconds}",
        "killasgroup=true",
        "redirect_stderr=true",
        f"stdout_logfile=logs/{program.name}.log",
        f"stdout_logfile_maxbytes={LOG_BYTES}",
        f"stdout_logfile_backups={LOG_COPIES}",
    ]


def start(home: Home) -> None:
    """Start guard and supervisor in a session of their own; returns at once."""
    environment = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
    environment |= {"DFWORX_HOME": str(home.path), MARK: "1", "HOME": str(home.path)}
    environment.setdefault("PATH", os.defpath)
    with home.log("guard").open("ab") as log:
        subprocess.Popen(
            ["/bin/sh", str(GUARD), sys.executable, str(configuration_file(home)), str(home.path)],
            env=environment,
            cwd=home.path,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def stop(home: Home) -> int:
    """Stop guard, supervisor and all it runs; returns how many processes there were."""
    running = find_processes(home.path)
    for process in running:
        if is_guard(process):
            process.terminate()
    for process in running:
        if is_supervisor(process):
            # It stops its programs one after another: the gateway first, PostgreSQL last.
            process.terminate()
            wait_processes([process], seconds=60)
    end_processes(home.path)
    return len(running)


def is_running(home: Home) -> bool:
    return is_supervised(find_processes(home.path))


def is_supervised(processes: Iterable[psutil.Process]) -> bool:
    """Guard and supervisor both: without its guard, the next kill of the supervisor would go unnoticed."""
    running = list(processes)
    return any(map(is_guard, running)) and any(map(is_supervisor, running))
