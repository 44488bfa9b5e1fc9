"""Finding and ending the processes of one home, also after the one that started them was killed.

What the supervisor starts carries DFWORX_HOME and a mark in its environment; a person's own shell or test run that
merely has DFWORX_HOME set is never touched. PostgreSQL and Valkey overwrite their environment to show their state
in the list of processes: they are known by their working folder, which for both is their data folder.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterable
from pathlib import Path

import psutil

from dfworx.cli.waiting import wait_until

MARK = "DFWORX_SUPERVISED"
"""Set in the environment of everything the supervisor starts, of itself, and of its guard."""


def find_processes(home: Path) -> list[psutil.Process]:
    """Every living process of this home, the calling one and its ancestors left out."""
    data = home / "postgres" / "data"
    folders = {"postgres": data, "valkey-server": home / "valkey"}
    found: dict[int, psutil.Process] = {}
    for process in psutil.process_iter():
        if _is_marked(process, home) or _works_in(process, folders):
            found[process.pid] = process
    postmaster = find_postmaster(data)
    if postmaster:
        found[postmaster.pid] = postmaster
    # By one look at who is whose parent: asking each process for its children looks at all of them each time.
    everything = {process.pid: process for process in psutil.process_iter()}
    children: dict[int, list[int]] = {}
    for process in everything.values():
        children.setdefault(read_parent(process), []).append(process.pid)
    waiting = list(found)
    while waiting:
        for pid in children.get(waiting.pop(), []):
            if pid not in found:
                found[pid] = everything[pid]
                waiting.append(pid)
    own = {os.getpid(), *(parent.pid for parent in psutil.Process().parents())}
    return [process for pid, process in sorted(found.items()) if pid not in own and _lives(process)]


def find_postmaster(data: Path) -> psutil.Process | None:
    """The server that owns this data folder, by its lock file; None when the file is stale."""
    try:
        process = psutil.Process(int((data / "postmaster.pid").read_text().split("\n", 1)[0]))
        words = process.cmdline()
    except (OSError, ValueError, psutil.Error):
        return None
    return process if "-D" in words and _same_folder(words[words.index("-D") + 1 :][:1], data) else None


def remove_stale_lock(data: Path) -> None:
    """Drop postmaster.pid when no server owns the folder: its number may belong to another program by now,
    and PostgreSQL would then refuse to start for good. Call it only after `end_processes`."""
    if find_postmaster(data) is None:
        (data / "postmaster.pid").unlink(missing_ok=True)


def end_processes(home: Path, *, seconds: float = 15) -> int:
    """End what is left of this home, PostgreSQL by its fast shutdown; returns how many there were."""
    processes = find_processes(home)
    if not processes:
        return 0
    postmaster = find_postmaster(home / "postgres" / "data")
    # The guard first, so that it doesn't start anew what is being ended.
    for process in sorted(processes, key=lambda each: not is_guard(each)):
        if postmaster and process.pid == postmaster.pid:
            _send(process, signal.SIGINT)
        elif not (postmaster and _is_below(process, postmaster)):
            _send(process, signal.SIGTERM)
    late = {*wait_processes(processes, seconds=seconds), *find_processes(home)}
    for process in late:
        _send(process, signal.SIGKILL)
    wait_processes(late, seconds=5)
    return len(processes)


def memory_mb(processes: Iterable[psutil.Process]) -> float:
    """Proportional set size: a page shared by several processes counts once."""
    total = 0
    for process in processes:
        try:
            total += process.memory_full_info().pss
        except (psutil.Error, AttributeError):
            continue
    return round(total / (1 << 20), 1)


def _is_marked(process: psutil.Process, home: Path) -> bool:
    try:
        environment = process.environ()
    except (psutil.Error, OSError):
        return False
    return MARK in environment and environment.get("DFWORX_HOME") == str(home)


def _works_in(process: psutil.Process, folders: dict[str, Path]) -> bool:
    """`folders` by program name."""
    try:
        folder = folders.get(process.name())
        return folder is not None and _same_folder([process.cwd()], folder)
    except (psutil.Error, OSError):
        return False


def _same_folder(given: list[str], folder: Path) -> bool:
    return bool(given) and os.path.realpath(given[0]) == os.path.realpath(folder)


def is_guard(process: psutil.Process) -> bool:
    return any(word.endswith("/guard.sh") for word in read_words(process))


def is_supervisor(process: psutil.Process) -> bool:
    return "dfworx.cli.parts.supervise" in read_words(process) and not is_guard(process)


def wait_processes(processes: Iterable[psutil.Process], *, seconds: float) -> list[psutil.Process]:
    """Wait until they have ended; returns those that have not. A zombie has: in a container nobody may ever
    collect it."""
    wanted = list(processes)
    wait_until(lambda: not any(map(_lives, wanted)), seconds=seconds, interval=0.02)
    return [process for process in wanted if _lives(process)]


def read_words(process: psutil.Process) -> list[str]:
    """Its command line; none once it has ended, which it may do between being found and being asked."""
    try:
        return list(process.cmdline())
    except psutil.Error:
        return []


def _is_below(process: psutil.Process, ancestor: psutil.Process) -> bool:
    try:
        return any(parent.pid == ancestor.pid for parent in process.parents())
    except psutil.Error:
        return False


def read_parent(process: psutil.Process) -> int:
    """The number of the process that started it; 0 once it has ended."""
    try:
        return int(process.ppid())
    except psutil.Error:
        return 0


def _lives(process: psutil.Process) -> bool:
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return False


def _send(process: psutil.Process, number: int) -> None:
    try:
        process.send_signal(number)
    except psutil.Error:
        pass
