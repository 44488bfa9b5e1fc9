"""What a Markdown file says, as tables of cases: front matter, fields, documents. Text in, values out."""

from datetime import UTC, datetime
from typing import Any

import pytest

from dfworx.cli.importing.documents import Unusable, read_document, unique_by_slug
from dfworx.cli.importing.fields import author_names, parse_date, parse_status_map, read_status
from dfworx.cli.importing.front_matter import BadFrontMatter, split_front_matter

# Front matter ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "values", "document"),
    [
        ("---\ntitle: A\n---\nBody\n", {"title": "A"}, "Body\n"),
        ("---  \ntitle: A\n...\nBody", {"title": "A"}, "Body"),
        ("---\n# note\neip: 7\nratio: 1.5\nok: true\nnone:\n---\n",
         {"eip": 7, "ratio": 1.5, "ok": True, "none": None}, ""),
        ("---\n---\nBody", {}, "Body"),
        ("---\ncreated: 2019-04-13\nage: 0o17\nbig: 99999999999999999999\nnan: .nan\n---\n",
         {"created": "2019-04-13", "age": "0o17", "big": "99999999999999999999", "nan": ".nan"}, ""),
        ('---\ntitle: "a\\0b\\ud800"\n---\n', {"title": "a�b�"}, ""),
        ("---\ntags: [a, b]\nby:\n  name: Ada\n---\n", {"tags": ["a", "b"], "by": {"name": "Ada"}}, ""),
        ("---\nshape: !python/object/apply:os.system [ls]\n---\n", {"shape": ["ls"]}, ""),
    ],
)  # fmt: skip
def test_front_matter_is_read(text: str, values: dict[str, Any], document: str) -> None:
    front_matter, rest = split_front_matter(text)
    assert (front_matter.values, rest) == (values, document)


@pytest.mark.parametrize(
    "text",
    [
        "# Title\n\nBody",
        "---\n\nProse after a rule.\n\n---\n\nMore.",
        "---\nProse between rules.\n---\nMore.",
        "---\n- a list\n- between rules\n---\n",
        "---\nOnly a rule, then the end.",
        " ---\ntitle: indented\n---\n",
        "---",
        "",
        "***\ntitle: other rule\n***\n",
    ],
)
def test_horizontal_rules_are_no_front_matter_and_lose_no_text(text: str) -> None:
    assert split_front_matter(text)[1] == text


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("---\ntitle: [unclosed\n---\nBody", "isn't valid YAML"),
        ("---\ntitle: a: b\n---\nBody", r"mapping values are not allowed here \(line 2\)"),
        ("---\ntitle: x\n\tbad: tab\n---\n", "isn't valid YAML"),
        ("---\ntitle: never closed\n\nBody", "isn't closed"),
        ("---\n? [a]\n: b\n---\n", "a key that is no word"),
        ("---\na: &a [*a]\n---\n", "nested too deeply|more than"),
        ("---\na: " + "[" * 5000 + "\n---\n", "nested too deeply|isn't valid"),
        ("---\na: " + "x" * 70_000 + "\n---\n", "of more than 64,000 characters"),
        ("---\na: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
            f"{name}: &{name} [{','.join(['*' + before] * 9)}]\n" for before, name in zip("abcde", "bcdef", strict=True)
        ) + "---\n", "more than"),
    ],
)  # fmt: skip
def test_bad_front_matter_is_refused_with_its_reason(text: str, why: str) -> None:
    with pytest.raises(BadFrontMatter, match=why):
        split_front_matter(text)


# Fields ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ({"author": "Vitalik Buterin (@vbuterin), Eric Conner (@econoar)"}, ["Vitalik Buterin", "Eric Conner"]),
        ({"author": "Ada Byron <ada@example.org>"}, ["Ada Byron"]),
        ({"author": "Sam Wilson (@SamWilsn) <sam@example.ca>; Green (@greenlucid)"}, ["Sam Wilson", "Green"]),
        ({"author": "Ada (@a), Ada <a@example.org>"}, ["Ada"]),
        ({"author": "(@handle)"}, ["handle"]),
        ({"author": "@handle"}, ["handle"]),
        ({"author": "<ada@example.org>"}, ["ada"]),
        ({"author": "ada@example.org"}, ["ada"]),
        ({"author": "Ada (one, two) Byron, Bo"}, ["Ada (one, two) Byron", "Bo"]),
        ({"authors": ["Byron, Ada", "  Bo \n Li "]}, ["Byron, Ada", "Bo Li"]),
        ({"authors": [{"name": "Ada", "url": "https://e.org"}, {"email": "bo@e.org"}, {"x": "y"}]}, ["Ada", "bo"]),
        ({"author": {"name": "Ada"}}, ["Ada"]),
        ({"author": "[Ada](https://example.org)"}, ["Ada"]),
        ({"author": "山田 太郎, محمد"}, ["山田 太郎", "محمد"]),
        ({"author": ", ,"}, []),
        ({"author": ""}, []),
        ({"author": [["nested"]]}, []),
        ({}, []),
        ({"author": "x" * 150}, ["x" * 100]),
    ],
)  # fmt: skip
def test_authors_are_names(words: dict[str, Any], names: list[str]) -> None:
    assert author_names(words) == names


@pytest.mark.parametrize(
    ("word", "moment"),
    [
        ("2019-04-13", datetime(2019, 4, 13, tzinfo=UTC)),
        ("2019/4/3", datetime(2019, 4, 3, tzinfo=UTC)),
        ("2019-04-13T10:20:30Z", datetime(2019, 4, 13, 10, 20, 30, tzinfo=UTC)),
        ("2019-04-13 10:20", datetime(2019, 4, 13, 10, 20, tzinfo=UTC)),
        ("2019-04-13 10:20:30.123456 +0200", datetime(2019, 4, 13, 8, 20, 30, tzinfo=UTC)),
        ("2019-04-13T10:20:30-05:30", datetime(2019, 4, 13, 15, 50, 30, tzinfo=UTC)),
        ("2019-13-45", None),
        ("2019-04-13T25:00", None),
        ("0001-01-01T00:00+14:00", None),
        ("9999-12-31T23:59-14:00", None),
        ("2019-04-13T10:00+99:00", None),
        ("yesterday", None),
        ("20190413", None),
        ("", None),
    ],
)
def test_dates_are_days_or_moments(word: str, moment: datetime | None) -> None:
    assert parse_date(word) == moment


@pytest.mark.parametrize(
    ("words", "mapping", "status"),
    [
        ({}, "", "published"),
        ({"status": "Draft"}, "", "published"),
        ({"status": "Final"}, "Draft=draft", "published"),
        ({"status": "Draft"}, "Draft=draft", "draft"),
        ({"status": "last call"}, "Last Call=draft,Withdrawn=archived", "draft"),
        ({"status": "Withdrawn"}, "Last Call=draft, Withdrawn=archived", "archived"),
        ({"status": "draft"}, "", "draft"),
        ({"status": "draft"}, "draft=published", "published"),
        ({"draft": "true"}, "", "draft"),
        ({"draft": "yes", "status": "Final"}, "Final=published", "draft"),
        ({"draft": "false"}, "", "published"),
        ({"published": "false"}, "", "draft"),
    ],
)
def test_everything_is_published_unless_mapped_or_marked(
    words: dict[str, Any], mapping: str, status: str
) -> None:
    assert read_status(words, parse_status_map(mapping)) == status


@pytest.mark.parametrize(
    "mapping", ["Draft", "Draft=hidden", "=draft", "Draft:draft", "a=draft,b", "a=draft,", ",", " "]
)
def test_a_bad_status_mapping_is_refused(mapping: str) -> None:
    with pytest.raises(ValueError, match="write WORD=draft"):
        parse_status_map(mapping)


def test_a_status_is_mapped_once() -> None:
    with pytest.raises(ValueError, match="'draft' is mapped twice"):
        parse_status_map("Draft=draft, draft=archived")


# Documents ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "text", "title"),
    [
        ("a.md", "---\ntitle: No\n---\n# Heading", "No"),
        ("a.md", "---\ntitle: 1.10\n---\n", "1.10"),
        ("a.md", '---\nTitle: "Two\\n lines"\n---\n', "Two lines"),
        ("a.md", "---\ntitle: ''\n---\n# The *first* `heading`", "The first heading"),
        ("a.md", "Text\n\nSetext\nheading\n===\n\n# Second", "Setext heading"),
        ("a.md", "```\n# code\n```\n", "a"),
        ("guide/my-notes.md", "Text", "my-notes"),
    ],
)
def test_titles_come_from_front_matter_then_heading_then_name(source: str, text: str, title: str) -> None:
    assert read_document(source, text, {})[0].title == title


def test_a_document_keeps_what_it_says() -> None:
    text = (
        "---\neip: 1559\ntitle: Fees\nauthor: Vitalik (@v), Eric <e@example.org>\nstatus: Final\n"
        "type: Standards Track\ncategory: Core\ncreated: 2019-04-13\n---\n\nBody\n"
    )
    document, notes = read_document("eip-1559.md", text, {})
    assert notes == []
    assert (document.slug, document.title, document.content) == ("eip-1559", "Fees", "Body")
    assert (document.category, document.author, document.status) == ("Core", "Vitalik", "published")
    assert document.created_at == datetime(2019, 4, 13, tzinfo=UTC)
    assert document.metadata == {
        "authors": ["Vitalik", "Eric"],
        "front_matter": {
            **{"eip": 1559, "status": "Final", "type": "Standards Track", "category": "Core"},
            "created": "2019-04-13",
        },
    }


def test_a_draft_belongs_to_who_imports_and_keeps_its_authors() -> None:
    document, _ = read_document("a.md", "---\nauthor: Ada\ndraft: true\n---\nText", {})
    assert (document.author, document.status, document.metadata["authors"]) == (None, "draft", ["Ada"])


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("---\ncreated: soon\n---\n", "has a date in created that can't be understood: soon"),
        ("---\ncreated: 9998-01-02\n---\n",
         "is of 9998-01-02, a day that no post can have, so it gets today's"),
        ("---\ndate: 0001-01-01\n---\n", "is of 0001-01-01, a day that no post can have, so it gets today's"),
        ("---\nupdated: [1, 2]\n---\n", "has a date in updated that can't be understood: a list"),
        (f"---\ntitle: {'x' * 301}\n---\n", "has a title of 301 characters, cut to 300"),
        (f"---\ncategory: {'x' * 101}\n---\n", "has a category of more than 100 characters, so it gets none"),
        (f"---\nnote: {'é' * 50_000}\n---\n",
         "has more front matter than a post can keep; only what is understood is kept"),
    ],
)  # fmt: skip
def test_what_had_to_give_way_is_a_warning(text: str, why: str) -> None:
    document, notes = read_document("a.md", text, {})
    assert [note.why for note in notes] == [why]
    assert len(document.title) <= 300
    assert document.created_at is None


@pytest.mark.parametrize(
    ("source", "text", "why"),
    [
        ("a.md", " \n\n", "is empty"),
        ("😀.md", "Text", "gives no slug"),
        ("a.md", "x" * 1_000_001, "is too long: 1,000,001 characters"),
        ("a.md", "---\na: [\n---\n", "isn't valid YAML"),
    ],
)
def test_what_can_be_no_post_is_refused_with_its_reason(source: str, text: str, why: str) -> None:
    with pytest.raises(Unusable, match=why):
        read_document(source, text, {})


def test_the_other_files_of_a_slug_are_named() -> None:
    documents = [
        read_document(source, "Text", {})[0] for source in ("a/Notes.md", "b/notes.md", "c/notes.md")
    ]
    kept, skipped = unique_by_slug(documents)
    assert [each.source for each in kept] == ["b/notes.md"]
    assert [(note.file, note.why) for note in skipped] == [
        ("a/Notes.md", "gives the slug notes, and so does b/notes.md"),
        ("c/notes.md", "gives the slug notes, and so does b/notes.md"),
    ]


def test_the_digest_follows_everything_that_is_stored() -> None:
    texts = [
        "Text", "Text.", "---\ntitle: T\n---\nText", "---\ncategory: C\n---\nText", "---\nauthor: A\n---\nText",
        "---\ncreated: 2020-01-01\n---\nText", "---\ndraft: true\n---\nText", "---\nx: 1\n---\nText",
    ]  # fmt: skip
    documents = [read_document("a.md", text, {})[0] for text in texts]
    assert len({document.digest for document in documents}) == len(texts)
    assert read_document("a.md", "Text\n", {})[0].digest == documents[0].digest
