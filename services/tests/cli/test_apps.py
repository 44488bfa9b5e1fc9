"""Builds of the browser apps: named by what they were made of, made once, shared, and swept when nobody serves them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from dfworx.cli.failure import Failure
from dfworx.cli.home import Home
from dfworx.cli.install import Install, assemble_install
from dfworx.cli.parts import apps, node
from dfworx.cli.progress import Progress
from dfworx.cli.services import APPS

APP = APPS[0]
# Stands for `next build`: notes that it ran, and leaves what a build leaves.
BUILD = """
const fs = require("fs");
fs.appendFileSync("../../ran", "x");
fs.mkdirSync(".next/standalone/apps/web", { recursive: true });
fs.mkdirSync(".next/static", { recursive: true });
fs.copyFileSync("page.tsx", ".next/standalone/apps/web/server.js");
fs.writeFileSync(".next/static/a.js", "");
"""


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout whose app builds in a moment."""
    place = tmp_path / "a checkout"
    web = place / "apps" / "web"
    web.mkdir(parents=True)
    (place / "packages").mkdir()
    (place / "package.json").write_text("{}")
    (web / "package.json").write_text(json.dumps({"scripts": {"build": "node build.cjs"}}))
    (web / "build.cjs").write_text(BUILD)
    (web / "page.tsx").write_text("first")
    monkeypatch.setattr(apps, "CHECKOUT", place)
    monkeypatch.setattr(apps, "BUILDS", place / "build")
    monkeypatch.setattr(node, "install_packages", lambda *_: None)
    return place


def new_install(tmp_path: Path, name: str = "home") -> Install:
    home = Home(tmp_path / name)
    home.prepare()
    return replace(assemble_install(home, {}), apps=(APP,))


def build(install: Install) -> Path:
    return apps.build_apps(install, Progress())[APP.name]


def ran(checkout: Path) -> int:
    return len((checkout / "ran").read_text())


def test_a_version_is_built_once_for_all_installs(checkout: Path, tmp_path: Path) -> None:
    first, second = new_install(tmp_path, "one"), new_install(tmp_path, "two")
    built = build(first)
    assert (built / "apps" / "web" / "server.js").read_text() == "first"
    assert (built / "apps" / "web" / ".next" / "static" / "a.js").exists()
    assert [build(first), build(second)] == [built, built]
    assert ran(checkout) == 1


def test_two_that_start_at_once_build_once(checkout: Path, tmp_path: Path) -> None:
    installs = [new_install(tmp_path, name) for name in ("one", "two", "three")]
    threads = [threading.Thread(target=build, args=(each,)) for each in installs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ran(checkout) == 1


@pytest.mark.parametrize(
    "changed", ["apps/web/page.tsx", "apps/web/new.ts", "packages/ui.ts", "package-lock.json", "package.json"]
)
def test_a_changed_source_is_another_version(checkout: Path, tmp_path: Path, changed: str) -> None:
    install = new_install(tmp_path)
    built = build(install)
    (checkout / changed).write_text("second")
    assert build(install) != built
    assert ran(checkout) == 2


@pytest.mark.parametrize(
    "left",
    ["apps/web/.next/cache", "apps/web/node_modules/a.js", "apps/web/next-env.d.ts", "apps/web/a.test.ts"],
)
def test_what_builds_and_tests_leave_is_no_source(checkout: Path, left: str) -> None:
    before = apps.fingerprint(APP)
    (checkout / left).parent.mkdir(exist_ok=True)
    (checkout / left).write_text("anything")
    assert apps.fingerprint(APP) == before


def test_a_build_that_fails_leaves_nothing_and_says_why(checkout: Path, tmp_path: Path) -> None:
    install = new_install(tmp_path)
    (checkout / "apps" / "web" / "build.cjs").write_text("console.error('Line 7 is wrong'); process.exit(1)")
    with pytest.raises(Failure, match=r"(?s)web app could not be built; .*Line 7 is wrong"):
        build(install)
    assert list(apps.BUILDS.glob("web-*")) == []
    (checkout / "apps" / "web" / "build.cjs").write_text(BUILD)
    assert build(install).is_dir()


def test_old_builds_go_when_nobody_serves_them(checkout: Path, tmp_path: Path) -> None:
    install = new_install(tmp_path)
    unused, served, fresh = (apps.BUILDS / f"web-{name}" for name in ("unused", "served", "fresh"))
    for folder in (unused, served, fresh):
        folder.mkdir(parents=True)
    long_ago = time.time() - (apps.KEPT_HOURS + 1) * 3600
    for folder in (unused, served):
        os.utime(folder, (long_ago, long_ago))
    script = "import sys; sys.stdin.read()"
    server = subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, cwd=served)
    try:
        build(install)
    finally:
        server.communicate()
    assert [folder.exists() for folder in (unused, served, fresh)] == [False, True, True]


def test_the_development_server_works_on_the_sources(checkout: Path, tmp_path: Path) -> None:
    install = new_install(tmp_path)
    command = apps.command(install, APP, None)
    assert command[2:] == ["dev", "--hostname", "127.0.0.1", "--port", str(install.ports["web-app"])]
    assert apps.first(APP, None) == f"cd '{checkout}/apps/web'"
    assert apps.environment(install, APP, None)["NODE_ENV"] == "development"
