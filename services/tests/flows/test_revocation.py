"""Whoever may no longer be here is refused by every service within a second: by the word in Redis while it is there,
by PostgreSQL while it is frozen. Driven through the gateway, where each service is a process of its own."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
import pytest

from tests.flows.conftest import Stack

PASSWORD = "correct horse battery"
READS = ("/api/web/posts", "/api/auth/me")
ORGANIZATION = "signal"
GONE = ("session_ended", "token_outdated")


@dataclass
class Member:
    user_id: str
    email: str
    access_token: str
    refresh_token: str
    origin: str

    def client(self) -> httpx.Client:
        return httpx.Client(
            base_url=self.origin, headers={"Authorization": f"Bearer {self.access_token}"}, timeout=30
        )


@pytest.fixture(scope="module")
def admin(stack: Stack) -> httpx.Client:
    return stack.client(stack.register(ORGANIZATION))


def join(stack: Stack, admin: httpx.Client, name: str) -> Member:
    """Somebody who was invited and has accepted."""
    email = f"{name}@{ORGANIZATION}.example.com"
    invited = admin.post("/api/auth/invitations", json={"email": email, "role": "member"})
    assert invited.status_code == 201, invited.text
    joined = httpx.post(
        f"{stack.origin}/api/auth/invitations/{invited.json()['token']}/accept",
        json={"name": name.title(), "password": PASSWORD},
        timeout=30,
    )
    assert joined.status_code in (200, 201), joined.text
    told = joined.json()
    return Member(
        *(told["user"]["user_id"], email, told["access_token"], told["refresh_token"], stack.origin)
    )


def require_refused(member: Member, since: float, *, within: float = 1.0) -> None:
    """Every read is 200 until it is refused, and `within` seconds after `since` none is 200."""
    with member.client() as client:
        for path in READS:
            while True:
                asked = time.monotonic()
                answer = client.get(path)
                if answer.status_code != 200:
                    break
                assert asked - since < within, f"{path} was answered {asked - since:.2f} s after"
            assert answer.status_code == 401, answer.text
            assert answer.json()["code"] in GONE


def require_welcome(member: Member) -> None:
    with member.client() as client:
        for path in READS:
            for _ in range(2):
                assert client.get(path).status_code == 200


WAYS = {
    "signs out": lambda admin, member: member.client().post("/api/auth/logout"),
    "signs out everywhere": lambda admin, member: member.client().post("/api/auth/logout-all"),
    "is deactivated": lambda admin, member: admin.patch(
        f"/api/auth/members/{member.user_id}", json={"is_active": False}
    ),
    "gets another role": lambda admin, member: admin.patch(
        f"/api/auth/members/{member.user_id}", json={"role": "guest"}
    ),
    "takes another password": lambda admin, member: member.client().post(
        "/api/auth/password", json={"current_password": PASSWORD, "new_password": "another horse battery"}
    ),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_token_ends_in_every_service_within_a_second(stack: Stack, admin: httpx.Client, way: str) -> None:
    member = join(stack, admin, way.replace(" ", "-"))
    bystander = join(stack, admin, f"beside-{way.replace(' ', '-')}")
    require_welcome(member)
    done = WAYS[way](admin, member)
    assert done.status_code in (200, 204), done.text
    require_refused(member, time.monotonic())
    require_welcome(bystander)


@contextmanager
def frozen_redis(stack: Stack) -> Iterator[None]:
    """There, but not answering: the worst way to be away."""
    [server] = [each for each in stack.processes("valkey") if "valkey-server" in each.name()]
    server.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        server.send_signal(signal.SIGCONT)


def test_without_redis_reads_go_on_and_who_is_deactivated_is_out(stack: Stack, admin: httpx.Client) -> None:
    leaving, staying = join(stack, admin, "leaving"), join(stack, admin, "staying")
    require_welcome(leaving)
    with frozen_redis(stack):
        require_welcome(staying)
        login = {"email": staying.email, "password": PASSWORD}
        for path, body in (("login", login), ("refresh", {"refresh_token": staying.refresh_token})):
            answer = httpx.post(f"{stack.origin}/api/auth/{path}", json=body, timeout=30)
            assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
        done = admin.patch(f"/api/auth/members/{leaving.user_id}", json={"is_active": False})
        assert done.status_code == 200, done.text
        require_refused(leaving, time.monotonic())
    require_welcome(staying)
    require_refused(leaving, time.monotonic(), within=2)
    answer = httpx.post(f"{stack.origin}/api/auth/login", json=login, timeout=30)
    assert answer.status_code == 200
