"""Links between files, and the files themselves: what is found, what becomes of it, what is left alone."""

import os
import re
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from dfworx.cli.importing.documents import connect_links, read_document
from dfworx.cli.importing.folder import Note, Unreadable, read_text, scan_folder
from dfworx.cli.importing.links import read_outline

POSTS = dict.fromkeys(("b.md", "sub/c.md", "my file.md", "sub/index.md", "日本.md"), "Text")


@pytest.mark.parametrize(
    ("written", "becomes"),
    [
        ("[b](./b.md)", "[b](/posts/b)"),
        ("[b](b.md#top 'Title')", "[b](/posts/b#top 'Title')"),
        ("[b](b.md?plain=1#top)", "[b](/posts/b?plain=1#top)"),
        ("[b](b)", "[b](/posts/b)"),
        ("[b](/b.md)", "[b](/posts/b)"),
        ("[c](sub/c.md) and [c](sub/../sub/c.md)", "[c](/posts/c) and [c](/posts/c)"),
        ("[i](sub/) [i](sub)", "[i](/posts/index) [i](/posts/index)"),
        ("[m](<my file.md>) [m](my%20file.md)", "[m](/posts/my-file) [m](/posts/my-file)"),
        ("[日](日本.md)", "[日](/posts/日本)"),
        ("[b][1], [1], [x][]\n\n[1]: ./b.md \"T\"\n[x]: <b.md>",
         "[b][1], [1], [x][]\n\n[1]: /posts/b \"T\"\n[x]: /posts/b"),
        ("> [b](b.md)\n> again [b](\n> b.md)", "> [b](/posts/b)\n> again [b](\n> /posts/b)"),
        ("- one [b](b.md)\n  - two\n    [b](b.md)", "- one [b](/posts/b)\n  - two\n    [b](/posts/b)"),
        ("# See [b](b.md) #\n\nSee [b](b.md)\n===", "# See [b](/posts/b) #\n\nSee [b](/posts/b)\n==="),
        ("| a | b |\n|---|---|\n| `[b](b.md)` | [b](b.md) |\n| [b](b.md) | [b](b.md) |",
         "| a | b |\n|---|---|\n| `[b](b.md)` | [b](/posts/b) |\n| [b](/posts/b) | [b](/posts/b) |"),
        ("| a |\n|---|\n| x \\| y [b](b.md) |", "| a |\n|---|\n| x \\| y [b](/posts/b) |"),
        ("**[b *b* `]`](b.md)** \\[b](b.md)", "**[b *b* `]`](/posts/b)** \\[b](b.md)"),
        ('<a href="b.md">b</a> and\n\n<div>\n<A class="x" HREF=\'./b.md#t\'>b</A>\n</div>',
         '<a href="/posts/b">b</a> and\n\n<div>\n<A class="x" HREF=\'/posts/b#t\'>b</A>\n</div>'),
        ("[![shot](https://example.org/i.png)](b.md)", "[![shot](https://example.org/i.png)](/posts/b)"),
        ("[self](a.md#part) [part](#part)", "[self](/posts/a#part) [part](#part)"),
    ],
)  # fmt: skip
def test_links_between_files_become_links_between_posts(written: str, becomes: str) -> None:
    documents = [read_document(name, text, {})[0] for name, text in {"a.md": written, **POSTS}.items()]
    connected, unusable, warnings = connect_links(documents, set(), [])
    assert connected[0].content == becomes
    assert (unusable, warnings) == ([], [])


@pytest.mark.parametrize(
    "text",
    [
        "`[b](b.md)` ``[b](b.md)``",
        "    [b](b.md)",
        "```\n[b](b.md)\n```\n~~~~md\n[b]: b.md\n~~~~",
        "\\[b](b.md) [b] (b.md) [b]\\(b.md)",
        "<!-- [b](b.md) -->",
        "[w](https://example.org/b.md) [m](mailto:b.md) [n](//b.md) [e]() [f](#b.md)",
        "Text[^1]\n\n[^1]: b.md",
        "[b][undefined](b.md",
    ],
)
def test_what_is_no_link_between_files_stays(text: str) -> None:
    documents = [read_document(name, words, {})[0] for name, words in {"a.md": text, **POSTS}.items()]
    connected, _, warnings = connect_links(documents, set(), [])
    assert (connected[0].content, warnings) == (text, [])


def test_links_to_what_is_not_there_are_warnings_once_each() -> None:
    text = (
        "[x](gone.md) [x](gone.md#again) ![i](img/a.png) ![j](../b.png) [l](../LICENSE.md)\n\n"
        '<img src="c.png" width=3> [p](paper.pdf) [s](broken.md)'
    )
    document, _ = read_document("sub/a.md", text, {})
    connected, _, warnings = connect_links([document], {"sub/paper.pdf"}, [Note("sub/broken.md", "is empty")])
    assert connected[0].content == text
    assert sorted(note.why for note in warnings) == [
        "links to LICENSE.md, which isn't in the folder",
        "links to sub/broken.md, which is skipped",
        "links to sub/gone.md, which isn't in the folder",
        "links to sub/paper.pdf, which isn't Markdown and stays behind",
        "shows b.png, which isn't in the folder",
        "shows sub/c.png, which isn't in the folder",
        "shows sub/img/a.png, which isn't in the folder",
    ]


def test_nothing_but_destinations_changes() -> None:
    """The rendered page is the same but for its addresses, whatever surrounds the links."""
    text = "\n\n".join(
        f"{lead}[b](b.md 'x') {{}} | ![i](https://e.org/i.png) [c](<sub/c.md>)\n{lead}and `[b](b.md)` [b](./b.md)"
        for lead in ("", "> ", "- ", "1. ", "> - ", "   ", "# ", "\t")
    )
    documents = [read_document(name, words, {})[0] for name, words in {"a.md": text, **POSTS}.items()]
    connected, _, _ = connect_links(documents, set(), [])
    render = MarkdownIt("commonmark").enable("table").render
    expected = re.sub(r'href="(?:\./)?(?:sub/)?([bc])\.md"', r'href="/posts/\1"', render(text))
    assert render(connected[0].content) == expected
    assert expected.count("/posts/b") == 14


def test_the_outline_of_strange_text_is_read() -> None:
    for text in (
        "[",
        "![",
        "[a](",
        "[a](<",
        "]: x",
        "[a]:\n\n",
        "|\n|-\n|[a](b",
        "\x0b[a](b.md)\x0c",
        "<a href='",
    ):
        read_outline(text)


# Files ----------------------------------------------------------------------------------------------------------


def test_a_folder_is_looked_through_and_nothing_outside(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.md").write_text("secret")
    folder = tmp_path / "folder"
    (folder / "sub").mkdir(parents=True)
    (folder / ".git").mkdir()
    (folder / ".git" / "no.md").write_text("no")
    (folder / "a.md").write_bytes(b"\xef\xbb\xbfone\r\ntwo\rthree")
    (folder / "sub" / "B.MARKDOWN").write_text("b")
    (folder / "picture.png").write_bytes(b"\x89PNG")
    (folder / "binary.md").write_bytes(b"a\0b")
    (folder / "latin.md").write_bytes("é".encode("latin-1"))
    (folder / "inside.md").symlink_to(folder / "a.md")
    (folder / "leads-out.md").symlink_to(outside / "secret.md")
    (folder / "leads-nowhere.md").symlink_to(folder / "gone.md")
    (folder / "loop.md").symlink_to(folder / "loop.md")
    (folder / "linked").symlink_to(outside)
    os.mkfifo(folder / "pipe.md")
    (folder / "large.md").write_bytes(b"x" * 8_000_001)

    scan = scan_folder(folder)
    assert {(note.file, note.why) for note in scan.skipped} == {
        ("linked", "is a link to a folder, which isn't followed"),
        ("picture.png", "isn't Markdown"),
    }
    assert scan.others == {"picture.png"}
    assert "sub/B.MARKDOWN" in scan.markdown and not any(".git" in name for name in scan.markdown)
    assert read_text(scan.root, "a.md") == "one\ntwo\nthree" == read_text(scan.root, "inside.md")
    reasons = {}
    for name in scan.markdown:
        try:
            read_text(scan.root, name)
        except Unreadable as error:
            reasons[name] = str(error)
    assert reasons == {
        "binary.md": "is a binary file",
        "latin.md": "isn't UTF-8 text (byte 1)",
        "leads-out.md": "is a link that leads out of the folder",
        "leads-nowhere.md": "is a link that leads nowhere",
        "loop.md": "is a link that leads to itself",
        "pipe.md": "isn't a file",
        "large.md": "is too large: 8,000,001 bytes",
    }


def test_a_name_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.md")).touch()
    assert [note.why for note in scan_folder(tmp_path).skipped] == ["has a name that isn't UTF-8"]
