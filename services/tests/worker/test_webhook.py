"""Telling another system: signed, without what opens something, and taken only when it says so."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import httpx
import pytest
from pydantic import ValidationError
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

from dfworx.shared.settings import Settings
from dfworx.worker.events import Event
from dfworx.worker.webhook import Refused, webhook_consumer
from tests.conftest import TestDatabase
from tests.worker.conftest import Receiver

SECRET = "a secret that signs events of the tests"


def event(**payload: Any) -> Event:
    return Event(7, uuid4(), "posts.published", uuid4(), payload, datetime.now(UTC))


def told(database: TestDatabase, receiver: Receiver, secret: str = SECRET) -> Settings:
    return database.settings("dfworx_worker", webhook_url=receiver.url, webhook_secret=secret)


async def send(settings: Settings, *events: Event) -> None:
    async with httpx.AsyncClient() as client:
        consumer = webhook_consumer(settings, client)
        assert consumer is not None and consumer.wants("anything.happened")
        for each in events:
            await consumer.deliver(each)


@pytest.mark.parametrize("secret", [SECRET, "whsec_" + base64.b64encode(SECRET.encode()).decode()])
async def test_an_event_arrives_signed_with_the_same_id_at_each_try(
    database: TestDatabase, receiver: Receiver, secret: str
) -> None:
    tried = event(title="A post", link="https://here.example/secret", token="secret")
    await send(told(database, receiver, secret), tried, tried)
    key = "whsec_" + base64.b64encode(SECRET.encode()).decode()
    for headers, body in receiver.got:
        assert headers["webhook-id"] == "evt_7"
        Webhook(key).verify(body, headers)
        with pytest.raises(WebhookVerificationError):
            Webhook(key).verify(body.replace(b"A post", b"A lie!"), headers)
        sent = json.loads(body)
        assert sent["type"] == "posts.published"
        assert sent["data"]["title"] == "A post" and sent["data"]["organization_id"] == str(
            tried.organization_id
        )
        assert b"secret" not in body
    assert len(receiver.got) == 2


async def test_the_payload_never_says_whose_event_it_is(database: TestDatabase, receiver: Receiver) -> None:
    ours, another_organization = event(), uuid4()
    forged = Event(
        8,
        ours.organization_id,
        ours.topic,
        ours.entity_id,
        {"organization_id": str(another_organization)},
        ours.created_at,
    )
    await send(told(database, receiver), forged)
    assert json.loads(receiver.got[0][1])["data"]["organization_id"] == str(ours.organization_id)


@pytest.mark.parametrize("status", [301, 400, 410, 500, 503])
async def test_anything_but_2xx_is_tried_again(
    database: TestDatabase, receiver: Receiver, status: int
) -> None:
    receiver.answers.append(status)
    with pytest.raises(Refused):
        await send(told(database, receiver), event())
    await send(told(database, receiver), event())


async def test_without_an_address_nobody_is_told_and_without_a_secret_it_does_not_start(
    database: TestDatabase,
) -> None:
    async with httpx.AsyncClient() as client:
        assert webhook_consumer(database.settings("dfworx_worker"), client) is None
    for secret in (None, "short"):
        with pytest.raises(ValidationError, match="DFWORX_WEBHOOK_SECRET"):
            database.settings("dfworx_worker", webhook_url="https://there.example", webhook_secret=secret)
