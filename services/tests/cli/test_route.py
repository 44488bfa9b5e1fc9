"""The registry against the database's own catalog, and what `dfworx route` prints of it."""

import json
import re
from typing import Any

import asyncpg
import pytest
from typer.testing import CliRunner

from dfworx.cli.failure import Failure
from dfworx.cli.home import CHECKOUT
from dfworx.cli.main import build_app
from dfworx.shared.datasets import DATASETS, DECISIONS


def run(*words: str) -> str:
    result = CliRunner().invoke(build_app("route"), ["route", *words])
    if result.exception:
        raise result.exception
    return result.stdout


def run_json(*words: str) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(run(*words, "--json"))
    return answer


async def test_every_table_and_view_is_registered_and_no_other(owner: asyncpg.Connection) -> None:
    rows = await owner.fetch(
        r"""
        select n.nspname || '.' || c.relname as name
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relkind in ('r', 'p', 'v', 'm', 'f')
          and (n.nspname in ('public', 'shared_services', 'private') or n.nspname like 'app\_%')
          and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')
        """
    )
    registered = {name for name, each in DATASETS.items() if each.system == "PostgreSQL"}
    assert {row["name"] for row in rows} == registered


def test_every_table_of_convex_is_registered_and_no_other() -> None:
    schema = (CHECKOUT / "convex" / "schema.ts").read_text()
    registered = {name.removeprefix("convex.") for name, each in DATASETS.items() if each.system == "Convex"}
    assert set(re.findall(r"(\w+): defineTable\(", schema)) == registered


async def test_who_may_write_is_who_the_registry_says(owner: asyncpg.Connection) -> None:
    """A service that is not its owner has no right to change a dataset."""
    for dataset in DATASETS.values():
        if dataset.system != "PostgreSQL" or dataset.owner == "every service":
            continue
        for service in ("auth", "web", "admin", "worker"):
            may = await owner.fetchval(
                "select has_any_column_privilege($1, $2, 'INSERT, UPDATE') or has_table_privilege($1, $2, 'DELETE')",
                f"dfworx_{service}",
                dataset.name,
            )
            # The admin service also logs.
            logs = (service, dataset.name) == ("admin", "app_admin.system_logs")
            assert not may or service == dataset.owner or logs, f"{service} may write {dataset.name}"


def test_each_entry_makes_sense() -> None:
    for name, dataset in DATASETS.items():
        assert dataset.name == name and dataset.why and dataset.traits
        assert set(dataset.embeds) <= set(DATASETS)
        assert "hot" in dataset.traits or not dataset.seconds, f"{name} is cached and not read often"
        schema = name.partition(".")[0]
        expected = {"public": "shared", "shared_services": "shared", "private": "shared"}
        if dataset.system == "PostgreSQL":
            assert expected.get(schema, "app") in dataset.traits
    showing_people = {name for name, each in DATASETS.items() if "public.users" in each.embeds}
    assert showing_people == {"app_web.posts", "app_web.profiles"}


def test_a_dataset_tells_its_home_its_writer_and_its_cache() -> None:
    told = run("app_web.posts")
    for word in (
        "app_web.posts",
        "PostgreSQL",
        "web",
        "Redis, 5 minutes",
        "public.users or app_web.categories",
    ):
        assert word in told
    assert run("categories") == run("app_web.categories")
    answer = run_json("app_web.posts")
    assert (answer["home"], answer["written_by"], answer["redis_seconds"]) == ("PostgreSQL", "web", 300)


@pytest.mark.parametrize(
    ("words", "home", "example"),
    [
        (["--shared"], "PostgreSQL, schema public", "public.users"),
        (["--app", "web"], "PostgreSQL, schema app_web", "app_web.posts"),
        (["--app", "app_admin"], "PostgreSQL, schema app_admin", "app_admin.reports"),
        (["--app", "foo"], "PostgreSQL, schema app_foo", None),
        (["--realtime"], "Convex", "convex.messages"),
        (["--hot"], "Redis, in front of its home", "public.users"),
        (["--analytics"], "PostgreSQL, with indexes made for the questions", "app_admin.analytics"),
    ],
)
def test_the_decision_tree_is_answered(words: list[str], home: str, example: str | None) -> None:
    answer = run_json(*words)
    assert answer["home"] == home
    if example:
        assert example in {each["name"] for each in answer["datasets"]}
    assert home in run(*words)


def test_without_a_word_all_datasets_are_listed() -> None:
    told = run()
    assert all(name in told for name in DATASETS)
    assert {each["name"] for each in run_json()["datasets"]} == set(DATASETS)
    assert set(DECISIONS) == {"shared", "app", "realtime", "hot", "analytics"}


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["app_web.post"], "There is no dataset named app_web.post; did you mean app_web.posts?"),
        (
            ["notifications"],
            "did you mean public.notifications or shared_services.notifications or convex.notifications?",
        ),
        (["zzzz"], "./dfworx route lists them all."),
        (["--hot", "--shared"], "Ask one thing at a time"),
        (["session", "--hot"], "Ask one thing at a time"),
        (["--app", "My App"], "can't name an app"),
    ],
)
def test_bad_questions_are_refused_in_a_sentence(words: list[str], why: str) -> None:
    with pytest.raises(Failure) as failure:
        run(*words)
    assert why in str(failure.value)
