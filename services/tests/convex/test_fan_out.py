"""Who watches a thread is served by one run that serves all, and only messages of theirs make it run."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import jwt
import pytest

from dfworx.cli.home import CHECKOUT, locate_home
from dfworx.cli.parts.node import node_executable
from tests.convex.served import ISSUER, Served, serve_functions

MEMBERS = 50
PATIENCE = 120


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[Served]:
    """No other test's: all runs are counted."""
    with serve_functions(tmp_path) as made:
        yield made


def test_fifty_members_of_a_thread_cost_one_run_for_each_message_and_none_for_marks(alone: Served) -> None:
    organization_id = str(uuid4())
    told = {
        "url": alone.url,
        "admin_key": alone.admin_key,
        "tokens": [_token(alone, organization_id) for _ in range(MEMBERS)],
    }
    done = subprocess.run(
        [
            str(node_executable(locate_home(os.environ).path)),
            str(Path(__file__).with_name("members.mjs")),
        ],
        cwd=CHECKOUT,
        input=f"{json.dumps(told)}\n",
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, f"{done.stderr}\n{alone.log()[-5000:]}"
    answer = json.loads(done.stdout)
    assert answer["runs"] == {"messages": answer["writes"], "marks": 0, "typing": 0, "heartbeats": 0}


def _token(served: Served, organization_id: str) -> str:
    now = int(time.time())
    claims = {
        "iss": ISSUER,
        "aud": "realtime",
        "sub": str(uuid4()),
        "org_id": organization_id,
        "org_role": "member",
        "sid": str(uuid4()),
        "iat": now,
        "exp": now + 600,
    }
    key = jwt.PyJWK(served.key)
    return jwt.encode(claims, key.key, algorithm="ES256", headers={"kid": served.key["kid"]})
