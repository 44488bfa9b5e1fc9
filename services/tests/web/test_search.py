"""Search: any language, identifiers, words still being typed; only what the caller may read."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.conftest import ClientAs, MakePerson

SEARCH = "/api/web/search"


async def publish(client: httpx.AsyncClient, title: str, content: str = "", **fields: Any) -> str:
    answer = await client.post("/api/web/posts", json={"title": title, "content": content, **fields})
    assert answer.status_code == 201, answer.text
    post = answer.json()
    await client.post(f"/api/web/posts/{post['post_id']}/publish")
    slug: str = post["slug"]
    return slug


async def found(client: httpx.AsyncClient, q: str, **query: Any) -> list[str]:
    answer = await client.get(SEARCH, params={"q": q, "kind": "post", **query})
    assert answer.status_code == 200, answer.text
    return [item["slug"] for item in answer.json()["items"]]


POSTS: list[tuple[str, str, dict[str, Any]]] = [
    ("Fee market change for ETH 1.0 chain", "A base fee per gas.", {"slug": "eip-1559"}),
    ("Adds baseFee", "EIP-1559 is mentioned: 1559, 1559, eip-1559. See EIP 1559.", {"slug": "eip-3044"}),
    ("Simple replay attack protection", "chain ids", {"slug": "eip-155"}),
    ("天文台の朝", "東京の天文台では、毎朝ドームを開ける。", {}),
    ("การเขียนโปรแกรม", "ภาษาไทยไม่มีช่องว่างระหว่างคำ", {}),
    ("Café de Flore", "Crème brûlée et naïveté", {}),
    ("Ёлка и чай", "Зимний вечер", {}),
    ("שלום עולם", "מאפייה קואופרטיבית", {}),
    ("하늘과 별", "서울의 밤하늘", {}),
    ("max_fee_per_gas", "snake_case and dotted.names and path/to/file", {}),
    ("Written by a guest", "words", {"metadata": {"authors": ["Grace Hopper"]}}),
    ("O'Brien's \"quoted\" & co", "100% of a|b (c) !d :* <->", {}),
    ("Vorträge über Straßen", "Grüße aus ﬁnnland", {}),
]

# What is typed, and the slug that comes first; None for nothing.
CASES: list[tuple[str, str | None]] = [
    ("1559", "eip-1559"),
    ("eip-1559", "eip-1559"),
    ("EIP 1559", "eip-1559"),
    ("eip1559", None),
    ("155", "eip-155"),
    ("eip-155", "eip-155"),
    ("fee mark", "eip-1559"),
    ("market fee", "eip-1559"),
    ("fee nonsense", None),
    ("天文台", "天文台の朝"),
    ("東京", "天文台の朝"),
    ("台天", None),
    ("毎朝ドーム", "天文台の朝"),
    ("โปรแกรม", "การเขียนโปรแกรม"),
    ("ช่องว่าง", "การเขียนโปรแกรม"),
    ("cafe", "café-de-flore"),
    ("CAFÉ", "café-de-flore"),
    ("creme brulee", "café-de-flore"),
    ("елка", "ёлка-и-чай"),
    ("зимн", "ёлка-и-чай"),
    ("שלום", "שלום-עולם"),
    ("밤하늘", "하늘과-별"),
    ("하늘", "하늘과-별"),
    ("max_fee_per_gas", "max_fee_per_gas"),
    ("max fee", "max_fee_per_gas"),
    ("dotted.names", "max_fee_per_gas"),
    ("path/to", "max_fee_per_gas"),
    ("hopper", "written-by-a-guest"),
    ("o'brien", "o-brien-s-quoted-co"),
    ("finnland", "vorträge-über-straßen"),
    ("vortrage", "vorträge-über-straßen"),
    ("１５５９", "eip-1559"),
    ("!!! --- ???", None),
    ("' or 1=1 --", None),
    ("a & !b | c:* <-> (", "o-brien-s-quoted-co"),  # the words a, b and c
    ("\\", None),
    ("%", None),
    ("👩‍👩‍👧", None),
    ("x" * 200, None),
]


async def test_words_of_any_language_are_found_where_they_weigh_most(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    ann, bob = client_as(await make_person()), client_as(await make_person())
    slugs = {title: await publish(ann, title, content, **more) for title, content, more in POSTS}
    wrong = {}
    for q, first in CASES:
        results = await found(bob, q)
        expected = slugs.get(first or "", first)
        if (results[0] if results else None) != expected:
            wrong[q] = results
        assert await found(bob, q) == [
            item["slug"] for item in (await bob.get("/api/web/posts", params={"q": q})).json()["items"]
        ]
    assert wrong == {}


async def test_results_are_paged_each_once(make_person: MakePerson, client_as: ClientAs) -> None:
    client = client_as(await make_person())
    wanted = {await publish(client, f"Dough number {number}") for number in range(7)}
    slugs: list[str] = []
    query: dict[str, Any] = {"q": "dough", "limit": 3}
    for size in (3, 3, 1):
        page = (await client.get(SEARCH, params=query)).json()
        assert len(page["items"]) == size
        slugs += [item["slug"] for item in page["items"]]
        query["cursor"] = page["next_cursor"]
    assert query["cursor"] is None
    assert set(slugs) == wanted
    assert len(slugs) == 7


async def test_drafts_are_found_by_their_author_alone_and_archived_posts_when_asked_for(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    ann, bob = client_as(await make_person()), client_as(await make_person(role="moderator"))
    post = {"title": "Secret dough", "content": ""}
    draft = (await ann.post("/api/web/posts", json=post)).json()
    assert (await found(ann, "secret"), await found(bob, "secret")) == (["secret-dough"], [])
    assert (await bob.get("/api/web/posts", params={"q": "secret", "status": "draft"})).json()["items"] == []
    await ann.post(f"/api/web/posts/{draft['post_id']}/archive")
    assert (await found(ann, "secret"), await found(bob, "secret")) == ([], [])
    archived = await bob.get("/api/web/posts", params={"q": "secret", "status": "archived"})
    assert [item["slug"] for item in archived.json()["items"]] == ["secret-dough"]


async def test_what_is_changed_is_found_by_its_new_words(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    client = client_as(await make_person())
    slug = await publish(client, "Rye", "Dark")
    post = (await client.get(f"/api/web/posts/by-slug/{slug}")).json()
    await client.patch(
        f"/api/web/posts/{post['post_id']}", json={"content": "Bright"}, headers={"If-Match": "*"}
    )
    assert (await found(client, "dark"), await found(client, "bright")) == ([], ["rye"])


async def test_another_organization_finds_nothing(make_person: MakePerson, client_as: ClientAs) -> None:
    ann, eve = client_as(await make_person()), client_as(await make_person(organization="umbra"))
    await publish(ann, "Our dough")
    await publish(eve, "Their dough")
    assert (await found(ann, "dough"), await found(eve, "dough")) == (["our-dough"], ["their-dough"])
    assert await found(eve, "our") == []


async def test_a_stranger_finds_nothing(client_as: ClientAs) -> None:
    assert (await client_as(None).get(SEARCH, params={"q": "dough"})).status_code == 401


@pytest.mark.parametrize(
    "query",
    [{}, {"q": "x" * 201}, {"q": "\0"}, {"q": "a", "limit": "0"}, {"q": "a", "cursor": "!"},
     {"q": "a", "cursor": "WzEwMDAxXQ"}, {"q": "a", "cursor": "Wy0xXQ"}],
    ids=str,
)  # fmt: skip
async def test_bad_queries_are_refused(
    make_person: MakePerson, client_as: ClientAs, query: dict[str, str]
) -> None:
    answer = await client_as(await make_person()).get(SEARCH, params=query)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
