"""What the documentation names is there: files, commands and datasets in backticks."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from dfworx.cli.main import COMMANDS
from dfworx.shared.datasets import DATASETS

CHECKOUT = Path(__file__).resolve().parents[2]
PAGES = sorted([*CHECKOUT.glob("*.md"), *CHECKOUT.glob("docs/**/*.md"), *CHECKOUT.glob("examples/**/*.md")])
# A path is told from the root of the checkout and begins with one of its folders.
PATH = re.compile(r"(?:docs|services|infrastructure|packages|convex|examples|apps|\.ci)/[\w./*{}-]+")
# One that begins further in leads nowhere from the root.
FRAGMENT = re.compile(r"(?:dfworx|cli|shared|auth|web|tests|supabase)/[\w./*-]+\.(?:py|sql|sh|toml|json)")
GENERATED_WHEN_NEEDED = ("services/.venv", "services/.uv")
SCHEMAS = ("public", "private", "shared_services", "app_auth", "app_web", "app_admin")


def quoted(page: Path) -> Iterator[str]:
    """What stands in backticks, outside blocks of code."""
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    yield from (each.strip() for each in re.findall(r"`([^`\n]+)`", text))


def missing_paths(page: Path) -> list[str]:
    told = [word.rstrip("/") for word in quoted(page) if PATH.fullmatch(word)]
    patterns = [path for path in told if not path.startswith(GENERATED_WHEN_NEEDED) and "{" not in path]
    fragments = [word for word in quoted(page) if FRAGMENT.fullmatch(word)]
    return fragments + [path for path in patterns if not any(CHECKOUT.glob(path))]


def missing_commands(page: Path) -> list[str]:
    known = {command.name for command in COMMANDS}
    words = re.findall(r"\./dfworx ([a-z-]+)", page.read_text(encoding="utf-8"))
    return [word for word in words if word not in known and not word.startswith("-")]


def missing_datasets(page: Path) -> list[str]:
    told = [word for word in quoted(page) if re.fullmatch(rf"(?:{'|'.join(SCHEMAS)})\.[a-z_]+", word)]
    return [word for word in told if word not in DATASETS and not word.startswith("app_web.list_")]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(CHECKOUT)))
def test_what_a_page_names_exists(page: Path) -> None:
    assert missing_paths(page) == []
    assert missing_commands(page) == []
    assert missing_datasets(page) == []


def test_a_name_of_something_that_is_not_there_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "See `services/dfworx/shared/datasets.py`, `services/gone.py`, `cli/main.py`, `app_web.gone` and "
        "`./dfworx fly`.\n"
        "```\n`services/in/code.py`\n```\n"
    )
    assert missing_paths(page) == ["cli/main.py", "services/gone.py"]
    assert missing_commands(page) == ["fly"]
    assert missing_datasets(page) == ["app_web.gone"]
