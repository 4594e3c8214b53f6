"""Microsoft.Storage/storageAccounts: accounts, and the names that other accounts hold.

https://learn.microsoft.com/rest/api/storagerp/storage-accounts
"""

import re
from datetime import UTC, datetime
from typing import Final

from local_azure.arm import ResourceId, ResourceType
from local_azure.bodies import section
from local_azure.errors import Refusal, not_served
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request, Response
from local_azure.key_vault.customer_keys import CustomerKeys, attached
from local_azure.name_availability import ACTION, availability
from local_azure.rules import Rule
from local_azure.storage import account_names
from local_azure.storage.account_keys import forget_keys, listed_keys, renewed_keys
from local_azure.storage.account_names import ACCOUNTS, FOREIGN_NAMES
from local_azure.storage.blob_store import BlobStore
from local_azure.storage.delegation_keys import DelegationKeys
from local_azure.storage.encryption import answered, require_key, require_same_services
from local_azure.storage.firewall import check_rules
from local_azure.store import Resource

_KINDS: Final = frozenset({"Storage", "StorageV2", "BlobStorage", "FileStorage", "BlockBlobStorage"})
_UPGRADES: Final = frozenset({("Storage", "StorageV2"), ("BlobStorage", "StorageV2")})
_SKUS: Final = frozenset(
    {
        "Premium_LRS",
        "Premium_ZRS",
        "Standard_GRS",
        "Standard_GZRS",
        "Standard_LRS",
        "Standard_RAGRS",
        "Standard_RAGZRS",
        "Standard_ZRS",
    }
)

RULES: Final = [
    Rule(
        "I9",
        "refusal",
        "An account's name has 3-24 lower-case letters and digits: AccountNameInvalid.",
        held_by="i9_an_impossible_name_is_refused",
        source="https://learn.microsoft.com/azure/storage/common/storage-account-overview",
    ),
    Rule(
        "I9",
        "refusal",
        "An account's name is unique in the whole cloud: StorageAccountAlreadyTaken.",
        held_by="i9_a_name_that_anybody_has_is_taken_in_the_whole_cloud",
        source="https://learn.microsoft.com/azure/storage/common/storage-account-overview",
    ),
    Rule(
        "I9",
        "assumed",
        "An account's kind does not change, but from the older ones to StorageV2: 409.",
        held_by="i9_a_kind_changes_to_the_newest_only",
    ),
]


class StorageAccount(ResourceType):
    """An account. What is in it goes with it; soft delete keeps blobs, not accounts."""

    type = ACCOUNTS

    def __init__(self, ground: Ground, blobs: BlobStore, keys: DelegationKeys) -> None:
        super().__init__(ground)
        self._blobs = blobs
        self._keys = keys
        self._customer_keys = CustomerKeys(ground)

    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        _require_name(id.name)
        if not new.get("location"):
            raise Refusal(400, "LocationRequired", "The location property is required for this definition.")
        if old is None:
            self._require_free(id.name)
        kind, sku = str(new.get("kind")), str(section(new, "sku").get("name"))
        if kind not in _KINDS:
            raise _invalid("kind", kind)
        if sku not in _SKUS:
            raise _invalid("sku.name", sku)
        if old and old["kind"] != kind and (old["kind"], kind) not in _UPGRADES:
            text = f"The property 'kind' was specified in the input, but it cannot be updated to {kind}."
            raise Refusal(409, "PropertyCannotBeUpdated", text)
        location = str(new["location"]).replace(" ", "").lower()
        given = {key: value for key, value in section(new, "properties").items() if value is not None}
        check_rules(self.ground.store, given)
        require_same_services(old, new)
        written: JsonObject = {
            "identity": attached(self.ground, new.get("identity") or (old or {}).get("identity")),
            "kind": kind,
            "location": location,
            "properties": {**(section(old, "properties") or self._new(id.name, location)), **given},
            "sku": {"name": sku, "tier": sku.partition("_")[0]},
            "tags": new.get("tags") or {},
        }
        require_key(self._customer_keys, written)
        return written

    def view(self, id: ResourceId, body: JsonObject) -> JsonObject:
        return answered(self._customer_keys, body)

    def before_delete(self, id: ResourceId, body: JsonObject, request: Request) -> None:
        self._blobs.forget_account(id.name)
        forget_keys(self.ground.store, id.text)
        self._keys.revoke(id.text)

    def action(self, id: ResourceId, body: JsonObject, name: str, request: Request) -> Response | None:
        account = Resource(id.text, self.type, body)
        match name.lower():
            case "listkeys":
                return Response(200, listed_keys(self.ground, account))
            case "regeneratekey":
                return Response(200, renewed_keys(self.ground, account, request.json().get("keyName")))
            case "revokeuserdelegationkeys":
                self._keys.revoke(id.text)
                return Response(200)
            case "listaccountsas" | "listservicesas":
                raise not_served("shared access signatures")
            case _:
                return None

    def created_status(self) -> int:
        return 200  # Azure answers 202 first, and this when it is done

    def provider_action(self, scope: str, name: str, request: Request) -> Response | None:
        if name.lower() != ACTION:
            return None
        return availability(request, _require_name, self._require_free, free={}, invalid="AccountNameInvalid")

    def _new(self, name: str, location: str) -> JsonObject:
        """What a new account has where nothing is said: shared keys open it, since null means yes."""
        now = datetime.fromtimestamp(self.ground.clock.now(), UTC).isoformat()
        return {
            "accessTier": "Hot",
            "allowBlobPublicAccess": False,
            "creationTime": now,
            "minimumTlsVersion": "TLS1_0",
            "networkAcls": {"bypass": "AzureServices", "defaultAction": "Allow"},
            "primaryEndpoints": account_names.endpoints(name),
            "primaryLocation": location,
            "provisioningState": "Succeeded",
            "statusOfPrimary": "available",
            "supportsHttpsTrafficOnly": True,
        }

    def _require_free(self, name: str) -> None:
        taken = self.ground.store.documents(FOREIGN_NAMES).get(name) is not None
        if taken or account_names.find(self.ground.store, name):
            text = f"The storage account named {name} is already taken."
            raise Refusal(409, "StorageAccountAlreadyTaken", text)


def _require_name(name: str) -> None:
    if not re.fullmatch(r"[a-z0-9]{3,24}", name):
        raise Refusal(
            400, "AccountNameInvalid",
            f"{name} is not a valid storage account name. Storage account name must be between 3 and 24 "
            "characters in length and use numbers and lower-case letters only.",
        )  # fmt: skip


def _invalid(name: str, value: str) -> Refusal:
    text = f"Values for request parameters are invalid: {name}, which is {value}."
    return Refusal(400, "InvalidValuesForRequestParameters", text)
