"""Previews as the engine writes them, put together from a few words."""

from collections.abc import Mapping, Sequence
from typing import Any

from access_report.reading import read_preview
from access_report.report import Report, report
from access_report.resources import UNKNOWN

STACK = "urn:pulumi:dev::shop::"
SUBSCRIPTION = "/subscriptions/5ab5c000-0000-4000-8000-000000000001"
GROUP = f"{SUBSCRIPTION}/resourceGroups/rg-shop"
VAULT_ID = f"{GROUP}/providers/Microsoft.KeyVault/vaults/kv-shop"
IDENTITY_ID = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-shop"
PRINCIPAL = "0b1ec700-0000-4000-8000-00000000000a"
GUIDS = {
    "Key Vault Secrets User": "4633458b-17de-408a-b874-0445c86b69e6",
    "Key Vault Secrets Officer": "b86a8fe4-44ce-4948-aee5-eccb2c155cd7",
    "Key Vault Reader": "21090545-7ca7-4776-b22c-e363652d74d2",
}

State = dict[str, Any]


def urn(type_: str, name: str) -> str:
    return f"{STACK}{type_}::{name}"


def state(
    type_: str,
    name: str,
    inputs: Mapping[str, Any],
    *,
    id: str = "",
    outputs: Mapping[str, Any] | None = None,
    follows: Mapping[str, Sequence[str]] | None = None,
    parent: str = "",
    protect: bool = False,
    custom: bool | None = None,
) -> State:
    """One resource's state; `outputs` are added to the inputs. Ours are components, unless `custom`."""
    return {
        "urn": urn(type_, name),
        "type": type_,
        "custom": not type_.startswith(("keyless:", "pulumi:pulumi:")) if custom is None else custom,
        "id": id,
        "inputs": dict(inputs),
        "outputs": {**inputs, **(outputs or {})},
        "propertyDependencies": dict(follows or {}),
        "parent": parent,
        "protect": protect,
    }


VAULT_TYPE = "azure-native:keyvault:Vault"
IDENTITY_TYPE = "azure-native:managedidentity:UserAssignedIdentity"
SITE_TYPE = "azure-native:web:WebApp"
GRANT_TYPE = "azure-native:authorization:RoleAssignment"
VAULT, IDENTITY, SITE = urn(VAULT_TYPE, "vault"), urn(IDENTITY_TYPE, "app"), urn(SITE_TYPE, "app")
SITE_CONFIG: dict[str, Any] = {"ftpsState": "Disabled", "minTlsVersion": "1.2"}


def vault(**properties: Any) -> State:
    given = {"enableRbacAuthorization": True, "enablePurgeProtection": True, **properties}
    return state(VAULT_TYPE, "vault", {"vaultName": "kv-shop", "properties": given}, id=VAULT_ID)


def identity(name: str = "app", id: str = IDENTITY_ID, principal: str = PRINCIPAL) -> State:
    return state(IDENTITY_TYPE, name, {"resourceName": "id-shop"}, id=id, outputs={"principalId": principal})


def site(**inputs: Any) -> State:
    runs_as = {"type": "UserAssigned", "userAssignedIdentities": [IDENTITY_ID]}
    given = {
        "name": "app-shop",
        "identity": runs_as,
        "keyVaultReferenceIdentity": IDENTITY_ID,
        "httpsOnly": True,
        "siteConfig": SITE_CONFIG,
        **inputs,
    }
    return state(SITE_TYPE, "app", given, id=f"{GROUP}/providers/Microsoft.Web/sites/app-shop")


def settings(properties: Mapping[str, str] | str) -> State:
    given = {"name": "app-shop", "properties": properties}
    follows = {"name": [SITE], "properties": [VAULT]}
    return state("azure-native:web:WebAppApplicationSettings", "app", given, id=f"{GROUP}/x", follows=follows)


def reference(secret: str, vault: str = "kv-shop") -> str:
    return f"@Microsoft.KeyVault(SecretUri=https://{vault}.vault.azure.net/secrets/{secret})"


def grant(
    role: str = "Key Vault Secrets User",
    *,
    name: str = "app-vault",
    principal: str = PRINCIPAL,
    scope: str = VAULT_ID,
    kind: str = "ServicePrincipal",
) -> State:
    """A role assignment whose values are all known."""
    definitions = f"{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions"
    given = {
        "principalId": principal,
        "principalType": kind,
        "roleDefinitionId": f"{definitions}/{GUIDS.get(role, role)}",
        "scope": scope,
    }
    return state(
        GRANT_TYPE, name, given, id=f"{scope}/providers/Microsoft.Authorization/roleAssignments/{name}"
    )


def unknown_grant(follows: Mapping[str, Sequence[str]], parent: str = "", name: str = "app-vault") -> State:
    """The same in a first preview, where all is made from what does not exist yet."""
    given = {
        **dict.fromkeys(("principalId", "roleDefinitionId", "scope"), UNKNOWN),
        "principalType": "ServicePrincipal",
    }
    return state(GRANT_TYPE, name, given, follows=follows, parent=parent)


def operation(of: State) -> str:
    """What the operation on a resource is given as to `preview` and `reported`."""
    return str(of["urn"]).rpartition("::")[2].replace("-", "_")


def preview(before: Sequence[State], after: Sequence[State], **operations: Any) -> dict[str, Any]:
    """A whole preview. An operation is guessed from before and after unless given by the URN's last part."""
    old, new = ({one["urn"]: one for one in states} for states in (before, after))
    steps: list[dict[str, Any]] = []
    for key in sorted({*old, *new}):
        was, will = old.get(key), new.get(key)
        word = "create" if was is None else "delete" if will is None else "same" if was == will else "update"
        step = {"urn": key, "op": word, "oldState": was, "newState": will}
        step |= operations.get(operation(will or was or {}), {})
        steps.append({name: value for name, value in step.items() if value is not None})
    return {"steps": steps, "changeSummary": {}}


def reported(before: Sequence[State], after: Sequence[State], **operations: Any) -> Report:
    """The report on that preview."""
    return report(read_preview(preview(before, after, **operations)))


APP = [identity(), site(), vault()]
SECRET = f"{VAULT_ID}/secrets/db-password"
