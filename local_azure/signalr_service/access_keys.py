"""The two keys of a service: who gets them, and what is signed with one.

https://learn.microsoft.com/azure/azure-web-pubsub/howto-develop-reference
"""

import base64
import secrets
from typing import Final

import jwt

from local_azure.errors import Refusal
from local_azure.http import JsonObject
from local_azure.rules import Rule
from local_azure.store import Resource, Store

_NAMES: Final = {"primary": "primaryKey", "secondary": "secondaryKey"}

RULES: Final = [
    Rule(
        "W2",
        "behaviour",
        "A service's keys are listed by who has listKeys/action on it, and each opens all of it until it is "
        "regenerated, where local authentication is on, as it is from the start.",
        held_by="w2_a_key_opens_a_service_that_is_not_keyless_until_it_is_regenerated",
    ),
]


class AccessKeys:
    """Drawn when they are first asked for."""

    def __init__(self, store: Store) -> None:
        self._documents = store.documents("signalr-service-keys")

    def listed(self, service: Resource) -> JsonObject:
        """What listKeys answers."""
        known = self._documents.get(service.id)
        if known is None:
            known = {name: _new() for name in _NAMES.values()}
            self._documents.put(service.id, known)
        host = service.body["properties"]["hostName"]
        strings = {
            name.replace("Key", "ConnectionString"): f"Endpoint=https://{host};AccessKey={key};Version=1.0;"
            for name, key in known.items()
        }
        return {**known, **strings}

    def renewed(self, service: Resource, kind: object) -> JsonObject:
        """What regenerateKey answers. Raises Refusal 400 for another kind than Primary and Secondary."""
        name = _NAMES.get(str(kind).lower())
        if name is None:
            raise Refusal(400, "InvalidKeyType", "keyType is Primary or Secondary.")
        kept = {key: value for key, value in self.listed(service).items() if key in _NAMES.values()}
        self._documents.put(service.id, {**kept, name: _new()})
        return self.listed(service)

    def forget(self, service_id: str) -> None:
        self._documents.delete(service_id)

    def signed(self, service_id: str, token: str) -> bool:
        """Whether a token was signed with one of the keys that somebody was given."""
        known = self._documents.get(service_id) or {}
        return any(_is_signed(token, str(key)) for key in known.values())


def _is_signed(token: str, key: str) -> bool:
    try:
        jwt.decode(token, key, algorithms=["HS256"], options={"verify_aud": False})
    except jwt.InvalidTokenError:
        return False
    return True


def _new() -> str:
    return base64.b64encode(secrets.token_bytes(64)).decode()
