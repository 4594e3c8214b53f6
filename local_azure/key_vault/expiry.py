"""What a vault's log says of what is about to expire, or has: told when the clock is moved.

https://learn.microsoft.com/azure/event-grid/event-schema-key-vault and
https://learn.microsoft.com/azure/key-vault/general/logging
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from local_azure.ground import Ground
from local_azure.key_vault.answers import VAULTS, name_of
from local_azure.key_vault.audit import CATEGORY
from local_azure.key_vault.data import VAULT_TYPE
from local_azure.key_vault.vault_objects import VaultObjects, Version
from local_azure.rules import Rule
from local_azure.trail import Happened

_BEFORE: Final = 30 * 86_400
"""Seconds before the end from which on something is about to expire."""

RULES: Final = [
    Rule(
        "O26",
        "behaviour",
        "Thirty days before a newest version expires, and when it has, a vault says so once: the operations "
        "SecretNearExpiryEventGridNotification and SecretExpiredEventGridNotification, of keys and "
        "certificates alike.",
        held_by="o26_what_expires_is_told_thirty_days_before_and_when_it_has",
    ),
    Rule(
        "O26",
        "assumed",
        "Such a row has the address of the version in Id, and no caller. A certificate's key and secret are "
        "not told beside it.",
        held_by="o26_what_expires_is_told_thirty_days_before_and_when_it_has",
    ),
]


class Expiry:
    """Looks at all that has an end whenever the clock is moved; what time brings by itself, the next move
    tells."""

    def __init__(self, ground: Ground, every: Sequence[VaultObjects[Any]]) -> None:
        self._ground, self._every = ground, every
        self._told = ground.store.documents("expiry-told")
        ground.clock.moved.listen(self._look)

    def _look(self, now: float) -> None:
        for objects in self._every:
            for vault, one in objects.newest():
                ends = one.attributes.get("exp")
                if ends is None or one.managed or not one.attributes["enabled"]:
                    continue
                for word, since in (("NearExpiry", ends - _BEFORE), ("Expired", ends)):
                    if now >= since:
                        self._tell(objects, vault, one, word)

    def _tell(self, objects: VaultObjects[Any], vault: str, one: Version, word: str) -> None:
        address = f"https://{vault}{VAULTS}/{objects.kind}/{one.name}/{one.version}"
        if self._told.get(f"{address} {word}"):
            return
        self._told.put(f"{address} {word}", {"at": self._ground.clock.now()})
        row = {"Id": address, "OperationName": f"{objects.noun}{word}EventGridNotification"}
        for resource in self._vaults(vault):
            self._ground.trail.tell(Happened(resource, CATEGORY, {**row, "ResultType": "Success"}))

    def _vaults(self, name: str) -> Iterator[str]:
        for one in self._ground.store.list(type=VAULT_TYPE):
            if name_of(one) == name:
                yield one.id
