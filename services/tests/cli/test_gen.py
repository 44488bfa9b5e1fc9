"""What `./dfworx gen` writes: from fixed documents, and once for real from a freshly migrated database."""

import importlib
import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from dfworx.cli import gen
from dfworx.cli.failure import Failure, quiet
from dfworx.cli.home import CHECKOUT, Home
from dfworx.cli.services import SERVICES


def document(operation: str, path: str = "/api/web/posts", method: str = "get") -> dict[str, Any]:
    return {
        "openapi": "3.1.0",
        "info": {"title": "web", "version": "1"},
        "paths": {path: {method: {"operationId": operation, "responses": {"200": {"description": "ok"}}}}},
    }


def test_a_document_says_in_its_first_line_who_writes_it() -> None:
    text = gen.openapi_text("web", document("list_posts"))
    assert "./dfworx gen" in text.splitlines()[0]
    assert json.loads(text)["paths"]["/api/web/posts"]["get"]["operationId"] == "list_posts"


def test_a_document_does_not_depend_on_the_order_of_definition() -> None:
    backwards = dict(reversed(document("list_posts").items()))
    assert gen.openapi_text("web", backwards) == gen.openapi_text("web", document("list_posts"))


@pytest.mark.parametrize("operation", ["", "list_posts_api_web_posts_get", "listPosts"])
def test_an_operation_id_that_is_no_handler_name_is_refused(operation: str) -> None:
    with pytest.raises(Failure, match="handler's name"):
        gen.require_handler_names("web", document(operation))


def test_a_handler_name_may_end_like_a_method() -> None:
    gen.require_handler_names("web", document("create_post", method="post"))


def test_two_operations_of_one_name_are_refused() -> None:
    twice = document("list_posts")
    twice["paths"] |= document("list_posts", "/api/web/drafts")["paths"]
    with pytest.raises(Failure, match="/api/web/drafts are both named list_posts"):
        gen.require_handler_names("web", twice)


def test_functions_of_convex_are_named_by_their_modules(tmp_path: Path) -> None:
    (tmp_path / "rooms").mkdir()
    for name in ("schema.ts", "threads.ts", "threads.test.ts", "rooms/open-ones.ts"):
        (tmp_path / name).touch()
    text = gen.api_text(tmp_path)
    assert 'import type * as rooms_open_ones from "../rooms/open-ones.js";' in text
    assert '  "threads": typeof threads;' in text
    assert "schema" not in text and "test" not in text


def test_every_folder_of_convex_functions_has_what_convex_would_write() -> None:
    files = gen.convex_files()
    for folder in (gen.CONVEX, Path("examples/chat/convex")):
        assert {"api.d.ts", "api.js", "dataModel.d.ts", "server.d.ts", "server.js"} == {
            path.name for path in files if path.is_relative_to(folder)
        }
    assert [path for path, text in files.items() if (CHECKOUT / path).read_text() != text] == []


def test_types_that_the_supabase_cli_leaves_out_are_defined() -> None:
    source = "from typing import Any\n\nclass Post(BaseModel):\n    search: PgCatalogTsvector\n"
    completed = gen.with_catalog_types(source)
    assert completed.index("PgCatalogTsvector: TypeAlias = Any") < completed.index("class Post")
    assert gen.with_catalog_types(completed).count("TypeAlias = Any") == 1


def test_a_changed_a_missing_and_an_orphaned_file_are_stale(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gen, "CHECKOUT", tmp_path)
    monkeypatch.setattr(gen, "ROOMS", tmp_path / "services" / "dfworx")
    client = gen.CLIENT
    files = {client / "auth.gen.ts": "a\n", client / "web.gen.ts": "b\n", client / "database.gen.ts": "c\n"}
    gen.write_files(files)
    assert gen.stale_files(files) == []

    (tmp_path / client / "auth.gen.ts").write_text("edited by hand\n")
    (tmp_path / client / "web.gen.ts").unlink()
    (tmp_path / client / "gone.gen.ts").write_text("a service that is no more\n")
    stale = [client / "auth.gen.ts", client / "gone.gen.ts", client / "web.gen.ts"]
    assert gen.stale_files(files) == stale
    assert "./dfworx gen" in gen.stale_sentence(stale)

    gen.write_files(files)
    assert gen.stale_files(files) == []
    assert not (tmp_path / client / "gone.gen.ts").exists()


def test_the_database_types_are_those_of_the_migrations_and_the_same_twice(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.prepare()
    first, second = (gen.database_files(home, _made(tmp_path / name), quiet) for name in ("a", "b"))
    assert first == second
    typescript, python = first[gen.CLIENT / "database.gen.ts"], first[gen.PYTHON_TYPES]
    assert '"app_web"' in typescript
    assert "password_hash" not in typescript
    assert "class AppWebPosts(BaseModel)" in python


def test_every_generated_model_can_be_used() -> None:
    module = importlib.import_module("dfworx.shared.database_gen")
    models = [
        each for each in vars(module).values() if isinstance(each, type) and issubclass(each, BaseModel)
    ]
    assert len(models) > 10
    for model in models:
        if model is not BaseModel:
            model.model_json_schema()


def test_every_service_of_the_registry_has_its_document_and_client() -> None:
    for service in SERVICES:
        text = (gen.ROOMS / service.name / "openapi.json").read_text()
        assert f"/api/{service.name}/health" in json.loads(text)["paths"]
        assert (CHECKOUT / gen.CLIENT / f"{service.name}.gen.ts").exists()


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder
