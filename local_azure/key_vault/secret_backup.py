"""A secret with all its versions, taken out of a vault so that only a vault can read it, and put into one.

https://learn.microsoft.com/azure/key-vault/general/backup
"""

import base64
import binascii
from typing import Final

from cryptography.fernet import InvalidToken

from local_azure.errors import Refusal
from local_azure.ground import Ground
from local_azure.http import JsonObject
from local_azure.key_vault.secret_versions import VaultSecrets
from local_azure.rules import Rule
from local_azure.store import Resource
from local_azure.subscriptions import subscription_of

_ACTIVE: Final = "secrets"
_GEOGRAPHIES: Final = {
    "eastus": "United States",
    "eastus2": "United States",
    "northeurope": "Europe",
    "swedencentral": "Sweden",
    "uksouth": "United Kingdom",
    "westeurope": "Europe",
    "westus2": "United States",
}
"""Of the regions that there are here. https://learn.microsoft.com/azure/reliability/regions-list"""

RULES: Final = [
    Rule(
        "S9",
        "behaviour",
        "A backup has every version of a secret, and nobody but a vault reads it.",
        held_by="s9_a_backup_is_restored_with_every_version",
    ),
    Rule(
        "S9",
        "refusal",
        "A backup is restored in the same subscription and geography only: 400, it cannot be decrypted.",
        held_by="s9_a_backup_is_restored_in_its_subscription_and_geography_only",
        source="Azure/azure-cli#8767 MicrosoftDocs/azure-docs#107520 "
        "https://learn.microsoft.com/azure/key-vault/general/backup#limitations",
    ),
    Rule(
        "S9",
        "assumed",
        "A backup is not restored over a secret that is there, or that soft delete keeps: 409.",
        held_by="s9_a_backup_is_not_restored_over_a_secret",
    ),
]


def backed_up(ground: Ground, vault: Resource, name: str) -> str:
    """The backup of a secret that is there, as the answer's `value`."""
    kept = ground.store.documents(_ACTIVE).get(_key(vault, name))
    assert kept, "the vault has looked for it"
    closed = ground.store.seal.closed({"secret": kept, "where": _where(vault)})
    return base64.urlsafe_b64encode(closed.encode()).decode().rstrip("=")


def restore(ground: Ground, secrets: VaultSecrets, vault: Resource, value: object) -> str:
    """Put a backup into a vault; returns the secret's name. Raises Refusal 400 for what is none of this
    subscription and geography, and 409 where the name is taken."""
    kept = _opened(ground, vault, value)
    name, host = str(kept["name"]), _name(vault)
    if secrets.deleted(host, name):
        text = (
            f"Secret {name} is currently in a deleted but recoverable state, and its name cannot be reused; "
        )
        raise Refusal(
            409,
            "Conflict",
            f"{text}in this state, the secret can only be recovered or purged.",
            "key-vault",
            "ObjectIsDeletedButRecoverable",
        )
    if secrets.find(host, name, None):
        raise Refusal(409, "Conflict", f"A secret named {name} exists in this key vault.", "key-vault")
    ground.store.documents(_ACTIVE).put(_key(vault, name), kept)
    return name


def _opened(ground: Ground, vault: Resource, value: object) -> JsonObject:
    unreadable = Refusal(400, "BadParameter", "Cannot decrypt backup blob.", "key-vault")
    if not isinstance(value, str):
        raise Refusal(400, "BadParameter", "The property value is required.", "key-vault")
    try:
        closed = base64.urlsafe_b64decode(value + "=" * (-len(value) % 4)).decode()
        backup = ground.store.seal.opened(closed)
    except (binascii.Error, InvalidToken, ValueError):
        raise unreadable from None
    if backup.get("where") != _where(vault):
        raise unreadable
    return backup["secret"]


def _where(vault: Resource) -> list[str]:
    """The security world of a vault."""
    location = str(vault.body["location"])
    return [subscription_of(vault.id), _GEOGRAPHIES.get(location, location)]


def _key(vault: Resource, name: str) -> str:
    return f"{_name(vault)}/{name}"


def _name(vault: Resource) -> str:
    return vault.id.rpartition("/")[2].lower()
