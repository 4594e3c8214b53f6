"""Who may do what with blobs: the challenge, the token, the account's own locks, and the role assignments.

https://learn.microsoft.com/rest/api/storageservices/authorize-with-azure-active-directory
"""

from typing import Final

from components.azure_facts.audiences import Service, audience
from local_azure.authorization.authorizer import Authorizer
from local_azure.constants import TENANT_ID
from local_azure.entra.directory import Caller, Entra
from local_azure.errors import Refusal
from local_azure.http import Lacking, Request
from local_azure.rules import Rule
from local_azure.storage.account_keys import is_signed_with_a_key
from local_azure.storage.account_names import BLOBS, account_name
from local_azure.store import Resource, Store

AUDIENCE: Final = audience(Service.STORAGE)
_CHALLENGE: Final = {
    "WWW-Authenticate": f"Bearer authorization_uri=https://login.microsoftonline.com/{TENANT_ID}"
    f"/oauth2/authorize resource_id={AUDIENCE}"
}

RULES: Final = [
    Rule(
        "I9",
        "refusal",
        "Without a data action on the blob's container or above: 403 AuthorizationPermissionMismatch; "
        "Owner and Contributor have none.",
        held_by="i9_without_a_data_role_every_verb_is_refused",
        source="skyplane-project/skyplane#354 hashicorp/terraform-provider-azurerm#6934",
    ),
    Rule(
        "I9",
        "refusal",
        "A request that is signed with a key is refused where shared keys are off: 403 "
        "KeyBasedAuthenticationNotPermitted.",
        held_by="i9_a_key_opens_nothing",
        source="https://learn.microsoft.com/azure/storage/common/shared-key-authorization-prevent",
    ),
    Rule(
        "I9",
        "behaviour",
        "A request without a token is answered 401 with a challenge that names the tenant and the resource.",
        held_by="i9_the_challenge_tells_a_client_the_tenant_and_the_resource",
    ),
]


def authenticate(store: Store, entra: Entra, account: Resource, request: Request) -> Caller | None:
    """Who asks; None for whoever has one of the account's keys, and may do everything. Raises Refusal for
    another key or one that is not allowed, for no token, and for one that is for something else."""
    properties = account.body["properties"]
    if _is_signed(request):
        if properties.get("allowSharedKeyAccess") is False:
            text = "Key based authentication is not permitted on this storage account."
            raise Refusal(403, "KeyBasedAuthenticationNotPermitted", text, "storage")
        if is_signed_with_a_key(store, account, request):
            return None
        if "sig" in request.query:
            text = "The local Azure does not serve shared access signatures, which Azure may accept."
            raise Refusal(501, "NotImplemented", text, "storage")
        text = "Server failed to authenticate the request. Make sure the value of Authorization header is "
        raise Refusal(
            403, "AuthenticationFailed", f"{text}formed correctly including the signature.", "storage"
        )
    token = request.bearer_token
    if token is None:
        text = (
            "Server failed to authenticate the request. Please refer to the information in the "
            "www-authenticate header."
        )
        raise Refusal(401, "NoAuthenticationInformation", text, "storage", headers=_CHALLENGE)
    own = f"https://{account_name(account)}{BLOBS}"
    try:
        return entra.verify(token, {AUDIENCE, own})
    except Refusal as refused:
        raise Refusal(
            401, "InvalidAuthenticationInfo", refused.message, "storage", headers=_CHALLENGE
        ) from refused


def require(
    authorizer: Authorizer, caller: Caller | None, action: str, scope: str, *, data: bool = True
) -> None:
    """Raises Refusal 403 unless the caller has the action, one on data unless told, at the scope."""
    if caller is not None and not authorizer.is_allowed(caller, action, scope, data=data).allowed:
        text = "This request is not authorized to perform this operation using this permission."
        lacking = Lacking(caller.principal.object_id, action, scope, data)
        raise Refusal(403, "AuthorizationPermissionMismatch", text, "storage", lacking=lacking)


def _is_signed(request: Request) -> bool:
    """With an account's key: in the header, or as a shared access signature in the address."""
    scheme = request.headers.get("authorization", "").partition(" ")[0].lower()
    return scheme in ("sharedkey", "sharedkeylite") or "sig" in request.query
