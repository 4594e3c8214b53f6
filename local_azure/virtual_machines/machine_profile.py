"""What a machine is made of: what a write says of it, what it has to say, and what never changes."""

from typing import Any, Final, cast

from local_azure.arm import ResourceId
from local_azure.bodies import items, section
from local_azure.errors import Refusal
from local_azure.http import JsonObject
from local_azure.rules import Rule
from local_azure.virtual_machines.guests import DEALLOCATED

_FIXED: Final = (
    "osProfile.adminUsername",
    "osProfile.computerName",
    "osProfile.customData",
    "osProfile.linuxConfiguration.ssh.publicKeys",
    "storageProfile.imageReference.id",
    "storageProfile.imageReference.offer",
    "storageProfile.imageReference.publisher",
    "storageProfile.imageReference.sku",
    "storageProfile.osDisk.managedDisk.diskEncryptionSet.id",
    "securityProfile.securityType",
)
"""What no write of a machine that is there may change."""
_OFF: Final = ("securityProfile.encryptionAtHost",)
"""What changes on a machine that is deallocated only."""


def invalid(parameter: str, expected: str) -> Refusal:
    text = f"The value of parameter {parameter} is invalid. Expected: {expected}."
    return Refusal(400, "InvalidParameter", text)


def os_profile_of(given: JsonObject, before: JsonObject) -> JsonObject:
    """The profile as a write leaves it: what is not answered is not sent again by a client that read it."""
    profile, known = section(given, "osProfile"), section(before, "osProfile")
    kept = {name: known[name] for name in ("customData", "adminPassword") if name in known}
    return {**kept, **(profile or known)}


def require_way_in(profile: JsonObject) -> None:
    linux = section(profile, "linuxConfiguration")
    keys = items(section(linux, "ssh"), "publicKeys")
    if linux.get("disablePasswordAuthentication") and not keys:
        text = (
            "Authentication using either SSH or by user name and password must be enabled in Linux profile."
        )
        raise Refusal(400, "InvalidParameter", text)
    if not profile.get("adminUsername"):
        raise invalid("osProfile.adminUsername", "the name of the machine's first user")


def require_unchanged(id: ResourceId, before: JsonObject, given: JsonObject, power: str) -> None:
    for path in _FIXED:
        was, now = _at(before, path), _at(given, path)
        if now is not None and was is not None and now != was:
            text = f"Changing property '{path.rpartition('.')[2]}' is not allowed."
            raise Refusal(409, "PropertyChangeNotAllowed", text)
    for path in _OFF:
        was, now = bool(_at(before, path)), _at(given, path)
        if now is not None and bool(now) != was and power != DEALLOCATED:
            text = f"Property '{path}' of VM '{id.name}' can be changed only when the VM is deallocated."
            raise Refusal(409, "OperationNotAllowed", text)


def _at(body: JsonObject, path: str) -> Any:
    found: Any = body
    for part in path.split("."):
        found = cast(JsonObject, found).get(part) if isinstance(found, dict) else None
    return found


RULES: Final = [
    Rule(
        "Q7",
        "refusal",
        "A machine's custom data, image, first user and SSH keys stay as they were made: 409 "
        "PropertyChangeNotAllowed.",
        held_by="q7_what_a_machine_is_made_of_never_changes",
        source="Azure/azure-sdk-for-java#1912 MicrosoftDocs/azure-docs#12602",
    ),
    Rule(
        "Q7",
        "assumed",
        "Encryption at host is switched on a machine that is deallocated: 409 OperationNotAllowed.",
        held_by="q7_encryption_at_host_changes_on_a_deallocated_machine",
        source="Azure/ResourceModules#1048",
    ),
    Rule(
        "Q8",
        "refusal",
        "A Linux machine has a password or an SSH key: 400 InvalidParameter.",
        held_by="q8_a_machine_without_a_way_in_is_refused",
        source="ComputeCanada/magic_castle#44",
    ),
]
