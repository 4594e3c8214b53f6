"""Who may do what in a vault: the challenge, the token, and the role assignments behind it.

https://learn.microsoft.com/azure/key-vault/general/authentication-requests-and-responses
"""

from typing import Final

from components.azure_facts.audiences import Service, audience
from local_azure.authorization.authorizer import Authorizer
from local_azure.constants import TENANT_ID
from local_azure.entra.directory import ISSUER, Caller, Entra
from local_azure.errors import Refusal
from local_azure.http import Lacking, Request
from local_azure.rules import Rule
from local_azure.store import Resource

AUDIENCE: Final = audience(Service.KEY_VAULT)
_ACTIONS: Final = "Microsoft.KeyVault/vaults"
_CHALLENGE: Final = {
    "WWW-Authenticate": f'Bearer authorization="https://login.microsoftonline.com/{TENANT_ID}", '
    f'resource="{AUDIENCE}"'
}

RULES: Final = [
    Rule(
        "S4",
        "refusal",
        "Without a data action at the secret or above: 403 ForbiddenByRbac, in Azure's lines.",
        held_by="s4_without_a_grant_the_refusal_has_azures_own_lines",
        source="Azure/terraform-azurerm-avm-res-keyvault-vault#78 "
        "Azure/Commercial-Marketplace-SaaS-Accelerator#710",
    ),
    Rule(
        "K10",
        "assumed",
        "With RBAC on, access policies are not read; with RBAC off, nobody here has access: 403 "
        "AccessDenied.",
        held_by="k10_a_vault_without_rbac_lets_nobody_in_through_role_assignments",
    ),
]


def authenticate(entra: Entra, request: Request) -> Caller:
    """Who asks. Raises Refusal 401 with the challenge that tells clients the tenant and the resource."""
    token = request.bearer_token
    if token is None:
        text = "AKV10000: Request is missing a Bearer or PoP token."
        raise Refusal(401, "Unauthorized", text, "key-vault", headers=_CHALLENGE)
    try:
        return entra.verify(token, {AUDIENCE})
    except Refusal as refused:
        text = f"AKV10022: {refused.message}"
        raise Refusal(401, "Unauthorized", text, "key-vault", headers=_CHALLENGE) from refused


def require(
    authorizer: Authorizer,
    vault: Resource,
    caller: Caller,
    verb: str,
    name: str | None = None,
    *,
    kind: str = "secrets",
    of: str | None = None,
) -> None:
    """Raises Refusal 403 unless `caller` has the data action `<kind>/<verb>` on the vault, or on what is
    called `name` there. `of` is what the action is called after, where it is not the kind."""
    action = f"{_ACTIONS}/{of or kind}/{verb}"
    scope = f"{vault.id}/{kind}/{name}" if name else vault.id
    place = f"{vault.id.rpartition('/')[2].lower()};location={vault.body['location']}"
    who = f"appid={caller.principal.client_id or ''};oid={caller.principal.object_id};iss={ISSUER}"
    if not vault.body["properties"].get("enableRbacAuthorization"):
        raise Refusal(
            403, "Forbidden",
            f"The user, group or application '{who}' does not have {kind} {verb.partition('/')[0]} "
            "permission on "
            f"key vault '{place}'.",
            "key-vault", "AccessDenied",
        )  # fmt: skip
    if not authorizer.is_allowed(caller, action, scope, data=True).allowed:
        raise Refusal(
            403, "Forbidden",
            "Caller is not authorized to perform action on resource.\r\n"
            "If role assignments, deny assignments or role definitions were changed recently, please observe "
            "propagation time.\r\n"
            f"Caller: {who}\r\n"
            f"Action: '{action}'\r\n"
            f"Resource: '{scope.lower()}'\r\n"
            "Assignment: (not found)\r\n"
            "DenyAssignmentId: null\r\n"
            "DecisionReason: null \r\n"
            f"Vault: {place}\r\n",
            "key-vault", "ForbiddenByRbac",
            lacking=Lacking(caller.principal.object_id, action, scope, data=True),
        )  # fmt: skip
