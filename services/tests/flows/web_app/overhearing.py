"""All that a window is sent, to tell whether a word was in it: pages, what their router fetches, answers of services,
frames of sockets. It is read before the page has it: afterwards a browser forgets what it dropped or left."""

from __future__ import annotations

import json
from base64 import b64decode
from contextlib import suppress
from typing import Any

from playwright.sync_api import Error, WebSocket

from tests.flows.browser import Window


class Overhearing:
    """Listens from its making on. Files of the build say the same to everybody, and redirects have no body."""

    def __init__(self, window: Window, word: str) -> None:
        # As JSON may write it, too.
        self._spellings = [word.lower().encode(), json.dumps(word.lower())[1:-1].encode()]
        self.heard: list[str] = []
        """Addresses whose answers had the word."""
        self.listened = 0
        self.frames = 0
        window.page.on("websocket", self._follow)
        self._session = window.context.new_cdp_session(window.page)
        self._session.on("Fetch.requestPaused", self._listen)
        self._session.send("Fetch.enable", {"patterns": [{"requestStage": "Response"}]})

    def _follow(self, socket: WebSocket) -> None:
        def told(frame: bytes | str) -> None:
            self.frames += 1
            self._look(socket.url, frame if isinstance(frame, bytes) else frame.encode())

        socket.on("framereceived", told)

    def _listen(self, answer: dict[str, Any]) -> None:
        # What the page gave up meanwhile is gone, and reaches it no more.
        with suppress(Error):
            self._read(answer)

    def _read(self, answer: dict[str, Any]) -> None:
        request = {"requestId": answer["requestId"]}
        status, url = answer.get("responseStatusCode", 0), answer["request"]["url"]
        told = [f"{each['name']}: {each['value']}".encode() for each in answer.get("responseHeaders", [])]
        if 200 <= status < 300 or status >= 400:
            body = self._session.send("Fetch.getResponseBody", request)
            told.append(b64decode(body["body"]) if body["base64Encoded"] else body["body"].encode())
        if "/_next/static/" not in url:
            self.listened += 1
            self._look(url, *told)
        self._session.send("Fetch.continueResponse", request)

    def _look(self, url: str, *told: bytes) -> None:
        if any(spelling in each.lower() for spelling in self._spellings for each in told):
            self.heard.append(url)
