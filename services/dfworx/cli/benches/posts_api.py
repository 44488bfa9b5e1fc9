"""The list over HTTP, by members who are really signed in: as the product answers it, with nothing cached, with nothing
cached and no walls, and as the least that could answer. All are real processes under the same options of uvicorn, asked
by the same members of one organization over connections that stay open."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial

import asyncpg
import httpx
import orjson

from dfworx.cli.benches.figures import (
    Figure,
    Goal,
    Ratio,
    Sample,
    Variant,
    compare,
    explain,
    interleave,
    median,
    p99,
)
from dfworx.cli.benches.load import Client, prepare_request
from dfworx.cli.benches.posts_apps import PAGE_FILE
from dfworx.cli.benches.posts_data import PASSWORD
from dfworx.cli.benches.servers import Served, database_clock, serve
from dfworx.cli.failure import Failure
from dfworx.cli.install import Install
from dfworx.cli.services import SERVICES

PATH = "/api/web/posts?limit=20"
ORGANIZATION = "organization-1"
MEMBERS = 16
SLICE_SECONDS = 1.5
WARM_UP_SECONDS = 1.0
ROUNDS = 7

AUTH, WEB = (next(each for each in SERVICES if each.name == name) for name in ("auth", "web"))
_APPS = "dfworx.cli.benches.posts_apps"
SERVED = {
    "cached": WEB,
    "uncached": replace(WEB, factory=f"{_APPS}:create_uncached"),
    "uncached_no_rls": replace(WEB, factory=f"{_APPS}:create_no_rls"),
    "bare": replace(WEB, factory=f"{_APPS}:create_bare"),
}
RATIOS = {
    "uncached_api_vs_no_rls": Ratio(Goal(">=", 0.7), "uncached", "uncached_no_rls"),
    "cached_list_vs_bare_starlette": Ratio(Goal(">=", 0.3), "cached", "bare"),
    "cached_p99_vs_bare": Ratio(Goal("<=", 3), "cached", "bare", p99),
    "cached_vs_uncached": Ratio(Goal(">=", 3), "cached", "uncached"),
}


@contextmanager
def serve_auth(install: Install) -> Iterator[Served]:
    """Where the others expect it to publish its keys."""
    with serve(install, AUTH, port=install.ports["auth"]) as auth:
        yield auth


async def sign_in(install: Install, auth: Served, count: int) -> list[bytes]:
    """Each member's request for the list."""
    owner = await asyncpg.connect(install.database_url)
    try:
        rows = await owner.fetch(
            """
            select u.email from public.users u join public.organizations o using (organization_id)
             where o.slug = $1 and u.role = 'member' order by u.email limit $2
            """,
            ORGANIZATION,
            count,
        )
    finally:
        await owner.close()
    requests = []
    async with httpx.AsyncClient(base_url=auth.url, timeout=30) as client:
        for row in rows:
            answer = await client.post("/api/auth/login", json={"email": row["email"], "password": PASSWORD})
            if answer.status_code != 200:
                raise Failure(f"A member of the benchmark could not sign in: {answer.text}")
            requests.append(prepare_request(PATH, answer.json()["access_token"]))
    return requests


async def measure_api(install: Install, auth: Served, only: set[str]) -> list[Figure]:
    """The figures of `only`, of those in RATIOS, and what explains them."""
    chosen = {name: ratio for name, ratio in RATIOS.items() if name in only}
    needed = {variant for ratio in chosen.values() for variant in (ratio.ours, ratio.theirs)}
    requests = await sign_in(install, auth, MEMBERS)
    with ExitStack() as stack:
        variants: dict[str, Variant] = {}
        # The bare one last: it answers with the page that the others have given.
        for name in (each for each in SERVED if each in needed):
            owner = install.database_url if name == "uncached_no_rls" else None
            served = stack.enter_context(serve(install, SERVED[name], database_url=owner))
            client = await Client.connect(served.port, requests)
            stack.callback(client.close)
            page = await _require_page(client)
            if name != "bare":
                (install.home.path / PAGE_FILE).write_bytes(page)
            clocks = {"server": served.clock, "database": database_clock(install)}
            variants[name] = partial(client.measure, SLICE_SECONDS, clocks)
            await client.measure(WARM_UP_SECONDS)
        samples = await interleave(variants, ROUNDS)
    figures = [compare(name, ratio, samples) for name, ratio in chosen.items()] + explain(samples)
    return figures + ([client_ceiling(samples["bare"])] if "bare" in samples else [])


def client_ceiling(rounds: Sequence[Sample]) -> Figure:
    """How fast the load could ask if nothing but itself held it up: what it took of a core while it asked the bare app,
    stretched to the whole core."""
    return median(
        "client_ceiling_rate", "requests/s", None, [each.requests / each.cpu["client"] for each in rounds]
    )


async def _require_page(client: Client) -> bytes:
    """A whole page for everybody; the first member's."""
    bodies = [answer.body for answer in await client.ask_once()]
    for body in bodies:
        page = orjson.loads(body)
        if len(page["items"]) != 20 or not page["next_cursor"]:
            raise Failure("A service to measure didn't answer with a whole page of 20 posts.")
    return bodies[0]
