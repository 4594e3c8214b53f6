"""The two keys of a topic: who gets them, and whether one was sent.

https://learn.microsoft.com/azure/event-grid/authenticate-with-access-keys-shared-access-signatures
"""

import base64
import secrets
from hmac import compare_digest
from typing import Final

from local_azure.errors import Refusal
from local_azure.http import JsonObject
from local_azure.rules import Rule
from local_azure.store import Store

_NAMES: Final = ("key1", "key2")

RULES: Final = [
    Rule(
        "T2",
        "behaviour",
        "A topic's keys are listed by who has topics/listKeys/action, and each sends events until it is "
        "regenerated, where local authentication is on, as it is from the start.",
        held_by="t2_a_key_opens_a_topic_that_is_not_keyless_until_it_is_regenerated",
    ),
]


class TopicKeys:
    """Drawn when they are first asked for."""

    def __init__(self, store: Store) -> None:
        self._documents = store.documents("event-grid-keys")

    def listed(self, topic_id: str) -> JsonObject:
        """What listKeys answers."""
        known = self._documents.get(topic_id)
        if known is None:
            known = {name: _new() for name in _NAMES}
            self._documents.put(topic_id, known)
        return known

    def renewed(self, topic_id: str, name: object) -> JsonObject:
        """What regenerateKey answers. Raises Refusal 400 for another name."""
        if name not in _NAMES:
            raise Refusal(400, "InvalidRequest", f"keyName is one of {', '.join(_NAMES)}.")
        self._documents.put(topic_id, {**self.listed(topic_id), str(name): _new()})
        return self.listed(topic_id)

    def forget(self, topic_id: str) -> None:
        self._documents.delete(topic_id)

    def opens(self, topic_id: str, given: str) -> bool:
        """Whether somebody was given this key of the topic."""
        known = self._documents.get(topic_id) or {}
        return any(compare_digest(str(one).encode(), given.encode()) for one in known.values())


def _new() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()
