"""What follows from a home and an environment, and what a running install is remembered by."""

from __future__ import annotations

from pathlib import Path

import pytest

from dfworx.cli.failure import Failure
from dfworx.cli.home import Home
from dfworx.cli.install import WITHOUT_APPS, assemble_install, forget_start, remember_start, started_with


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path / "home")
    made.prepare()
    return made


def test_an_install_with_nothing_set_brings_its_own_database_and_redis(home: Home) -> None:
    install = assemble_install(home, {})
    assert install.origin == "http://localhost:3000"
    assert install.cluster is not None and install.valkey is not None
    assert install.database_url == install.cluster.url("postgres", install.secrets.password("postgres"))
    assert install.redis_url == install.valkey.url
    assert install.development


def test_addresses_in_the_environment_replace_the_embedded_parts(home: Home) -> None:
    outside = {
        "DATABASE_URL": "postgresql://me:x@db.example.com/app",
        "REDIS_URL": "redis://cache.example.com",
    }
    install = assemble_install(home, outside)
    assert (install.cluster, install.valkey) == (None, None)
    assert install.database_url == outside["DATABASE_URL"]
    assert install.redis_url == outside["REDIS_URL"]


def test_another_terminal_speaks_of_the_install_as_it_was_started(home: Home) -> None:
    remember_start(
        home, {"DATABASE_URL": "postgresql://me:x@db/app", "DFWORX_SECRET": "kept out", "PATH": "/"}
    )
    assert started_with(home) == {"DATABASE_URL": "postgresql://me:x@db/app"}
    assert assemble_install(home, {}).database_url == "postgresql://me:x@db/app"
    assert (
        assemble_install(home, {"DATABASE_URL": "postgresql://other/app"}).database_url
        == "postgresql://other/app"
    )
    forget_start(home)
    assert assemble_install(home, {}).cluster is not None


def test_the_origin_has_no_trailing_slash_and_gives_the_port(home: Home) -> None:
    install = assemble_install(home, {"DFWORX_ORIGIN": "https://example.org/"})
    assert (install.origin, install.ports["gateway"]) == ("https://example.org", 443)
    with pytest.raises(Failure, match="DFWORX_ORIGIN"):
        assemble_install(home, {"DFWORX_ORIGIN": "example.org"})


@pytest.mark.parametrize("gateway_port", [None, 4000])
@pytest.mark.parametrize(
    "origin",
    [
        "/",
        "https://",
        "ftp://example.org",
        "https://example.org/app",
        "https://example.org?a=1",
        "https://example.org#top",
        "https://me@example.org",
        "https://exa mple.org",
        "https://example.org:",
        "https://example.org:0",
        "https://example.org:65536",
        "https://[::1",
    ],
)
def test_an_origin_is_a_scheme_a_host_and_a_port_whatever_else_is_given(
    home: Home, origin: str, gateway_port: int | None
) -> None:
    with pytest.raises(Failure, match="DFWORX_ORIGIN"):
        assemble_install(home, {"DFWORX_ORIGIN": origin}, gateway_port=gateway_port)


@pytest.mark.parametrize(
    ("origin", "port"),
    [("http://localhost", 80), ("http://127.0.0.1:3456", 3456), ("http://[::1]:3456", 3456)],
)
def test_an_origin_may_name_any_host(home: Home, origin: str, port: int) -> None:
    install = assemble_install(home, {"DFWORX_ORIGIN": origin})
    assert (install.origin, install.ports["gateway"]) == (origin, port)


def test_the_port_is_remembered_by_its_home(home: Home) -> None:
    home.remember_ports({"gateway": 3456})
    assert assemble_install(home, {}).origin == "http://localhost:3456"
    assert assemble_install(home, {}, gateway_port=4000).origin == "http://localhost:4000"


def test_an_install_started_without_apps_is_remembered_as_such(home: Home) -> None:
    assert [app.name for app in assemble_install(home, {}).apps] == ["web-app", "admin-app"]
    assert {"web-app", "admin-app"} <= set(assemble_install(home, {}).ports)
    remember_start(home, {**WITHOUT_APPS})
    install = assemble_install(home, {})
    assert install.apps == ()
    assert not set(WITHOUT_APPS) & set(install.passed_on)
