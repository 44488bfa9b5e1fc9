"""Queries and contents made to break a search, or whoever shows its answer: each answers 200 with pieces of plain
text, or 422 with a sentence."""

from __future__ import annotations

import sys
import unicodedata
from typing import Any
from urllib.parse import quote

import pytest

from tests.conftest import ClientAs, Inject, MakePerson
from tests.web.conftest import comment_on, publish
from tests.web.finding import SEARCH, search

CONTENTS = [
    "<script>alert('dough')</script> dough",
    "dough <img src=x onerror=alert(1)> <b>dough</b> &lt;script&gt; `<script>dough</script>`",
    '[dough](javascript:alert(1)) ![dough](x" onerror="alert(1)) <https://dough.example/?q="\'>',
    "```html\n<iframe srcdoc='<script>dough</script>'></iframe>\n```",
    "dough \u202egnp.exe\u202c \u2066dough\u2069 \u200fdough \u0007 dough",
    'dough\'s "dough" \\dough\\ %dough% _dough_ $1 {dough} ${dough} {{dough}}',
    "dough" * 3000,
    "dough " + "e\u0301" * 2000 + " 👩‍👩‍👧👩‍👩‍👧 dough",
    "> " * 500 + "dough " + "[" * 500 + "dough" + "]" * 500 + "(" * 500,
    "aBcDeFgHiJ" * 1000 + " dough " + "C++" * 500 + "a#" * 500,
    "ﷺ" * 500 + " dough " + "ﷺ" * 500,
    "天" * 5000 + "dough",
]
QUERIES = [
    "<script>alert(1)</script>", "dough<script>", "'", "''", '"', "\\", "\\'", "dough'",
    "dough'; drop table app_web.posts; --", "&", "|", "!", "<->", "<2>", "dough & !dough", "dough | dough",
    "!dough", "dough:*", "dough:ABCD", "'dough':*A", "dough <-> dough", "(" * 200, ")" * 200, "(dough",
    "dough)", "x" * 200, "dough " * 33, "a " * 100, "é" * 200, "ﷺ" * 200, "天" * 200, ".*", "^dough$",
    "[a-z]+", "(a+)+$", "dough?", "a{1,9}", "\\m", "%", "_", "%dough%", "$1", "{}", "${dough}", "{{dough}}",
    "👩‍👩‍👧", "dough 👩‍👩‍👧", "🎉" * 200, "\u202edough", "\u2066dough\u2069", "שלום dough", "ا" * 200,
    "\u200b", "\ufeff", "\ufffd", "a\u0300" * 100, "İ", "ß" * 200, "ǅ", "C++" * 60, "a#" * 100, "aB" * 100,
    "HTTPServer" * 20, "dough\ndough", "\t", "\r\n", "\x01", "\x7f", "null", "true", "1e309", "-1", "0x41",
    "1.5.6", "10:00", "a@b.example", "https://dough.example/a?b=c#d", "/etc/passwd", "../../etc",
    "doguh\u0301", "dоugh", "ｄｏｕｇｈ", "dough\u00ad", "fi" * 100, "ﬁ" * 200, "aaaaaaaaaaaaaa", "a" * 30,
]  # fmt: skip

# As they stand in an address: what isn't UTF-8, isn't a query or is too long is refused or read as far as it can be.
RAW = [
    "", "%20", "+", "%20%09%0A", "%00", "a%00b", "%ED%A0%80", "%ED%A0%80%ED%B0%80", "%FF", "%C3", "a%FEb",
    "%F4%90%80%80", "%80" * 10, "%u0027", "%", "%2", "%zz", ";q=1", "a;b", "a&q=b", "x" * 10_000, "%27" * 200,
    "%5C" * 200, "%5C%27", "%27%5C", "a%27%27b", "a:*b", "a%26b", "%3C-%3E", "the", "the+and+of",
    "%EF%BC%87" * 60, "a%EF%BC%BCb", "a%CA%BCb",
]  # fmt: skip
DOORS = [
    "/api/web/search?",
    "/api/web/search?kind=person&",
    "/api/web/search?kind=comment&",
    "/api/web/posts?",
]
FORGED = [
    "'a''b'", "''''", "''' | ''b'", r"'a\\'", r"'\\'''", "'a' <-> 'b''':*A", "!'a''' & ('b' | 'c''')", "'a\nb'",
]  # fmt: skip


def pieces(value: Any) -> list[dict[str, Any]]:
    """All pieces in an answer, however deep."""
    if isinstance(value, dict):
        if value.keys() == {"text", "hit"}:
            return [value]
        return [piece for each in value.values() for piece in pieces(each)]
    return [piece for each in value for piece in pieces(each)] if isinstance(value, list) else []


async def test_every_hostile_query_is_answered_with_plain_pieces(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    ann = client_as(await make_person(name="<b>Dough</b> O'Hara"))
    for number, content in enumerate(CONTENTS):
        post = await publish(ann, title=f"<i>dough</i> {number}", content=content)
        await comment_on(ann, post, content)
    everything = await search(ann, "dough", limit=100)
    # Twice `dough` without a word of its own: the three thousand in one, and what stands in Han.
    assert everything["counts"]["post"] == len(CONTENTS)
    assert everything["counts"]["comment"] >= len(CONTENTS) - 2
    failed = {}
    for query in QUERIES:
        for asked in (
            {"q": query, "limit": "100"},
            {"q": query, "kind": "person"},
            {"q": query, "kind": "comment"},
        ):
            answer = await ann.get(SEARCH, params=asked)
            if answer.status_code != 200:
                failed[query] = answer.text
                continue
            for item in answer.json()["items"]:
                shown = item.get("snippet", [])
                if len("".join(piece["text"] for piece in shown)) > 200:
                    failed[query] = f"long: {shown}"
            for piece in pieces(answer.json()):
                if not piece["text"] or not isinstance(piece["hit"], bool):
                    failed[query] = f"no text: {piece}"
                if set(piece["text"]) & set("\0\u0007\u202e\u202c\u2066\u2069"):
                    failed[query] = f"unseen: {piece}"
        listed = await ann.get("/api/web/posts", params={"q": query})
        if listed.status_code != 200:
            failed[query] = listed.text
    assert failed == {}


async def test_whatever_stands_in_the_address_is_answered(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    ann = client_as(await make_person(name="Dough O'Hara"))
    await comment_on(ann, await publish(ann, content=CONTENTS[5]), CONTENTS[5])
    # What is no letter, or becomes something that means something in a query.
    odd = [
        letter
        for letter in map(chr, (*range(1, 0xD800), *range(0xE000, sys.maxunicode)))
        if unicodedata.category(letter)
        in ("Cc", "Cf", "Pc", "Pd", "Pe", "Pf", "Pi", "Po", "Ps", "Zl", "Zp", "Zs")
        or set(unicodedata.normalize("NFKD", letter)) & set("'\\:&|!()<>*")
    ]
    asked = [quote(" ".join(f"d{letter}x" for letter in odd[at : at + 40])) for at in range(0, len(odd), 40)]
    answers = {
        (door, q): (await ann.get(f"{door}q={q}")).status_code for door in DOORS for q in (*RAW, *asked)
    }
    assert {each: status for each, status in answers.items() if status not in (200, 422)} == {}


@pytest.mark.parametrize("forged", FORGED, ids=ascii)
async def test_a_forged_query_is_answered_from_the_organizations_own_words(
    make_person: MakePerson, client_as: ClientAs, inject: Inject, forged: str
) -> None:
    """Each of its words is asked for with the organization before it, whatever is in the word."""
    ann = await make_person(name="Ann")
    post = await publish(client_as(ann), title="plain", content="words")
    await comment_on(client_as(ann), post, "words")
    web = await inject("dfworx_web", ann)
    for statement in (
        "select * from app_web.find_posts($1::text::tsquery, $1::text::tsquery, null, null, null,"
        " '-infinity', 'infinity', 10)",
        "select * from app_web.find_comments($1::text::tsquery, null, null, null, '-infinity', 'infinity', 10)",
        "select * from app_web.find_people($1::text::tsquery, $1::text::tsquery, 10)",
    ):
        found = [len(await web.fetch(statement, query)) for query in (forged, f"({forged}) | words | ann")]
        assert found == [0, 1]
    words = ["'", "''", "\\", "a'b", "a':*", "words", ""]
    rows = await web.fetch("select * from app_web.find_words($1, $2, '{post}')", words, forged)
    assert [tuple(row) for row in rows] == [("words", 1)]


async def test_what_is_found_is_told_apart_and_never_marked_up(
    make_person: MakePerson, client_as: ClientAs
) -> None:
    ann = client_as(await make_person(name="Ann"))
    await publish(ann, title="<b>dough</b>", content=CONTENTS[0])
    [item] = (await search(ann, "dough"))["items"]
    assert item["title_parts"] == [
        {"text": "<b>", "hit": False},
        {"text": "dough", "hit": True},
        {"text": "</b>", "hit": False},
    ]
    assert all("<mark" not in piece["text"] and "<em" not in piece["text"] for piece in pieces(item))


@pytest.mark.parametrize(
    "query", ["\0", "dough\0", "x" * 201, "(" * 201], ids=["NUL", "word NUL", "long", "brackets"]
)
async def test_what_cannot_be_a_query_is_refused_with_a_sentence(
    make_person: MakePerson, client_as: ClientAs, query: str
) -> None:
    answer = await client_as(await make_person()).get(SEARCH, params={"q": query})
    assert answer.status_code == 422
    assert "q: " in answer.json()["detail"]
