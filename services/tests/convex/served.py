"""A deployment that serves `convex/`, with what tests plant rows with, and takes tokens of a key of its own."""

from __future__ import annotations

import base64
import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

from dfworx.cli.home import CHECKOUT
from dfworx.realtime.runtime.bundle import find_modules

FUNCTIONS = CHECKOUT / "convex"
ISSUER = "https://dfworx.example"
PATIENCE = 60


@dataclass(frozen=True)
class Served:
    url: str
    admin_key: str
    key: dict[str, Any]
    """The private one, as a JWK: tests sign their people's tokens with it."""
    log_file: Path

    def told_to_tests(self) -> dict[str, Any]:
        return {"url": self.url, "admin_key": self.admin_key, "issuer": ISSUER, "key": self.key}

    def log(self) -> str:
        return self.log_file.read_text(errors="replace")


@contextmanager
def serve_functions(folder: Path) -> Iterator[Served]:
    made = ec.generate_private_key(ec.SECP256R1())
    key = {**_jwk(made), "kid": "1", "alg": "ES256", "use": "sig"}
    variables = deployment_variables(made)
    command = [
        *(str(CHECKOUT / "dfworx"), "realtime", "serve", str(_functions(folder / "convex"))),
        *("--port", "0", "--data", str(folder / "data.sqlite")),
        *(word for name, value in variables.items() for word in ("--env", f"{name}={value}")),
    ]
    log = folder / "log"
    with (
        log.open("wb") as errors,
        subprocess.Popen(
            command,
            env={**os.environ, "DFWORX_HOME": str(folder / "home")},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
        ) as process,
    ):
        try:
            assert process.stdout
            line = process.stdout.readline()
            assert line, log.read_text()
            told = json.loads(line)
            yield Served(told["url"], told["admin_key"], key, log)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(PATIENCE)


def deployment_variables(key: ec.EllipticCurvePrivateKey) -> dict[str, str]:
    """For one that takes tokens signed with `key`."""
    public = {**_jwk(key.public_key()), "kid": "1", "alg": "ES256", "use": "sig"}
    keys = base64.b64encode(json.dumps({"keys": [public]}).encode()).decode()
    return {"DFWORX_ORIGIN": ISSUER, "DFWORX_JWKS_URL": f"data:application/json;base64,{keys}"}


def sign(key: ec.EllipticCurvePrivateKey | jwt.PyJWK, organization_id: str, role: str) -> str:
    """A token of somebody new."""
    now = int(time.time())
    claims = {
        **{"iss": ISSUER, "aud": "realtime", "sub": str(uuid4()), "iat": now, "exp": now + 3600},
        **{"org_id": organization_id, "org_role": role, "sid": str(uuid4())},
    }
    return jwt.encode(claims, key, algorithm="ES256", headers={"kid": "1"})


def _functions(folder: Path) -> Path:
    """Links to the modules there are, and to the one that no deployment of people's has."""
    folder.mkdir()
    functions, named = find_modules(FUNCTIONS)
    for inside in (*functions.values(), *named.values()):
        (folder / inside).symlink_to(FUNCTIONS / inside)
    (folder / "planting.ts").symlink_to(FUNCTIONS / "tests" / "planting.setup.ts")
    return folder


def _jwk(key: ec.EllipticCurvePrivateKey | ec.EllipticCurvePublicKey) -> dict[str, Any]:
    return dict(jwt.algorithms.ECAlgorithm.to_jwk(key, as_dict=True))
