"""The state folder of one install: where things are, its master secret, its ports, and the lock that
keeps two commands from changing it at once. Everything an install writes lives under this folder, and
every password and key is derived from the one master secret, so a home plus that secret is the whole install.
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import json
import os
import random
import secrets as random_secrets
import shutil
import socket
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from dfworx.cli.failure import Failure

CHECKOUT = Path(__file__).resolve().parents[3]
INFRASTRUCTURE = CHECKOUT / "infrastructure"
SEAL_KID = 1
"""The number of an install's first seal keys."""
MINIMUM_SPACE = 1 << 30
PLACEHOLDERS = (
    "changeme",
    "change-me",
    "change_me",
    "placeholder",
    "example",
    "secret",
    "password",
    "insecure",
)

# Below the kernel's range for outgoing connections, so that a stopped install's port is not borrowed by one.
_PORT_RANGE = (20_000, 32_000)


@dataclass(frozen=True)
class Secrets:
    """Everything confidential, derived from the master secret by HMAC-SHA256 and a label."""

    master: str

    def derive(self, label: str) -> bytes:
        return hmac.new(self.master.encode(), label.encode(), hashlib.sha256).digest()

    def password(self, name: str) -> str:
        """The password of a database role or of Redis, in letters and digits: safe inside a URL."""
        return self.derive(f"password:{name}").hex()

    def seal_key(self, login: str, kid: int = SEAL_KID) -> bytes:
        """The key with which the service of this login role seals its database context."""
        return self.derive(f"seal:{login}:{kid}")

    def password_key(self) -> bytes:
        """The key with which the auth service seals password hashes; the number is for one that replaces it."""
        return self.derive("password-hashes:1")

    def file_key(self) -> bytes:
        """The key with which the web service signs the addresses of files."""
        return self.derive("file-addresses:1")

    def internal_key(self) -> bytes:
        """The key with which Convex's functions sign what they ask of the web service."""
        return self.derive("internal-requests:1")

    def convex_admin_key(self) -> str:
        """The key with which every function of the embedded Convex deployment may be called."""
        return f"dfworx|{self.derive('convex-admin:1').hex()}"


@dataclass(frozen=True)
class Home:
    """One install's state folder. Making the object touches nothing; `prepare` creates the folder."""

    path: Path

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    @property
    def run(self) -> Path:
        """Generated configuration and process ids: may be thrown away while the install is down."""
        return self.path / "run"

    @property
    def jwt_keys(self) -> Path:
        return self.path / "jwt_keys.json"

    @property
    def seal_keys(self) -> Path:
        """A file for each login role, which its service alone is told of."""
        return self.path / "seal_keys"

    def log(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    def prepare(self) -> None:
        """Create the folder, or say in one sentence why it can't be used."""
        for folder in (self.path, self.logs, self.run):
            try:
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            except OSError as error:
                raise Failure(
                    f"The state folder {self.path} can't be created ({error.strerror}); "
                    "set DFWORX_HOME to a folder you can write to."
                ) from None
        if not os.access(self.path, os.W_OK | os.X_OK):
            raise Failure(
                f"The state folder {self.path} can't be written to; set DFWORX_HOME to one that can."
            )

    def require_space(self, needed: int = MINIMUM_SPACE) -> None:
        free = shutil.disk_usage(self.path).free
        if free < needed:
            raise Failure(
                f"Only {free // (1 << 20)} MB are free on the disk of {self.path}; "
                f"make at least {needed // (1 << 20)} MB free and start again."
            )

    @contextmanager
    def lock(self, *, wait: bool = True) -> Iterator[None]:
        """Held while a command starts, stops or migrates the install."""
        with (self.path / "lock").open("w") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            except BlockingIOError:
                raise Failure(
                    f"Another command is changing {self.path}; wait until it has ended and try again."
                ) from None
            yield

    def secrets(self, environ: Mapping[str, str]) -> Secrets:
        """The install's secrets. In development the master secret is made once and kept in the home."""
        given = environ.get("DFWORX_SECRET", "")
        if not is_development(environ):
            require_good_secret(given)
        if given:
            return Secrets(given)
        file = self.path / "secret"
        if not file.exists():
            write_private(file, random_secrets.token_hex(32) + "\n", replace=False)
        master = file.read_text().strip()
        if len(master) < 32:
            raise Failure(f"The file {file} no longer holds this install's secret; restore it from a backup.")
        return Secrets(master)

    # Remembered numbers: the ports this install was given, kept from start to start.

    def ports(self) -> dict[str, int]:
        try:
            found = json.loads((self.path / "ports.json").read_text())
        except (FileNotFoundError, ValueError):
            return {}
        return {str(name): int(port) for name, port in found.items()}

    def remember_ports(self, ports: Mapping[str, int]) -> None:
        merged = {**self.ports(), **ports}
        write_private(self.path / "ports.json", json.dumps(merged, indent=1, sort_keys=True) + "\n")

    def port(self, name: str) -> int:
        """The remembered port, chosen now when there is none. It may be taken: see `free_port_for`."""
        known = self.ports()
        if name not in known:
            known[name] = choose_port(avoid=set(known.values()))
            self.remember_ports(known)
        return known[name]

    def free_port_for(self, name: str) -> int:
        """Like `port`, but chosen anew when a program outside this install has taken the remembered one."""
        port = self.port(name)
        if not port_is_free(port):
            port = choose_port(avoid=set(self.ports().values()))
            self.remember_ports({name: port})
        return port


def locate_home(environ: Mapping[str, str]) -> Home:
    """`$DFWORX_HOME`, or `.dfworx` in the checkout."""
    given = environ.get("DFWORX_HOME") or str(CHECKOUT / ".dfworx")
    path = Path(os.path.abspath(Path(given).expanduser()))  # noqa: PTH100 - resolve() would follow links
    if any(ord(character) < 32 for character in str(path)):
        raise Failure("DFWORX_HOME must not contain control characters; choose another folder.")
    return Home(path)


def is_development(environ: Mapping[str, str]) -> bool:
    value = environ.get("DFWORX_ENV") or "development"
    if value not in ("development", "production"):
        raise Failure(f"DFWORX_ENV is {value!r}; set it to development or production.")
    return value == "development"


def require_good_secret(secret: str) -> None:
    """Refuse a missing, short or placeholder master secret: outside development nothing starts without one."""
    advice = "set it to at least 32 random characters, for example from: openssl rand -hex 32"
    if not secret:
        raise Failure(f"DFWORX_SECRET is not set; {advice}")
    if len(secret) < 32:
        raise Failure(f"DFWORX_SECRET is too short; {advice}")
    if len(set(secret)) < 8 or any(word in secret.lower() for word in PLACEHOLDERS):
        raise Failure(f"DFWORX_SECRET is a placeholder; {advice}")


def write_private(file: Path, text: str, *, replace: bool = True) -> None:
    """Write a file that only its owner may read, whole or not at all; `replace=False` keeps an existing one."""
    descriptor, name = tempfile.mkstemp(prefix=f"{file.name}.", dir=file.parent)
    draft = Path(name)
    try:
        with os.fdopen(descriptor, "w") as handle:
            handle.write(text)
            handle.flush()
            os.fsync(handle.fileno())
        if replace:
            draft.replace(file)
        else:
            try:
                os.link(draft, file)
            except FileExistsError:
                pass
    finally:
        draft.unlink(missing_ok=True)


def port_is_free(port: int, host: str = "127.0.0.1") -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        # Connections of a program that has just ended must not count; a listening one still does.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            raise
        except OSError:
            return False
    return True


def choose_port(avoid: set[int] | None = None) -> int:
    """A port that is free now, so picked that two installs starting together seldom agree."""
    taken = avoid or set()
    for port in random.SystemRandom().sample(range(*_PORT_RANGE), 200):
        if port not in taken and port_is_free(port):
            return port
    raise Failure("No free port was found between 20000 and 32000; stop a program that listens there.")
