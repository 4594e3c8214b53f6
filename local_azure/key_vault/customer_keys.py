"""Keys of vaults that other services encrypt with: tried when one is given, and looked for again later.

https://learn.microsoft.com/azure/storage/common/customer-managed-keys-overview
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from local_azure.bodies import properties_of, section
from local_azure.entra.directory import Caller
from local_azure.ground import Ground
from local_azure.http import JsonObject
from local_azure.key_vault.access import AUDIENCE
from local_azure.key_vault.answers import VAULTS, name_of
from local_azure.key_vault.key_versions import VaultKeys
from local_azure.managed_identity.identities import IDENTITIES
from local_azure.rules import Rule
from local_azure.store import Resource

HELD: Final = 3_600
"""Seconds for which a service goes on with a key that it has unwrapped."""
_NOTED: Final = 60
"""Seconds between two notes that a key is still there: not every read is a write."""
_VAULT_TYPE: Final = "Microsoft.KeyVault/vaults"
_NEEDED: Final = ("wrapKey", "unwrapKey")
_ACTIONS: Final = ("read", "wrap/action", "unwrap/action")

RULES: Final = [
    Rule(
        "C10",
        "refusal",
        "An account takes a key that its identity may read, wrap and unwrap with when it is written; until a "
        "vault honours the grant: 403 KeyVaultAuthenticationFailure of storage.",
        held_by="c10_an_account_is_made_once_its_identity_may_use_the_key",
        source="Azure/bicep#16601 Azure/terraform-azurerm-avm-res-storage-storageaccount#391",
    ),
    Rule(
        "C11",
        "refusal",
        "The vault of such a key has purge protection: 400 KeyVaultPolicyError of storage.",
        held_by="c11_a_vault_that_can_be_purged_gives_no_key",
        source="https://learn.microsoft.com/azure/storage/common/customer-managed-keys-configure-key-vault",
    ),
    Rule(
        "C12",
        "assumed",
        "A key that is missing, disabled, expired or not to wrap with is refused when it is written: 400.",
        held_by="c12_a_key_that_cannot_wrap_is_refused",
    ),
    Rule(
        "C12",
        "assumed",
        "A vault whose firewall closes it lets services in that encrypt where bypass is AzureServices.",
        held_by="c12_a_closed_vault_lets_services_in_that_it_trusts",
        source="https://learn.microsoft.com/azure/key-vault/general/overview-vnet-service-endpoints"
        "#trusted-services",
    ),
    Rule(
        "C13",
        "behaviour",
        "When the key goes, or its identity may not use it any more, data is refused within an hour, and "
        "answered again when the key is back: 403 KeyVaultEncryptionKeyNotFound of storage.",
        held_by="c13_without_its_key_an_account_answers_nobody_and_with_it_everybody_again",
        source="https://learn.microsoft.com/azure/storage/common/customer-managed-keys-overview "
        "https://learn.microsoft.com/rest/api/storageservices/common-rest-api-error-codes",
    ),
    Rule(
        "C13",
        "behaviour",
        "A key without a version is followed through its rotations.",
        held_by="c13_a_rotation_is_followed_and_felt_by_nobody",
        source="https://learn.microsoft.com/azure/storage/common/customer-managed-keys-overview",
    ),
]


class Trouble(Enum):
    """Why a key is of no use."""

    NO_VAULT = "the vault is not there"
    NO_PURGE_PROTECTION = "the vault has no purge protection"
    NO_IDENTITY = "the identity is not there, or not attached"
    CLOSED = "the vault does not let trusted services in"
    FORBIDDEN = "the identity may not use the key"
    NO_KEY = "the key is not there"
    UNFIT = "the key is disabled, or not for wrapping"


@dataclass(frozen=True)
class CustomerKey:
    """What a body says: the key's address without a version, and the identity by its id or its client id."""

    uri: str
    identity: str

    @property
    def name(self) -> str:
        return self.uri.rstrip("/").partition("/keys/")[2].partition("/")[0]

    @property
    def host(self) -> str:
        return self.uri.removeprefix("https://").partition("/")[0].lower()

    @property
    def address(self) -> str:
        """Of the key, without a version."""
        return f"https://{self.host}/keys/{self.name}"


class CustomerKeys:
    """Asked by the services that encrypt."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._keys = VaultKeys(ground)
        self._seen = ground.store.documents("customer-keys-seen")

    def trouble(self, key: CustomerKey, identity: JsonObject | None) -> Trouble | None:
        """What is wrong with a key that an account is written with, whose `identity` block this is."""
        vault = self._vault(key)
        if vault is None:
            return Trouble.NO_VAULT
        if not properties_of(vault.body).get("enablePurgeProtection"):
            return Trouble.NO_PURGE_PROTECTION
        return self._found(vault, key, identity)

    def newest(self, key: CustomerKey) -> str:
        """The address of the version that is used now; without one where the key is gone."""
        vault = self._vault(key)
        found = None if vault is None else self._keys.find(name_of(vault), key.name, None)
        return key.address if found is None else f"{key.address}/{found.version}"

    def lost(self, account: Resource, key: CustomerKey | None) -> Trouble | None:
        """What is wrong with the key of an account that is read or written, an hour after it went wrong."""
        if key is None:
            return None
        now, seen = self._ground.clock.now(), (self._seen.get(account.id) or {}).get("at", 0.0)
        vault = self._vault(key)
        wrong = Trouble.NO_VAULT if vault is None else self._found(vault, key, account.body.get("identity"))
        if wrong is None and now - seen > _NOTED:
            self._seen.put(account.id, {"at": now})
        return wrong if wrong is not None and now - seen >= HELD else None

    def _found(self, vault: Resource, key: CustomerKey, identity: JsonObject | None) -> Trouble | None:
        caller = self._caller(key, identity)
        if caller is None:
            return Trouble.NO_IDENTITY
        if not _trusts_services(vault):
            return Trouble.CLOSED
        scope = f"{vault.id}/keys/{key.name}"
        by_roles = properties_of(vault.body).get("enableRbacAuthorization")
        decide = self._ground.authorizer.is_allowed
        allowed = (
            decide(caller, f"{_VAULT_TYPE}/keys/{action}", scope, data=True).allowed for action in _ACTIONS
        )
        if not by_roles or not all(allowed):
            return Trouble.FORBIDDEN
        found = self._keys.find(name_of(vault), key.name, None)
        if found is None:
            return Trouble.NO_KEY
        now, attributes = self._ground.clock.now(), found.attributes
        usable = attributes["enabled"] and attributes.get("exp", now + 1) > now >= attributes.get("nbf", now)
        return None if usable and set(_NEEDED) <= set(found.operations) else Trouble.UNFIT

    def _vault(self, key: CustomerKey) -> Resource | None:
        name = key.host.removesuffix(VAULTS)
        vaults: Sequence[Resource] = self._ground.store.list(type=_VAULT_TYPE)
        return next((one for one in vaults if name_of(one) == name), None)

    def _caller(self, key: CustomerKey, identity: JsonObject | None) -> Caller | None:
        """The identity that the key is used as, if it is attached to the account and still there."""
        for id in section(identity, "userAssignedIdentities"):
            found = self._ground.store.get(id)
            if found is None or found.type.lower() != IDENTITIES.lower():
                continue
            about = properties_of(found.body)
            if key.identity.lower() in (found.id.lower(), str(about["clientId"]).lower()):
                principal = self._ground.entra.principal(about["principalId"])
                groups = frozenset(self._ground.entra.groups_of(about["principalId"]))
                return None if principal is None else Caller(principal, groups, AUDIENCE)
        return None


def attached(ground: Ground, wanted: JsonObject | None) -> JsonObject | None:
    """An `identity` block with the ids of the user-assigned identities in it, as Azure answers it."""
    if not wanted or not wanted.get("userAssignedIdentities"):
        return wanted
    answered: JsonObject = {}
    for id in section(wanted, "userAssignedIdentities"):
        found = ground.store.get(id)
        about = properties_of(found.body) if found else {}
        answered[id] = {key: about[key] for key in ("principalId", "clientId") if key in about}
    return {**wanted, "userAssignedIdentities": answered}


def _trusts_services(vault: Resource) -> bool:
    properties = properties_of(vault.body)
    acls = section(properties, "networkAcls")
    closed = str(properties.get("publicNetworkAccess")).lower() == "disabled"
    closed = closed or str(acls.get("defaultAction") or "Allow").lower() == "deny"
    return not closed or "azureservices" in str(acls.get("bypass") or "AzureServices").lower()
