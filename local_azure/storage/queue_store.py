"""Where messages are kept, who sees them and until when.

https://learn.microsoft.com/rest/api/storageservices/get-messages
"""

import base64
import uuid
from dataclasses import asdict, dataclass, replace
from typing import Final

from local_azure.ground import Ground
from local_azure.rules import Rule
from local_azure.store import Documents

RULES: Final = [
    Rule(
        "I13",
        "behaviour",
        "A message that is taken is seen by nobody until its timeout is over, and counts each time it is "
        "taken.",
        held_by="i13_a_message_that_is_taken_comes_back_when_its_time_is_over",
    ),
    Rule(
        "I13",
        "refusal",
        "A message is deleted or changed with the receipt of whoever took it last: with an older one 404 "
        "MessageNotFound.",
        held_by="i13_an_older_receipt_settles_nothing",
        source="Azure/azure-storage-python#300 Azure/durabletask#1065",
    ),
    Rule(
        "I13",
        "behaviour",
        "A message is gone when its time to live is over: seven days, unless told.",
        held_by="i13_a_message_lives_seven_days_unless_told",
        source="https://learn.microsoft.com/rest/api/storageservices/put-message",
    ),
]


@dataclass(frozen=True)
class Message:
    """Times in seconds since the epoch; `expires` is None for one that never does. `receipt` is good until
    somebody else takes or changes the message."""

    id: str
    text: str
    inserted: float
    expires: float | None
    visible: float
    taken: int
    receipt: str


class QueueStore:
    """The messages of every queue, by account and queue."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def put(self, account: str, queue: str, text: str, hidden: int, lives: int | None) -> Message:
        """A new message that is hidden for `hidden` seconds and lives `lives`, or for ever."""
        now = self._ground.clock.now()
        expires = None if lives is None else now + lives
        message = Message(str(uuid.uuid4()), text, now, expires, now + hidden, 0, _receipt())
        self._write(account, queue, message)
        return message

    def visible(self, account: str, queue: str, count: int) -> list[Message]:
        """The first that anybody may see, those that waited longest before the others."""
        now = self._ground.clock.now()
        seen = [one for one in self.every(account, queue) if one.visible <= now]
        return sorted(seen, key=lambda one: (one.visible, one.inserted))[:count]

    def take(self, account: str, queue: str, count: int, hidden: int) -> list[Message]:
        """The same, hidden from everybody for `hidden` seconds, each with a new receipt."""
        until = self._ground.clock.now() + hidden
        found = self.visible(account, queue, count)
        taken = [replace(one, visible=until, taken=one.taken + 1, receipt=_receipt()) for one in found]
        for message in taken:
            self._write(account, queue, message)
        return taken

    def change(self, account: str, queue: str, message: Message, text: str | None, hidden: int) -> Message:
        """The message with another text, if there is one, hidden for `hidden` seconds from now."""
        until, now_text = self._ground.clock.now() + hidden, message.text if text is None else text
        changed = replace(message, text=now_text, visible=until, receipt=_receipt())
        self._write(account, queue, changed)
        return changed

    def held(self, account: str, queue: str, id: str, receipt: str) -> Message | None:
        """The message, for whoever holds its receipt."""
        document = self._documents(account, queue).get(id)
        found = Message(**document) if document else None
        return found if found and found.receipt == receipt and self._lives(found) else None

    def every(self, account: str, queue: str) -> list[Message]:
        """Those that live, seen or not; the others are forgotten."""
        documents = self._documents(account, queue)
        found: list[Message] = []
        for key, document in documents.items():
            message = Message(**document)
            if self._lives(message):
                found.append(message)
            else:
                documents.delete(key)
        return found

    def delete(self, account: str, queue: str, id: str) -> None:
        self._documents(account, queue).delete(id)

    def clear(self, account: str, queue: str) -> None:
        """Forget every message of a queue."""
        documents = self._documents(account, queue)
        for key, _ in documents.items():
            documents.delete(key)

    def _lives(self, message: Message) -> bool:
        return message.expires is None or message.expires > self._ground.clock.now()

    def _write(self, account: str, queue: str, message: Message) -> None:
        self._documents(account, queue).put(message.id, asdict(message))

    def _documents(self, account: str, queue: str) -> Documents:
        # A kind for each queue: to look into one reads no other.
        return self._ground.store.documents(f"queue-messages/{account}/{queue}".lower())


def _receipt() -> str:
    return base64.b64encode(uuid.uuid4().bytes).decode()
