"""The supervisor's configuration and start scripts."""

from __future__ import annotations

import configparser
import json
import os
import stat
import subprocess
from pathlib import Path

import pytest

from dfworx.cli import health
from dfworx.cli.failure import Failure
from dfworx.cli.home import Home
from dfworx.cli.install import Install, assemble_install
from dfworx.cli.parts import supervision
from dfworx.cli.programs import Program, programs

# Whoever runs a service by hand may have its variables set: they are that service's alone.
OTHERS = {"DFWORX_SEAL_KID": "9", "DFWORX_SEAL_KEY": "ab" * 32, "DFWORX_JWT_KEYS": "/elsewhere"}


@pytest.fixture
def install(tmp_path: Path) -> Install:
    home = Home(tmp_path / "a home; with 'odd' %characters # in it")
    home.prepare()
    return assemble_install(home, {"DFWORX_SECRET": "b7d1f09a" * 5, "DFWORX_LOGIN_LIMIT": "9", **OTHERS})


def read_sections(text: str) -> configparser.RawConfigParser:
    parser = configparser.RawConfigParser(inline_comment_prefixes=(";", "#"))
    parser.read_string(text)
    return parser


def test_the_gateway_stops_first_and_the_database_last(install: Install) -> None:
    sections = read_sections(supervision.configuration(programs(install)))
    order = {name: int(sections[name]["priority"]) for name in sections.sections() if ":" in name}
    names = [name.partition(":")[2] for name in sorted(order, key=lambda name: order[name])]
    services = ["auth", "web", "admin", "worker", "realtime"]
    assert names == ["postgres", "valkey", *services, "web-app", "admin-app", "gateway"]
    assert sections["program:postgres"]["stopsignal"] == "INT"


def test_what_serves_requests_keeps_its_socket_while_it_restarts(install: Install) -> None:
    sections = read_sections(supervision.configuration(programs(install)))
    for name in ("auth", "web", "admin", "realtime", "gateway"):
        assert sections[f"fcgi-program:{name}"]["socket"] == f"tcp://127.0.0.1:{install.ports[name]}"


def test_the_configuration_holds_no_secret_and_no_path_of_the_home(install: Install) -> None:
    text = supervision.configuration(programs(install))
    assert str(install.home.path) not in text
    for role in ("dfworx_web", "dfworx_auth", "postgres", "redis"):
        assert install.secrets.password(role) not in text


def test_each_part_is_told_its_own_secrets_only(install: Install) -> None:
    found = {program.name: program for program in programs(install)}
    auth, web = found["auth"].environment, found["web"].environment
    assert install.secrets.password("dfworx_auth") in auth["DFWORX_DATABASE_URL"]
    files = auth["DFWORX_SEAL_KEY_FILE"], web["DFWORX_SEAL_KEY_FILE"]
    assert [Path(file).name for file in files] == ["dfworx_auth", "dfworx_web"]
    assert "DFWORX_JWT_KEYS" in auth and "DFWORX_JWT_KEYS" not in web
    assert auth["DFWORX_JWT_KEYS"] == str(install.home.jwt_keys)
    assert "DFWORX_SEAL_KEY" not in {**auth, **web}
    others = [install.secrets.password(name) for name in ("postgres", "supabase_admin", "dfworx_auth")]
    for program in found.values():
        told = [*program.environment.values(), *program.command]
        assert not any(install.secrets.master in value for value in told)
        if program.name != "auth":
            assert not any(other in value for other in others for value in told)


def test_an_app_is_told_where_the_services_are_and_nothing_that_opens_them(install: Install) -> None:
    (app,) = (program for program in programs(install) if program.name == "web-app")
    assert set(app.environment) == {
        *("DFWORX_ADMIN_URL", "DFWORX_AUTH_URL", "DFWORX_WEB_URL", "NODE_ENV", "HOSTNAME", "PORT", "HOME"),
        *("DFWORX_CONVEX_URL", "KEEP_ALIVE_TIMEOUT", "NEXT_TELEMETRY_DISABLED"),
    }
    assert app.environment["HOSTNAME"] == "127.0.0.1"
    assert app.environment["HOME"].startswith(str(install.home.path))


def test_the_convex_deployment_is_told_whose_tokens_to_take_and_no_key_but_its_own(install: Install) -> None:
    found = {program.name: program for program in programs(install, reload=True)}
    told = found["realtime"].environment
    assert told["DFWORX_REALTIME_URL"] == f"{install.origin}/convex"
    assert json.loads(told["DFWORX_REALTIME_ENV"]) == {
        "DFWORX_ORIGIN": install.origin,
        "DFWORX_JWKS_URL": found["web"].environment["DFWORX_JWKS_URL"],
        "DFWORX_WEB_URL": f"http://127.0.0.1:{install.ports['web']}",
        "DFWORX_INTERNAL_KEY": install.secrets.internal_key().hex(),
    }
    assert told["DFWORX_REALTIME_DATA"].startswith(str(install.home.path))
    for program in found.values():
        knows = install.secrets.convex_admin_key() in program.environment.values()
        assert knows == (program.name in ("realtime", "worker")), program.name
        signs = install.secrets.internal_key().hex() == program.environment.get("DFWORX_INTERNAL_KEY")
        assert signs == (program.name == "web"), program.name
    assert not {"REDIS_URL", "DFWORX_DATABASE_URL", "DFWORX_SEAL_KEY_FILE"} & told.keys()


def test_with_a_convex_deployment_outside_none_is_started(install: Install) -> None:
    outside = {"DFWORX_SECRET": "b7d1f09a" * 5, "CONVEX_URL": "https://happy-animal-123.convex.cloud/"}
    given = assemble_install(install.home, outside)
    assert given.convex_url == "https://happy-animal-123.convex.cloud"
    found = {program.name: program for program in programs(given)}
    assert "realtime" not in found and "realtime" not in health.service_urls(given)
    assert found["gateway"].environment["DFWORX_GATEWAY_REALTIME"] == "no_realtime"
    assert found["gateway"].environment["DFWORX_GATEWAY_INTERNAL"] == "internal"
    assert "CONVEX_ADMIN_KEY" not in found["worker"].environment


def test_the_admin_key_of_a_deployment_outside_is_told_to_the_worker_alone(install: Install) -> None:
    own = {"CONVEX_URL": "https://happy-animal-123.convex.cloud", "CONVEX_ADMIN_KEY": "prod:happy|0123"}
    for program in programs(assemble_install(install.home, {"DFWORX_SECRET": "b7d1f09a" * 5, **own})):
        told = program.environment.get("CONVEX_ADMIN_KEY"), program.environment.get("DFWORX_CONVEX_URL")
        expected = {
            "worker": (own["CONVEX_ADMIN_KEY"], own["CONVEX_URL"]),
            # It asks whether the deployment is well.
            "admin": (None, own["CONVEX_URL"]),
            # Its pages speak to the deployment, as their readers.
            "web-app": (None, own["CONVEX_URL"]),
            "admin-app": (None, own["CONVEX_URL"]),
        }
        assert told == expected.get(program.name, (None, None)), program.name


@pytest.mark.parametrize("url", ["happy-animal-123", "wss://a.convex.cloud", "https://"])
def test_an_address_of_a_convex_deployment_that_is_none_is_refused(install: Install, url: str) -> None:
    with pytest.raises(Failure, match="CONVEX_URL"):
        assemble_install(install.home, {"DFWORX_SECRET": "b7d1f09a" * 5, "CONVEX_URL": url})


def test_the_password_key_is_told_to_the_auth_service_alone(install: Install) -> None:
    derived = install.secrets.password_key().hex()
    own = "0123456789abcdef" * 4 + "," + derived
    given = assemble_install(install.home, {"DFWORX_SECRET": "b7d1f09a" * 5, "DFWORX_PASSWORD_KEY": own})
    for each, key in ((install, derived), (given, own)):
        for program in programs(each):
            expected = key if program.name == "auth" else None
            assert program.environment.get("DFWORX_PASSWORD_KEY") == expected, program.name


def test_the_key_of_file_addresses_and_the_bucket_are_told_to_who_needs_them(install: Install) -> None:
    derived, own = install.secrets.file_key().hex(), "0123456789abcdef" * 4
    bucket = {"AWS_ACCESS_KEY_ID": "an id", "AWS_SECRET_ACCESS_KEY": "a key"}
    chosen = {
        "DFWORX_SECRET": "b7d1f09a" * 5,
        "DFWORX_FILE_KEY": own,
        "DFWORX_FILES_URL": "s3://a/b",
        **bucket,
    }
    given = assemble_install(install.home, chosen)
    for each, key in ((install, derived), (given, own)):
        for program in programs(each):
            expected = key if program.name == "web" else None
            assert program.environment.get("DFWORX_FILE_KEY") == expected, program.name
    for program in programs(given):
        told = {name: value for name, value in program.environment.items() if name.startswith("AWS_")}
        assert told == (bucket if program.name in ("web", "worker") else {}), program.name


@pytest.mark.parametrize("size", ["0", "5001", "many", "-1", "1.5"])
def test_a_largest_file_that_is_no_size_is_refused(install: Install, size: str) -> None:
    with pytest.raises(Failure, match="DFWORX_FILE_MEGABYTES"):
        assemble_install(install.home, {"DFWORX_SECRET": "b7d1f09a" * 5, "DFWORX_FILE_MEGABYTES": size})


def test_mail_and_webhook_settings_are_told_to_the_worker_alone(install: Install) -> None:
    own = {
        "DFWORX_SMTP_URL": "smtp://me:hush@mail.example",
        "DFWORX_MAIL_FROM": "post@lumen.example",
        "DFWORX_WEBHOOK_URL": "https://there.example",
        "DFWORX_WEBHOOK_SECRET": "0123456789abcdef" * 2,
    }
    given = assemble_install(install.home, {"DFWORX_SECRET": "b7d1f09a" * 5, **own})
    for program in programs(given):
        told = {name: value for name, value in program.environment.items() if name in own}
        assert told == (own if program.name == "worker" else {}), program.name
    worker = next(program for program in programs(given) if program.name == "worker")
    assert Path(worker.environment["DFWORX_SEAL_KEY_FILE"]).name == "dfworx_worker"
    assert worker.socket is None


def test_a_persons_optional_settings_reach_the_services(install: Install) -> None:
    found = {program.name: program.environment for program in programs(install)}
    assert found["web"]["DFWORX_LOGIN_LIMIT"] == "9"
    assert "DFWORX_SECRET" not in found["web"]


def test_a_start_script_carries_any_value_unharmed(tmp_path: Path) -> None:
    odd = "a 'b' \"c\" $HOME `id` \\ %s # ; é\n*"
    program = Program("odd", ["printf", "%s|", odd], order=1, environment={"ODD": odd}, first="printf first:")
    script = tmp_path / "odd.sh"
    script.write_text(
        supervision.start_script(program).replace("exec printf", 'printf "$ODD|"; exec printf', 1)
    )
    done = subprocess.run(["/bin/sh", str(script)], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("first:")
    assert done.stdout.endswith(f"{odd}|")


def test_only_their_owner_reads_the_scripts_that_hold_secrets(install: Install) -> None:
    supervision.write_configuration(install.home, programs(install))
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in install.home.run.iterdir()}
    # PostgreSQL's script is read by another user when root starts it, and holds none.
    assert modes.pop("postgres.sh") == (0o644 if os.geteuid() == 0 else 0o600)
    assert set(modes.values()) == {0o600}


def test_nothing_runs_in_a_home_that_was_never_started(install: Install) -> None:
    assert not supervision.is_running(install.home)
    assert supervision.stop(install.home) == 0
