"""Many at once on one post: the count is exact, nothing said is lost, and one of two edits is told."""

from __future__ import annotations

import asyncio
from uuid import UUID

import asyncpg

from tests.conftest import ClientAs, MakePerson
from tests.web.conftest import comment_on, list_comments, publish


async def counted(owner: asyncpg.Connection, post_id: str) -> tuple[int, int]:
    """What the post says, and what there is."""
    row = await owner.fetchrow(
        """
        select p.comment_count, (select count(*) from app_web.comments c
                                  where c.post_id = p.post_id and c.removed_at is null)
          from app_web.posts p where p.post_id = $1
        """,
        UUID(post_id),
    )
    assert row is not None
    return row[0], row[1]


async def test_fifty_comments_at_once_are_fifty(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection
) -> None:
    people = [client_as(await make_person()) for _ in range(5)]
    post = await publish(people[0])
    edits = [
        people[0].patch(
            f"/api/web/posts/{post['post_id']}", json={"content": f"Words {n}"}, headers={"If-Match": "*"}
        )
        for n in range(10)
    ]
    said = [comment_on(people[n % 5], post, f"Number {n}") for n in range(50)]
    edited, _ = await asyncio.gather(asyncio.gather(*edits), asyncio.gather(*said))
    assert [answer.status_code for answer in edited] == [200] * 10
    assert await counted(owner, post["post_id"]) == (50, 50)
    listed = await list_comments(people[0], post)
    assert {item["content"] for item in listed} == {f"Number {n}" for n in range(50)}


async def test_writing_answering_and_removing_at_once_leave_the_count_right_and_no_answer_lost(
    make_person: MakePerson, client_as: ClientAs, owner: asyncpg.Connection
) -> None:
    ann, bob = client_as(await make_person()), client_as(await make_person())
    post = await publish(ann)
    address = f"/api/web/posts/{post['post_id']}/comments"
    roots = [await comment_on(ann, post) for _ in range(12)]
    answering = [
        bob.post(address, json={"content": "Answer", "parent_id": root["comment_id"]})
        for root in roots
        for _ in range(2)
    ]
    removing = [ann.delete(f"/api/web/comments/{root['comment_id']}") for root in roots]
    answers = await asyncio.gather(*(each for pair in zip(answering[::2], removing, answering[1::2], strict=True)
                                     for each in pair))  # fmt: skip
    removed, answered = answers[1::3], [*answers[::3], *answers[2::3]]
    assert {answer.status_code for answer in removed} == {204}
    # To what is removed nobody answers; what was answered before stays.
    assert {answer.status_code for answer in answered} <= {201, 409, 422}
    listed = {item["comment_id"] for item in await list_comments(ann, post)}
    kept = [answer.json()["comment_id"] for answer in answered if answer.status_code == 201]
    assert listed >= set(kept)
    assert await counted(owner, post["post_id"]) == (len(kept), len(kept))

    deleted = await asyncio.gather(*(bob.delete(f"/api/web/comments/{each}") for each in kept))
    assert {answer.status_code for answer in deleted} <= {204}
    assert await list_comments(ann, post) == []
    assert await counted(owner, post["post_id"]) == (0, 0)


async def test_of_two_edits_at_once_one_is_told(make_person: MakePerson, client_as: ClientAs) -> None:
    client = client_as(await make_person())
    comment = await comment_on(client, await publish(client))
    where = f"/api/web/comments/{comment['comment_id']}"
    answers = await asyncio.gather(
        *(client.patch(where, json={"content": text}, headers={"If-Match": '"1"'}) for text in ("a", "b"))
    )
    assert sorted(answer.status_code for answer in answers) == [200, 412]
    won = next(answer.json() for answer in answers if answer.status_code == 200)
    assert (await client.get(where)).json() == won
