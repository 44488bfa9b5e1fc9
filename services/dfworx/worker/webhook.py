"""Telling another system what happened: each event as a POST to DFWORX_WEBHOOK_URL, signed as Standard Webhooks say
(standardwebhooks.com). `webhook-id` is the same at each try, so that the receiver can ignore what it has. What was
noted for the mirror alone, and whatever opens something, is not told."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import httpx
import orjson
from standardwebhooks import Webhook

from dfworx.shared.settings import Settings
from dfworx.worker.events import MIRROR, Consumer, Event

ANSWER_SECONDS = 10.0
SECRETS = ("link", "token", "secret")


class Refused(Exception):
    """The receiver answered with something else than 2xx."""


class WebhookSender:
    def __init__(self, url: str, secret: str, client: httpx.AsyncClient) -> None:
        self._url = url
        # The library takes whsec_ and base64; any text may be a secret.
        self._signing = Webhook(
            secret
            if secret.startswith("whsec_")
            else "whsec_" + base64.b64encode(secret.encode()).decode("ascii")
        )
        self._client = client

    async def deliver(self, event: Event) -> None:
        """Raises Refused, and what httpx does."""
        body = orjson.dumps(
            {
                "type": event.topic,
                "timestamp": event.created_at.isoformat(),
                "data": {
                    **{key: value for key, value in event.payload.items() if key not in SECRETS},
                    # Last: what a payload says of these counts for nothing.
                    "event_id": event.event_id,
                    "organization_id": str(event.organization_id),
                    "entity_id": str(event.entity_id),
                },
            }
        ).decode()
        name, now = f"evt_{event.event_id}", datetime.now(UTC)
        headers = {
            "content-type": "application/json",
            "webhook-id": name,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": self._signing.sign(name, now, body),
        }
        answer = await self._client.post(self._url, content=body, headers=headers, timeout=ANSWER_SECONDS)
        if not answer.is_success:
            raise Refused(f"the receiver answered {answer.status_code}")


def webhook_consumer(settings: Settings, client: httpx.AsyncClient) -> Consumer | None:
    """None when no address is set."""
    if not settings.webhook_url or settings.webhook_secret is None:
        return None
    sender = WebhookSender(settings.webhook_url, settings.webhook_secret.get_secret_value(), client)
    return Consumer("webhook", lambda topic: not topic.startswith(MIRROR), sender.deliver)
