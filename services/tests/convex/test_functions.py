"""The tests of `convex/`, which `./dfworx check` runs on convex-test, on our deployment with official clients: what the
two do differently, one of them does wrong."""

from __future__ import annotations

import json
import os
import subprocess

import pytest

from dfworx.cli.home import CHECKOUT, locate_home
from dfworx.cli.parts.node import npm_environment
from dfworx.realtime.runtime.bundle import find_modules
from tests.convex.served import FUNCTIONS, Served

TESTS = sorted(path.name for path in (CHECKOUT / "convex" / "tests").glob("*.test.ts"))
PATIENCE = 300


@pytest.mark.parametrize("name", TESTS)
def test_functions_on_our_deployment_do_what_they_do_on_convex_test(name: str, served: Served) -> None:
    environment = npm_environment(locate_home(os.environ).path)
    done = subprocess.run(
        ["npm", "exec", "--offline", "--", "vitest", "run", f"convex/tests/{name}"],
        cwd=CHECKOUT,
        env={**environment, "DFWORX_TEST_DEPLOYMENT": json.dumps(served.told_to_tests()), "NO_COLOR": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}\n{served.log()[-5000:]}"


def test_no_deployment_of_peoples_has_what_tests_plant_rows_with() -> None:
    functions, named = find_modules(FUNCTIONS)
    assert [name for name in (*functions, *named) if name.startswith("tests/") or "planting" in name] == []
