"""The embedded Convex deployment as a part of an install: its command, and all that it is told. It holds no key of
another service; who may call its functions is said by tokens of the auth service."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dfworx.cli.failure import Report
from dfworx.cli.home import CHECKOUT, Home
from dfworx.cli.services import start_anew

FUNCTIONS = CHECKOUT / "convex"
HEALTH = "/version"


@dataclass(frozen=True)
class Deployment:
    """The functions of the checkout, over documents in the home."""

    home: Home
    port: int
    url: str
    """Where clients reach it."""
    admin_key: str

    def prepare(self, report: Report) -> None:
        """What bundles the functions comes as packages."""
        from dfworx.cli.parts.node import install_packages

        install_packages(self.home.path, report)
        data_folder(self.home).mkdir(mode=0o700, exist_ok=True)

    def command(self, *, reload: bool = False) -> list[str]:
        """On the listening socket it is handed; `reload` starts it anew when its source changes."""
        command = [sys.executable, "-m", "dfworx.realtime"]
        return start_anew(command) if reload else command

    def environment(self, functions: Mapping[str, str], *, watch: bool = False) -> dict[str, str]:
        """`functions` is what they find in process.env; `watch` takes changes of theirs while it runs."""
        from dfworx.cli.parts.node import node_executable

        told = {
            "FOLDER": str(FUNCTIONS),
            "DATA": str(install_data(self.home)),
            "URL": self.url,
            "SITE_URL": f"{self.url}/http",
            "NODE": str(node_executable(self.home.path)),
            "PACKAGES": str(CHECKOUT / "node_modules"),
            "ADMIN_KEY": self.admin_key,
            "WATCH": "1" if watch else "0",
            "ENV": json.dumps(dict(functions)),
        }
        return {f"DFWORX_REALTIME_{name}": value for name, value in told.items()} | {"PYTHONUNBUFFERED": "1"}


def data_folder(home: Home) -> Path:
    return home.path / "realtime"


def install_data(home: Home) -> Path:
    """The documents of `up`."""
    return data_folder(home) / "documents.sqlite"


def folder_data(home: Home, folder: Path) -> Path:
    """The documents of a folder that `realtime serve` serves; folders of one name in different places have others."""
    return data_folder(home) / f"{folder.name}-{hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]}.sqlite"
