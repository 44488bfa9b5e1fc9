"""Programs of Node with the client that apps use, which is TypeScript."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from dfworx.cli.home import CHECKOUT, locate_home
from dfworx.cli.parts.node import node_executable, npm_environment


def bundled(name: str, folder: Path) -> list[str]:
    """The command that runs a program beside this, bundled into the folder."""
    home = locate_home(os.environ).path
    program = folder / f"{name}.cjs"
    subprocess.run(
        [
            *(str(CHECKOUT / "node_modules/.bin/esbuild"), str(Path(__file__).with_name(f"{name}.ts"))),
            *("--bundle", "--platform=node", "--format=cjs", f"--outfile={program}", "--log-level=error"),
        ],
        env=npm_environment(home),
        stdin=subprocess.DEVNULL,
        check=True,
    )
    return [str(node_executable(home)), str(program)]
