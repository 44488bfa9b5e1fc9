"""Clients that are told the same together: how they come together and part, and that nobody is told another one's."""

from __future__ import annotations

import asyncio

from dfworx.realtime.cohorts import Cohorts
from dfworx.realtime.runtime.deployment import Deployment
from dfworx.realtime.values import Value
from tests.realtime.client import Client

A: Value = {"room": "a"}
HI: tuple[str, Value] = ("messages:send", {"room": "a", "body": "hi"})


async def watchers(deployment: Deployment, cohorts: Cohorts, count: int) -> list[Client]:
    """That came at different moments: a commit lies between each two."""
    clients = []
    for number in range(count):
        client = Client(deployment, cohorts).connect()
        client.watch(("messages:count", A))
        await client.up_to_date()
        clients.append(client)
        await deployment.mutate("messages:send", {"room": "b", "body": str(number)})
    return clients


async def told(clients: list[Client], count: float) -> None:
    for each in clients:
        await each.until(lambda each=each: each.values == {0: count})  # type: ignore[misc]


async def test_who_comes_at_different_moments_is_told_the_same_from_the_first_commit_on(
    at_work: Deployment,
) -> None:
    cohorts = Cohorts(at_work.queries)
    clients = await watchers(at_work, cohorts, 5)
    assert len({id(each.session.cohort) for each in clients}) == 5
    await at_work.mutate(*HI)
    await told(clients, 1.0)
    assert len({id(each.session.cohort) for each in clients}) == 1
    await at_work.mutate(*HI)
    await told(clients, 2.0)
    assert len({id(each.raw[-1]) for each in clients}) == 1


async def test_who_says_anything_goes_on_by_itself_and_comes_back(at_work: Deployment) -> None:
    cohorts = Cohorts(at_work.queries)
    clients = await watchers(at_work, cohorts, 3)
    one, *others = clients
    answer = await one.mutated(*HI)
    assert answer["success"]
    await told(clients, 1.0)
    one.watch(("messages:first", A), first=1)
    await one.up_to_date()
    assert one.session.cohort is None
    await at_work.mutate(*HI)
    await told(others, 2.0)
    await one.until(lambda: one.values == {0: 2.0, 1: "hi"})
    one.forget(1)
    await one.up_to_date()
    await at_work.mutate(*HI)
    await told(clients, 3.0)
    assert one.session.cohort is not None


async def test_nobody_is_told_what_another_one_may_see(at_work: Deployment) -> None:
    cohorts = Cohorts(at_work.queries)
    people: list[Client] = []
    for organization in ("lumen", "umbra", "lumen"):
        client = Client(at_work, cohorts).connect()
        client.act_as(subject=str(len(people)), org_id=organization)
        client.watch(("messages:guarded", A))
        await client.up_to_date()
        people.append(client)
    # Until now it looked at nobody: all are one.
    assert [each.values for each in people] == [{0: "all"}] * 3
    assert len({id(each.session.cohort) for each in people}) == 1
    for _ in range(2):
        await at_work.mutate(*HI)
    for each, organization in zip(people, ("lumen", "umbra", "lumen"), strict=True):
        await each.until(lambda each=each, organization=organization: each.values == {0: f"{organization} 2"})  # type: ignore[misc]


async def test_who_does_not_read_holds_up_nobody_and_misses_nothing(at_work: Deployment) -> None:
    cohorts = Cohorts(at_work.queries)
    clients = await watchers(at_work, cohorts, 3)
    await at_work.mutate(*HI)
    await told(clients, 1.0)
    one, *others = clients
    one.paused = True
    for _ in range(3):
        await at_work.mutate(*HI)
    await told(others, 4.0)
    assert one.values == {0: 1.0}
    one.paused = False
    one.session.resume()
    await told(clients, 4.0)
    one.session.close()
    await at_work.mutate(*HI)
    await told(others, 5.0)


async def test_nothing_is_kept_of_who_is_gone(at_work: Deployment) -> None:
    cohorts = Cohorts(at_work.queries)
    clients = await watchers(at_work, cohorts, 3)
    await at_work.mutate(*HI)
    await told(clients, 1.0)
    for each in clients:
        each.session.close()
    assert not cohorts._known
    assert len(at_work.queries._executions) == 0


async def test_who_did_not_read_for_one_commit_hears_of_the_next_ones(at_work: Deployment) -> None:
    cohorts = Cohorts(at_work.queries)
    [client] = await watchers(at_work, cohorts, 1)
    for count in (1.0, 2.0, 3.0):
        assert client.session.cohort is not None
        client.paused = True
        await at_work.mutate(*HI)
        while running := list(at_work.queries._tasks):
            await asyncio.gather(*running)
        client.paused = False
        client.session.resume()
        await told([client], count)
        await at_work.mutate("messages:send", {"room": "b", "body": "aside"})
    client.session.close()
    assert not cohorts._known
