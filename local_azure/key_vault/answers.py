"""What the answers for secrets, keys and certificates have in common.

https://learn.microsoft.com/rest/api/keyvault
"""

import re
from typing import Final

from local_azure.errors import Refusal
from local_azure.http import JsonObject, Request, Response
from local_azure.key_vault.vault_objects import Deleted, V, VaultObjects, Version
from local_azure.rules import Rule
from local_azure.store import Resource

VAULTS: Final = ".vault.azure.net"

RULES: Final = [
    Rule(
        "S5",
        "assumed",
        "A secret's name has 1-127 letters, digits and hyphens.",
        held_by="s5_an_impossible_secret_name_is_refused_by_both_ways_in",
    ),
]


def refusal(status: int, code: str, message: str, inner_code: str | None = None) -> Refusal:
    return Refusal(status, code, message, "key-vault", inner_code)


def nothing_answers(method: str, path: str) -> Refusal:
    return refusal(404, "NotFound", f"There is nothing that answers {method} {path}.")


def given(request: Request) -> JsonObject:
    """The body. Raises Refusal 400 for what is no JSON object."""
    try:
        return request.json()
    except ValueError as error:
        raise refusal(400, "BadParameter", f"The body is no JSON object: {error}.") from error


def require_name(name: str, noun: str = "secret") -> None:
    """Raises Refusal 400 for a name that nothing in a vault can have (S5)."""
    if not re.fullmatch(r"[0-9A-Za-z-]{1,127}", name):
        text = f"The name {name} is invalid: a {noun}'s name has 1 to 127 letters, digits and hyphens."
        raise refusal(400, "BadParameter", text)


def name_of(vault: Resource) -> str:
    return vault.id.rpartition("/")[2].lower()


def address(vault: Resource, kind: str, name: str, version: str | None = None) -> str:
    """The address of what is in a vault, of one version of it where that is given."""
    of_all = f"https://{name_of(vault)}{VAULTS}/{kind}/{name}"
    return f"{of_all}/{version}" if version else of_all


def retention(vault: Resource) -> int:
    """Days for which the vault keeps what is deleted."""
    return int(vault.body["properties"]["softDeleteRetentionInDays"])


def described(vault: Resource, one: Version) -> JsonObject:
    """What every answer says of a version besides its own."""
    days = retention(vault)
    level = ("Recoverable" if days == 90 else "CustomizedRecoverable") + (
        "" if vault.body["properties"].get("enablePurgeProtection") else "+Purgeable"
    )
    shown: JsonObject = {
        "attributes": {**one.attributes, "recoveryLevel": level, "recoverableDays": days},
        "tags": one.tags,
    }
    return shown | ({"managed": True} if one.managed else {})


def page(items: list[JsonObject]) -> Response:
    return Response(200, {"value": items, "nextLink": None})


def existing(objects: VaultObjects[V], vault: Resource, name: str, version: str | None) -> V:
    """A version, or the newest one. Raises Refusal 404."""
    found = objects.find(name_of(vault), name, version)
    if found is None:
        which = f"{name}/{version}" if version else name
        text = f"A {objects.noun.lower()} with (name/id) {which} was not found in this key vault."
        raise refusal(404, f"{objects.noun}NotFound", text)
    return found


def deleted(objects: VaultObjects[V], vault: Resource, name: str) -> tuple[Deleted[V], JsonObject]:
    """What soft delete keeps, with what every answer says of it. Raises Refusal 404."""
    found = objects.deleted(name_of(vault), name)
    if found is None:
        raise refusal(404, f"{objects.noun}NotFound", f"Deleted {objects.noun} not found: {name}.")
    return found, {
        "recoveryId": address(vault, f"deleted{objects.kind}", found.newest.name),
        "deletedDate": found.deleted,
        "scheduledPurgeDate": found.scheduled_purge,
    }


def purge(objects: VaultObjects[V], vault: Resource, name: str) -> Response:
    """Raises Refusal 403 where the vault purges nothing, or for a part of a certificate, 404 where nothing is
    kept."""
    deleted(objects, vault, name)[0].newest.require_unmanaged(objects.noun)
    if vault.body["properties"].get("enablePurgeProtection"):
        raise refusal(403, "Forbidden", "Operation purge is not allowed on this vault.")
    objects.purge(name_of(vault), name)
    return Response(204)
