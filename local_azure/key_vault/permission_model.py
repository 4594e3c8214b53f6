"""Whether roles or access policies open a vault, and who may change that.

https://learn.microsoft.com/azure/key-vault/general/rbac-guide
"""

from typing import Final

from local_azure.arm import ResourceId
from local_azure.errors import Refusal
from local_azure.ground import Ground
from local_azure.http import Request
from local_azure.resource_manager.manager import AUDIENCES
from local_azure.rules import Rule

_GRANTS: Final = "Microsoft.Authorization/roleAssignments/write"

RULES: Final = [
    Rule(
        "K20",
        "refusal",
        "Who changes whether roles or access policies open a vault may grant there, under no condition.",
        held_by="k20_who_may_grant_under_a_condition_only_does_not_set_a_vault_back_to_access_policies",
        source="https://learn.microsoft.com/azure/key-vault/general/rbac-guide "
        "hashicorp/terraform-provider-azurerm#11085 Azure/bicep#13541",
    ),
]


def require_may_change(ground: Ground, id: ResourceId, request: Request) -> None:
    """Raises Refusal 400 when whoever asks may not grant on the vault, or only under a condition."""
    caller = ground.entra.verify(request.bearer_token or "", AUDIENCES)
    if not ground.authorizer.is_allowed(caller, _GRANTS, id.text, unconditional=True).allowed:
        raise Refusal(
            400, "InsufficientPermissions",
            "Caller is not allowed to change permission model. For more information on how to change the "
            "permissions model follow this link: https://go.microsoft.com/fwlink/?linkid=2155160. Details: "
            f"oid={caller.principal.object_id}; action={_GRANTS}; resource={id.text.lower()}; "
            "decision=NotAllowed; ",
        )  # fmt: skip
