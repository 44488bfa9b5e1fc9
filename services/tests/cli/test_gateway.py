"""The real gateway with its real Caddyfile, in front of a service that tells what it was asked."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from dfworx.cli.failure import Failure
from dfworx.cli.home import Home, choose_port
from dfworx.cli.parts import gateway


class Echo(BaseHTTPRequestHandler):
    """Answers with the headers it was sent."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        told = {name.lower(): value for name, value in self.headers.items()}
        body = json.dumps({**told, ":path": self.path}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Set-Cookie", "session=chosen")
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()

    def log_message(self, *_: object) -> None:
        pass


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


@dataclass
class Gateway:
    port: int

    def ask(self, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body=body, headers=names)
        answer = connection.getresponse()
        told = Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        connection.close()
        return told


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    yield from _running_gateway(tmp_path_factory, "auth", "web", "admin")


@pytest.fixture(scope="module")
def with_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    folder = tmp_path_factory.mktemp("a build") / "static"
    folder.mkdir()
    for name, content in (("b.js", "whole"), ("b.js.br", "brotli"), ("b.js.gz", "gzip"), ("c.woff2", "font")):
        (folder / name).write_text(content)
    names = ("auth", "web", "admin", "realtime", "web-app", "admin-app")
    yield from _running_gateway(tmp_path_factory, *names, static={"web-app": folder})


@pytest.fixture
def without_upstreams(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """Nobody listens behind it."""
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    yield from _gateway_to(
        tmp_path_factory, dict.fromkeys(("auth", "web", "admin", "web-app", "admin-app"), port), None
    )


def _running_gateway(
    tmp_path_factory: pytest.TempPathFactory, *names: str, static: dict[str, Path] | None = None
) -> Iterator[Gateway]:
    upstream = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    threading.Thread(target=upstream.serve_forever, daemon=True).start()
    yield from _gateway_to(tmp_path_factory, dict.fromkeys(names, upstream.server_port), static)
    upstream.shutdown()


def _gateway_to(
    tmp_path_factory: pytest.TempPathFactory, ports: dict[str, int], static: dict[str, Path] | None
) -> Iterator[Gateway]:
    home = Home(tmp_path_factory.mktemp("gateway"))
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    environment = gateway.environment(home, f"http://localhost:{port}", port, ports, static=static)
    environment["DFWORX_GATEWAY_BIND"] = "fd/0"
    process = subprocess.Popen(
        gateway.command(),
        env={"PATH": os.defpath, **environment},
        stdin=listener.fileno(),
        stderr=subprocess.DEVNULL,
    )
    # No wait for its start: connections queue in the socket, which is the very promise.
    yield Gateway(port)
    process.kill()
    process.wait()
    listener.close()


@pytest.mark.parametrize("path", ["/api/auth/me", "/api/web/posts", "/.well-known/jwks.json"])
def test_a_path_reaches_its_service(served: Gateway, path: str) -> None:
    answer = served.ask(path)
    assert answer.status == 200
    assert json.loads(answer.body)["host"].startswith("127.0.0.1")


def test_who_the_client_claims_to_be_is_not_passed_on(served: Gateway) -> None:
    told = json.loads(served.ask("/api/web/posts", X_Forwarded_For="6.6.6.6", X_Forwarded_Proto="https").body)
    assert told["x-forwarded-for"] == "127.0.0.1"
    assert told["x-forwarded-proto"] == "http"


def test_every_answer_is_hardened_and_names_no_server(served: Gateway) -> None:
    for path in ("/", "/api/web/posts", "/nothing"):
        headers = served.ask(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "server" not in headers


def test_an_unknown_address_is_a_problem_document(served: Gateway) -> None:
    for path in ("/nothing", "/Caddyfile", "/api/unknown/x", "/api/auth"):
        answer = served.ask(path)
        assert (answer.status, answer.headers["content-type"]) == (404, "application/problem+json")
        assert json.loads(answer.body)["code"] == "not_found"


@pytest.mark.parametrize(
    "path", ["/metrics", "//metrics", "/metrics/", "/api/web/../../metrics", "/api/web/%2e%2e/%2e%2e/metrics"]
)
def test_figures_of_the_services_are_not_passed_on(served: Gateway, path: str) -> None:
    assert served.ask(path).status == 404


def test_too_large_a_request_is_a_problem_document(served: Gateway) -> None:
    answer = served.ask("/api/web/posts", "POST", body=b"x" * 10_500_000)
    assert answer.status == 413
    assert json.loads(answer.body)["code"] == "too_large"
    assert served.ask("/api/web/posts", "POST", body=b"x" * 9_000_000).status == 200


def test_a_file_may_be_larger_than_other_requests(served: Gateway) -> None:
    assert served.ask("/api/web/files?name=a", "POST", body=b"x" * 50_500_000).status == 200
    assert served.ask("/api/web/files?name=a", "POST", body=b"x" * 51_500_000).status == 413
    assert served.ask("/api/web/files/x", "POST", body=b"x" * 10_500_000).status == 413


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("/convex/api/1.48.0/sync", "/api/1.48.0/sync"),
        ("/convex/api/query?path=a:b", "/api/query?path=a:b"),
        ("/convex/", "/"),
        ("/api/sync", "/api/sync"),
    ],
)
def test_clients_of_convex_reach_it_below_its_name_and_those_without_paths_at_the_root(
    with_app: Gateway, path: str, asked: str
) -> None:
    assert json.loads(with_app.ask(path).body)[":path"] == asked


@pytest.mark.parametrize("path", ["/convex", "/convex/metrics", "/convex/%6detrics", "/convex/x/../metrics"])
def test_nothing_of_convex_is_a_page_and_its_figures_stay_inside(with_app: Gateway, path: str) -> None:
    assert with_app.ask(path).status == 404


@pytest.mark.parametrize("path", ["/convex/api/query", "/api/sync"])
def test_with_a_convex_deployment_outside_there_is_nothing_of_it_here(served: Gateway, path: str) -> None:
    assert served.ask(path).status == 404


def test_convex_functions_get_no_cookies_of_the_web_app_and_set_none(with_app: Gateway) -> None:
    answer = with_app.ask("/convex/http/notes", Cookie="session=secret")
    assert "cookie" not in json.loads(answer.body) and "set-cookie" not in answer.headers
    answer = with_app.ask("/some/page", Cookie="session=secret")
    assert json.loads(answer.body)["cookie"] == "session=secret" and "set-cookie" in answer.headers


def test_arguments_of_a_convex_function_may_be_as_large_as_convex_takes_them(with_app: Gateway) -> None:
    assert with_app.ask("/convex/api/query", "POST", body=b"x" * 23_500_000).status == 200
    assert with_app.ask("/convex/api/query", "POST", body=b"x" * 24_500_000).status == 413


def test_files_of_convex_functions_may_be_larger_than_their_arguments(with_app: Gateway) -> None:
    upload = "/convex/api/storage/upload?token=x"
    assert with_app.ask(upload, "POST", body=b"x" * 24_500_000).status == 200
    assert with_app.ask(upload.replace("upload", "other"), "POST", body=b"x" * 24_500_000).status == 413


def test_the_page_at_the_root_names_the_api_documents(served: Gateway) -> None:
    page = served.ask("/").body.decode()
    assert "/api/auth/openapi.json" in page and "/api/web/openapi.json" in page
    assert "http://" not in page and "https://" not in page


@pytest.mark.parametrize("path", ["/", "/posts", "/posts/a-slug?x=1", "/_next/static/a.js", "/apiary"])
def test_all_other_addresses_are_pages_of_the_web_app(with_app: Gateway, path: str) -> None:
    answer = with_app.ask(path)
    assert answer.status == 200
    assert json.loads(answer.body)["host"].startswith("127.0.0.1")
    # The app sets the policy of its pages; what comes without one gets the strictest.
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize(
    ("accepted", "content"), [("gzip, deflate, br, zstd", b"brotli"), ("gzip", b"gzip"), ("", b"whole")]
)
def test_what_a_build_compressed_is_sent_so_and_kept_for_a_year(
    with_app: Gateway, accepted: str, content: bytes
) -> None:
    answer = with_app.ask("/_next/static/b.js", Accept_Encoding=accepted)
    assert answer.body == content
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_fonts_are_named_as_such(with_app: Gateway) -> None:
    assert with_app.ask("/_next/static/c.woff2").headers["content-type"] == "font/woff2"


def test_a_build_has_nothing_but_its_files(with_app: Gateway) -> None:
    for path in ("/_next/static/", "/_next/static/../b.js", "/_next/static/%2e%2e/%2e%2e/etc/passwd"):
        # The app answers, and knows what it doesn't have.
        assert json.loads(with_app.ask(path).body)["host"].startswith("127.0.0.1")


@pytest.mark.parametrize(
    "path", ["/api/unknown/x", "/api/auth", "/api", "/api/unserved/x", "/metrics", "//metrics"]
)
def test_what_programs_ask_for_is_no_page(with_app: Gateway, path: str) -> None:
    answer = with_app.ask(path)
    assert (answer.status, answer.headers["content-type"]) == (404, "application/problem+json")


def test_what_nobody_answers_is_a_page_for_people_and_a_document_for_programs(
    without_upstreams: Gateway,
) -> None:
    asked = [
        ("/posts", "text/html,*/*;q=0.8"),
        ("/posts", "text/x-component"),
        ("/api/web/posts", "text/html"),
    ]
    with ThreadPoolExecutor() as at_once:
        answers = list(at_once.map(lambda each: without_upstreams.ask(each[0], Accept=each[1]), asked))
    assert [answer.status for answer in answers] == [503, 503, 503]
    page, *documents = answers
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "Try again" in page.body.decode()
    assert page.headers["cache-control"] == "no-store"
    for document in documents:
        assert document.headers["content-type"] == "application/problem+json"
        assert json.loads(document.body)["code"] == "unavailable"
    for answer in answers:
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["retry-after"] == "2"


def test_the_gateway_says_itself_that_it_lives(served: Gateway, with_app: Gateway) -> None:
    assert [each.ask(gateway.HEALTH).status for each in (served, with_app)] == [204, 204]


def test_a_taken_port_is_one_sentence_with_another_to_take() -> None:
    with socket.create_server(("127.0.0.1", choose_port())) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(Failure, match=rf"Port {port} is taken .*--port \d+") as raised:
            gateway.require_free_port(port)
    assert "\n" not in str(raised.value)
    gateway.require_free_port(port)


@pytest.mark.parametrize(
    ("origin", "port", "local"),
    [
        ("http://localhost:3000", 3000, True),
        ("https://example.org", 443, False),
        ("https://example.org:8443", 8443, False),
        ("https://example.org", 3000, True),
    ],
)
def test_only_a_domain_served_directly_is_open_to_the_network(origin: str, port: int, local: bool) -> None:
    bind = gateway.environment(Home(Path("/nowhere")), origin, port, {})["DFWORX_GATEWAY_BIND"]
    assert gateway.is_local(origin, port) is local
    assert bind.startswith("fd/0") if local else bind == "0.0.0.0 ::"
