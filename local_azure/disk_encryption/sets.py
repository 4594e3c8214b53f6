"""Microsoft.Compute/diskEncryptionSets.

https://learn.microsoft.com/rest/api/compute/disk-encryption-sets
"""

import re
from typing import Final

from typing_extensions import override

from local_azure.arm import ResourceId, ResourceType
from local_azure.bodies import located, properties_of, section
from local_azure.errors import Refusal
from local_azure.http import JsonObject, Request
from local_azure.key_vault.customer_keys import CustomerKey, CustomerKeys, Trouble, attached
from local_azure.rules import Rule

SETS: Final = "Microsoft.Compute/diskEncryptionSets"
_KEY_URL: Final = re.compile(r"https://[^/]+/keys/[0-9A-Za-z-]+/[0-9a-f]{32}")

RULES: Final = [
    Rule(
        "C19",
        "refusal",
        "A set is told a version of a key that its identity may use: 400 KeyVaultAccessForbidden.",
        held_by="c19_a_set_is_made_once_its_identity_may_use_the_key",
        source="Azure/ResourceModules#285 https://learn.microsoft.com/rest/api/compute/disk-encryption-sets",
    ),
    Rule(
        "C19",
        "behaviour",
        "A set that follows rotation shows the key's newest version.",
        held_by="c19_a_set_that_follows_rotation_shows_the_newest_version",
        source="https://learn.microsoft.com/azure/virtual-machines/disk-encryption",
    ),
]


class DiskEncryptionSet(ResourceType):
    """A set. What is encrypted with it are disks of virtual machines."""

    type = SETS

    @override
    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        properties = {**properties_of(old), **properties_of(new)}
        written: JsonObject = {
            "identity": attached(self.ground, new.get("identity") or (old or {}).get("identity")),
            "location": located(new),
            "properties": {**properties, "provisioningState": "Succeeded"},
            "tags": new.get("tags") or {},
        }
        url = str(section(properties, "activeKey").get("keyUrl"))
        if not _KEY_URL.fullmatch(url):
            text = f"The key URL '{url}' of the disk encryption set '{id.name}' has no version of a key."
            raise Refusal(400, "InvalidParameter", text)
        trouble = CustomerKeys(self.ground).trouble(_key(written), written["identity"])
        if trouble is Trouble.NO_PURGE_PROTECTION:
            text = f"The key vault of '{url}' has soft delete and purge protection, or gives no key to disks."
            raise Refusal(400, "KeyVaultPurgeProtectionNotEnabled", text)
        if trouble is not None:
            raise Refusal(
                400, "KeyVaultAccessForbidden",
                f"Unable to access key vault resource '{url}' to enable encryption at rest. Please grant "
                f"get, wrap and unwrap key permissions to disk encryption set '{id.name}': {trouble.value}.",
            )  # fmt: skip
        return written

    @override
    def view(self, id: ResourceId, body: JsonObject) -> JsonObject:
        properties = properties_of(body)
        if not properties.get("rotationToLatestKeyVersionEnabled"):
            return body
        newest = CustomerKeys(self.ground).newest(_key(body))
        if not _KEY_URL.fullmatch(newest):
            return body
        active = {**section(properties, "activeKey"), "keyUrl": newest}
        return {**body, "properties": {**properties, "activeKey": active}}

    @override
    def created_status(self) -> int:
        return 200  # Azure answers 202 first, and this when it is done


def _key(body: JsonObject) -> CustomerKey:
    """A set has one identity, and that uses the key."""
    identities = section(body.get("identity"), "userAssignedIdentities")
    url = str(section(properties_of(body), "activeKey").get("keyUrl"))
    return CustomerKey(url, next(iter(identities), ""))
