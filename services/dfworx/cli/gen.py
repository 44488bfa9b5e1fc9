"""`./dfworx gen`: everything that is derived from the services and the database, written again.

Each kind from its source and nothing else: OpenAPI documents from the FastAPI applications (in process, no
server), the TypeScript client's types from those documents, the names of Convex's functions from their files, and
database types for TypeScript and Python by the Supabase CLI from a throwaway PostgreSQL that has just been
migrated. What must stay true: the same checkout gives the same bytes on every run, since `./dfworx check`
compares them, and no install is touched.
"""

import asyncio
import importlib
import json
import os
import re
import secrets
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any

import asyncpg
import typer
from pydantic import SecretStr

from dfworx.cli.failure import Failure, Report
from dfworx.cli.home import CHECKOUT, Home, Secrets, locate_home
from dfworx.cli.migrations import migrate, prepare_cluster
from dfworx.cli.parts import node
from dfworx.cli.parts.postgres import DATABASE, OWNER, Cluster, throwaway_cluster
from dfworx.cli.services import SERVICES
from dfworx.realtime.runtime.bundle import find_modules

Files = dict[Path, str]
"""Text by path below the checkout."""

ROOMS = CHECKOUT / "services" / "dfworx"
CLIENT = Path("packages/api/src")
CONVEX = Path("convex")
EXAMPLES = Path("examples")
PYTHON_TYPES = Path("services/dfworx/shared/database_gen.py")
MARK = "Written by `./dfworx gen`; do not edit."
# Password hashes and token hashes: no business of an app's.
_HIDDEN_FROM_APPS = {"app_auth"}
_HANDLER_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


def gen(
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; fail when a file is out of date.")
    ] = False,
) -> None:
    """Write OpenAPI documents, the TypeScript client's types and the database types again."""
    home = locate_home(os.environ)
    home.prepare()
    if check:
        stale = stale_files(generate(home, typer.echo))
        if stale:
            raise Failure(stale_sentence(stale))
        typer.echo("All generated files are up to date.")
        return
    for path in write_files(generate(home, typer.echo)):
        typer.echo(f"Wrote {path}")


def generate(home: Home, report: Report) -> Files:
    """All generated files, as they should be."""
    node.install_packages(home.path, report)
    with tempfile.TemporaryDirectory(prefix="dfworx-gen-") as folder:
        scratch = Path(folder)
        report("Reading the services' OpenAPI documents")
        files = openapi_files(sorted(service.name for service in SERVICES))
        files |= client_files(files, home, scratch)
        files |= convex_files()
        report("Reading the types of a freshly migrated database")
        files |= database_files(home, scratch, report)
    return files


def openapi_files(services: Iterable[str]) -> Files:
    folder = ROOMS.relative_to(CHECKOUT)
    return {folder / name / "openapi.json": openapi_text(name, _document(name)) for name in services}


def openapi_text(service: str, document: Mapping[str, Any]) -> str:
    """Sorted, with the mark in the first line: JSON has no comments, OpenAPI allows `x-` members."""
    require_handler_names(service, document)
    _brace, members = json.dumps(document, sort_keys=True, indent=2, ensure_ascii=False).split("\n", 1)
    return f'{{"x-generated": {json.dumps(MARK)},\n{members}\n'


def require_handler_names(service: str, document: Mapping[str, Any]) -> None:
    """Clients call operations by these names, so a rename must show in the diff and two must not be alike."""
    seen: dict[str, str] = {}
    for path, operations in document.get("paths", {}).items():
        for method, operation in operations.items():
            if not isinstance(operation, dict):
                continue
            where, name = f"{method.upper()} {path}", str(operation.get("operationId", ""))
            # FastAPI's own invention is the handler's name, the path and the method in one.
            if not _HANDLER_NAME.fullmatch(name) or re.sub(r"\W", "_", path) in name:
                raise Failure(
                    f"{service}: {where} has the operation id {name!r}; give it its handler's name "
                    "(FastAPI's generate_unique_id_function)."
                )
            if name in seen:
                raise Failure(
                    f"{service}: {seen[name]} and {where} are both named {name}; rename one handler."
                )
            seen[name] = where


def client_files(documents: Files, home: Home, scratch: Path) -> Files:
    """TypeScript types of each OpenAPI document, by openapi-typescript."""
    program = CHECKOUT / "node_modules" / "openapi-typescript" / "bin" / "cli.js"
    files: Files = {}
    for path, text in documents.items():
        name = path.parent.name
        source, target = scratch / f"{name}.json", scratch / f"{name}.ts"
        source.write_text(text, encoding="utf-8")
        _run(["node", str(program), str(source), "--output", str(target)], node.npm_environment(home.path))
        files[CLIENT / f"{name}.gen.ts"] = f"// {MARK}\n{target.read_text(encoding='utf-8')}"
    return files


def convex_files() -> Files:
    """What Convex writes itself, but only where it has a deployment: the same in each folder but for `api.d.ts`."""
    written = (CHECKOUT / CONVEX / "_generated").iterdir()
    same = {path.name: path.read_text(encoding="utf-8") for path in written}
    files: Files = {}
    for folder in (CHECKOUT / CONVEX, *sorted((CHECKOUT / EXAMPLES).glob("*/convex"))):
        texts = same | {"api.d.ts": api_text(folder)}
        files |= {folder.relative_to(CHECKOUT) / "_generated" / name: text for name, text in texts.items()}
    return files


def api_text(folder: Path) -> str:
    """What functions there are, for the compiler."""
    modules, _ = find_modules(folder)
    names = {module: re.sub(r"\W", "_", module) for module in modules}
    lines = [
        f"// {MARK}",
        'import type { ApiFromModules, FilterApi, FunctionReference } from "convex/server";',
        "",
        *(f'import type * as {name} from "../{module}.js";' for module, name in names.items()),
        "",
        "declare const modules: ApiFromModules<{",
        *(f'  "{module}": typeof {name};' for module, name in names.items()),
        "}>;",
        "",
        'export declare const api: FilterApi<typeof modules, FunctionReference<any, "public">>;',
        'export declare const internal: FilterApi<typeof modules, FunctionReference<any, "internal">>;',
    ]
    return "\n".join(lines) + "\n"


def database_files(home: Home, scratch: Path, report: Report) -> Files:
    throwaway = Secrets(secrets.token_hex(32))
    with throwaway_cluster(scratch, throwaway) as cluster:
        owner_url = prepare_cluster(cluster, throwaway)
        migrate(owner_url, throwaway, home, report)
        schemas = _schemas(owner_url)
        shown = [name for name in schemas if name not in _HIDDEN_FROM_APPS]
        typescript = _database_types(cluster, throwaway, home, "typescript", shown)
        python = _database_types(cluster, throwaway, home, "python", schemas)
    return {
        CLIENT / "database.gen.ts": f"// {MARK}\n{typescript.strip()}\n",
        PYTHON_TYPES: f"# {MARK}\n{with_catalog_types(python).strip()}\n",
    }


def with_catalog_types(python: str) -> str:
    """Define the types of pg_catalog that the CLI names but leaves out (seen in 3.1.0: tsvector, name).

    Without them pydantic refuses to use the models of these tables.
    """
    named = sorted(
        set(re.findall(r"\bPgCatalog\w+\b", python)) - set(re.findall(r"^(\w+): TypeAlias", python, re.M))
    )
    aliases = "".join(f"{name}: TypeAlias = Any\n" for name in named)
    head, first_class, rest = python.partition("\nclass ")
    return f"{head.rstrip()}\n\n{aliases}\n{first_class}{rest}"


def write_files(files: Files) -> list[Path]:
    """Write what differs and remove what nothing generates any more; returns what was touched."""
    touched = []
    for path in stale_files(files):
        target = CHECKOUT / path
        if path in files:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(files[path], encoding="utf-8", newline="\n")
        else:
            target.unlink()
        touched.append(path)
    return touched


def stale_files(files: Files) -> list[Path]:
    """Paths whose content on disk is absent, different, or no longer generated by anything."""
    stale = []
    for path, text in files.items():
        try:
            same = (CHECKOUT / path).read_bytes() == text.encode()
        except FileNotFoundError:
            same = False
        if not same:
            stale.append(path)
    on_disk = [*(CHECKOUT / CLIENT).glob("*.gen.ts"), *ROOMS.glob("*/openapi.json")]
    orphans = [path.relative_to(CHECKOUT) for path in on_disk if path.relative_to(CHECKOUT) not in files]
    return sorted(stale + orphans)


def stale_sentence(stale: list[Path]) -> str:
    names = ", ".join(str(path) for path in stale)
    return f"Out of date: {names}; run `./dfworx gen` and commit what it writes."


def _document(service: str) -> dict[str, Any]:
    # Imported here: the other commands in this package start faster without the services.
    from dfworx.shared.settings import Settings

    settings = Settings(
        env="development",
        origin="http://localhost:3000",
        database_url=SecretStr("postgresql://nobody@127.0.0.1/nothing"),
        redis_url=SecretStr("redis://127.0.0.1"),
        seal_kid=1,
        seal_key=SecretStr("00" * 32),
        jwt_keys=None,
        password_key=SecretStr("00" * 32),
        file_key=SecretStr("00" * 32),
    )
    application = importlib.import_module(f"dfworx.{service}.app").create_app(settings)
    document: dict[str, Any] = application.openapi()
    return document


def _schemas(owner_url: str) -> list[str]:
    """Shared, app_* and shared_services, by the naming rule, so that a new app needs no line here."""

    async def read() -> list[str]:
        connection = await asyncpg.connect(owner_url)
        try:
            rows = await connection.fetch(
                r"select nspname from pg_namespace where nspname in ('public', 'shared_services') "
                r"or nspname like 'app\_%'"
            )
        finally:
            await connection.close()
        return sorted(row["nspname"] for row in rows)

    return asyncio.run(read())


def _database_types(cluster: Cluster, owner: Secrets, home: Home, language: str, schemas: list[str]) -> str:
    # The Supabase CLI asks for TLS unless told otherwise; the password stays off its command line.
    # --db-url is understood by both versions in package-lock.json (see docs/decisions/dependencies.md).
    address = f"postgresql://{OWNER}@127.0.0.1:{cluster.port}/{DATABASE}?sslmode=disable"
    command = [
        *(str(node.supabase_executable()), "gen", "types", "--db-url", address),
        *("--lang", language, "--schema", ",".join(schemas), "--agent", "no"),
    ]
    environment = node.npm_environment(home.path) | {"PGPASSWORD": owner.password(OWNER)}
    return _run(command, environment)


def _run(command: list[str], environment: Mapping[str, str]) -> str:
    done = subprocess.run(
        command,
        cwd=CHECKOUT,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode != 0:
        told = [line.strip() for line in (done.stderr or done.stdout).splitlines() if line.strip()]
        raise Failure(f"{Path(command[0]).name} {command[1]} failed: {' '.join(told[:3])}")
    return done.stdout
