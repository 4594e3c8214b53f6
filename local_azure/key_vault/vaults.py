"""Microsoft.KeyVault/vaults: vaults, and the names that other vaults hold.

https://learn.microsoft.com/rest/api/keyvault/keyvault/vaults
"""

import re
from typing import Final

from components.azure_facts.vault_permissions import ROLES_BY_DEFAULT
from local_azure.arm import ResourceId, ResourceType
from local_azure.constants import TENANT_ID
from local_azure.errors import Refusal
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request, Response
from local_azure.key_vault.answers import VAULTS
from local_azure.key_vault.data import VAULT_TYPE
from local_azure.key_vault.firewall import check_rules
from local_azure.key_vault.permission_model import require_may_change
from local_azure.key_vault.soft_delete import SoftDelete
from local_azure.name_availability import ACTION, availability
from local_azure.rules import Rule

FOREIGN_NAMES: Final = "vault-names-of-others"
"""Names that vaults of other tenants hold; tests put some."""

RULES: Final = [
    Rule(
        "K1",
        "assumed",
        "A vault's name has 3-24 letters, digits and single hyphens, a letter first.",
        held_by="k1_an_impossible_name_is_refused",
    ),
    Rule(
        "K2",
        "refusal",
        "A vault's name is unique in the whole cloud: VaultAlreadyExists.",
        held_by="k2_a_name_that_anybody_has_is_taken_in_the_whole_cloud",
        source="Esri/arcgis-gitops#174 Azure/AVDBlueprint#128",
    ),
    Rule(
        "K3",
        "refusal",
        "A deleted vault holds its name until it is purged or its retention ends: ConflictError.",
        held_by="k3_a_deleted_vault_holds_its_name_until_it_is_purged",
        source="alan-turing-institute/data-safe-haven#2523 Azure/azure-cli#29115",
    ),
    Rule(
        "K4",
        "assumed",
        "createMode recover without a deleted vault: SoftDeletedVaultDoesNotExist.",
        held_by="k4_nothing_is_recovered_where_nothing_was_deleted",
        source="hashicorp/terraform-provider-azurerm#12972",
    ),
    Rule(
        "K5",
        "assumed",
        "A recovered vault comes back with its old properties, without its role assignments.",
        held_by="k5_a_recovered_vault_has_its_secrets_and_no_role_assignments",
    ),
    Rule(
        "K6",
        "refusal",
        "enablePurgeProtection may be true or absent, never false.",
        held_by="k6_purge_protection_is_never_false",
        source="Azure/azure-cli#29115",
    ),
    Rule(
        "K7",
        "refusal",
        "Soft delete cannot be switched off.",
        held_by="k7_soft_delete_cannot_be_switched_off",
        source="Azure/azure-cli#13247",
    ),
    Rule(
        "K8",
        "assumed",
        "Retention is 7-90 days and fixed when the vault is created.",
        held_by="k8_retention_is_fixed_when_the_vault_is_created",
    ),
    Rule(
        "K11",
        "behaviour",
        "What is sent for enableRbacAuthorization is kept; each version has a default.",
        held_by="k11_rbac_is_on_by_default_only_since_2026",
        source="langfuse/langfuse-terraform-azure#35",
    ),
    Rule(
        "K12",
        "assumed",
        "A vault of another tenant than the subscription's is refused.",
        held_by="k12_a_vault_is_in_its_subscriptions_tenant",
    ),
    Rule(
        "K19",
        "behaviour",
        "A vault that goes with its group is soft-deleted like any other.",
        held_by="k19_a_vault_that_goes_with_its_group_is_soft_deleted_too",
        source="adamdost-0/linux-update-cds#21",
    ),
]


class Vault(ResourceType):
    """A vault. Deleting it keeps it, with its secrets, among the deleted ones."""

    type = VAULT_TYPE

    def __init__(self, ground: Ground, deleted: SoftDelete) -> None:
        super().__init__(ground)
        self._deleted = deleted

    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        properties: JsonObject = new.get("properties") or {}
        _require_name(id.name)
        if not new.get("location"):
            raise Refusal(400, "LocationRequired", "The location property is required for this definition.")
        if properties.get("createMode") == "recover" and old is None:
            return self._recover(id)
        if old is None:
            self._require_free(id.name)
        _validate(properties, (old or {}).get("properties"))
        check_rules(self.ground.store, properties)
        rbac = properties.get("enableRbacAuthorization")
        before = (old or {}).get("properties", {}).get("enableRbacAuthorization")
        if rbac is None:
            rbac = request.query.get("api-version", "") >= ROLES_BY_DEFAULT if before is None else before
        if before is not None and rbac != before:
            require_may_change(self.ground, id, request)
        return {
            "location": str(new["location"]).replace(" ", "").lower(),
            "tags": new.get("tags") or {},
            "properties": {
                "accessPolicies": [],
                "enabledForDeployment": False,
                "publicNetworkAccess": "Enabled",
                **{
                    key: value
                    for key, value in properties.items()
                    if value is not None and key != "createMode"
                },
                "enableRbacAuthorization": rbac,
                "enableSoftDelete": True,
                "softDeleteRetentionInDays": int(
                    properties.get("softDeleteRetentionInDays")
                    or (old or {}).get("properties", {}).get("softDeleteRetentionInDays")
                    or 90
                ),
                "provisioningState": "Succeeded",
                "vaultUri": f"https://{id.name.lower()}{VAULTS}/",
            },
        }

    def before_delete(self, id: ResourceId, body: JsonObject, request: Request) -> None:
        self._deleted.keep(id, body)

    def provider_action(self, scope: str, name: str, request: Request) -> Response | None:
        if name.lower() != ACTION:
            return None
        return availability(request, _require_name, self._require_free, free={}, invalid="AccountNameInvalid")

    def _recover(self, id: ResourceId) -> JsonObject:
        deleted = self._deleted.find(id.name)
        if deleted is None or deleted["id"].lower() != id.key:
            raise Refusal(
                404, "SoftDeletedVaultDoesNotExist",
                f"A soft deleted vault with the given name '{id.name}' does not exist. Ensure that the "
                "name for "
                "the vault that is being attempted to recover is in a recoverable state.",
            )  # fmt: skip
        self._deleted.release(id.name)
        return deleted["body"]

    def _require_free(self, name: str) -> None:
        if self._deleted.find(name):
            raise Refusal(
                409, "ConflictError",
                "A vault with the same name already exists in deleted state. You need to either recover or "
                "purge existing key vault. Follow this link https://go.microsoft.com/fwlink/?linkid=2149745 "
                "for more information on soft delete.",
            )  # fmt: skip
        taken = any(
            vault.id.rpartition("/")[2].lower() == name.lower()
            for vault in self.ground.store.list(type=self.type)
        )
        if taken or self.ground.store.documents(FOREIGN_NAMES).get(name) is not None:
            raise Refusal(
                409, "VaultAlreadyExists",
                f"The vault name '{name}' is already in use. Vault names are globally unique so it is "
                "possible "
                "that the name is already taken. If you are sure that the vault name was not taken then "
                "it is "
                "possible that a vault with the same name was recently deleted but not purged after "
                "being placed "
                "in a recoverable state.",
            )  # fmt: skip


def _require_name(name: str) -> None:
    if not re.fullmatch(r"[A-Za-z](?:-?[A-Za-z0-9])+", name) or not 3 <= len(name) <= 24:
        raise Refusal(
            400, "VaultNameNotValid",
            f"The vault name '{name}' is invalid. A vault's name must be between 3-24 alphanumeric "
            "characters. "
            "The name must begin with a letter, end with a letter or digit, and not contain consecutive "
            "hyphens.",
        )  # fmt: skip


def _validate(properties: JsonObject, old: JsonObject | None) -> None:
    if properties.get("enablePurgeProtection") is False:
        raise _bad_request(
            'The property "enablePurgeProtection" cannot be set to false. Enabling the purge protection '
            "for a "
            "vault is an irreversible action."
        )
    if old and old.get("enablePurgeProtection") and properties.get("enablePurgeProtection") is None:
        properties["enablePurgeProtection"] = True  # leaving it out never takes it away
    if properties.get("enableSoftDelete") is False:
        raise _bad_request('The property "enableSoftDelete" can be set to false only for creating new vault.')
    days = properties.get("softDeleteRetentionInDays")
    if days is not None and not 7 <= int(days) <= 90:
        raise _bad_request('The property "softDeleteRetentionInDays" must be between 7 and 90.')
    if old and days is not None and int(days) != old["softDeleteRetentionInDays"]:
        raise _bad_request(
            'The property "softDeleteRetentionInDays" has been set already and it can\'t be modified.'
        )
    tenant = properties.get("tenantId")
    if tenant is None or str(tenant).lower() != TENANT_ID:
        raise _bad_request(
            f'The property "tenantId" must be the subscription\'s tenant {TENANT_ID}, not {tenant}.'
        )


def _bad_request(message: str) -> Refusal:
    return Refusal(400, "BadRequest", message)
