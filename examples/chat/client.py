"""The chat of client.mjs with PyPI's client (pip install convex): what is watched is an iterator, and each message is
sent when the one before was shown. Then the room is read page by page, and an empty message is refused."""

import os
import sys
import uuid
from typing import Any

from convex import ConvexClient, ConvexError

url = (sys.argv[1:] or [os.environ.get("CONVEX_URL", "http://127.0.0.1:3210")])[0]
room = str(uuid.uuid4())
client = ConvexClient(url)
messages: Any
unsent = ["Is anybody here?", "Yes.", "Good.", "What is it about?", "Live updates."]

for messages in client.subscribe("messages:latest", {"room": room}):
    lines = [f"{message['author']}: {message['body']}" for message in messages]
    print("Shown:", " | ".join(lines) or "nothing yet")
    if not unsent:
        break
    author = "Ann" if len(unsent) % 2 else "Ben"
    client.mutation("messages:send", {"room": room, "author": author, "body": unsent.pop(0)})

cursor, done, number = None, False, 1
while not done:
    options: dict[str, Any] = {"numItems": 2, "cursor": cursor}
    page = client.query("messages:history", {"room": room, "paginationOpts": options})
    lines = [f"{message['author']}: {message['body']}" for message in page["page"]]
    print(f"Page {number}:", " | ".join(lines))
    cursor, done, number = page["continueCursor"], page["isDone"], number + 1

try:
    client.mutation("messages:send", {"room": room, "author": "Ann", "body": " "})
except ConvexError as error:
    print("Refused:", error.data)
