"""Who asks for what is in an account: the challenge, the token, and the account's own locks.

https://learn.microsoft.com/rest/api/storageservices/authorize-with-azure-active-directory
"""

from typing import Final

from components.azure_facts.audiences import Service, audience
from local_azure.constants import TENANT_ID
from local_azure.entra.directory import Caller, Entra
from local_azure.errors import Refusal
from local_azure.http import Request
from local_azure.rules import Rule
from local_azure.storage.account_keys import is_signed_with_a_key
from local_azure.storage.account_names import account_name, host_suffix
from local_azure.storage.refusals import refusal
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


def authenticate(
    store: Store, entra: Entra, account: Resource, service: str, request: Request
) -> Caller | None:
    """Who asks that service of the account; None for whoever has one of the account's keys, and may do
    everything. Raises Refusal for another key or one that is not allowed, for no token, and for one that is
    for something else."""
    properties = account.body["properties"]
    if _is_signed(request):
        if properties.get("allowSharedKeyAccess") is False:
            text = "Key based authentication is not permitted on this storage account."
            raise refusal(403, "KeyBasedAuthenticationNotPermitted", text)
        if is_signed_with_a_key(store, account, service, request):
            return None
        if "sig" in request.query:
            text = "The local Azure does not serve shared access signatures, which Azure may accept."
            raise refusal(501, "NotImplemented", text)
        raise not_authenticated()
    token = request.bearer_token
    if token is None:
        text = (
            "Server failed to authenticate the request. Please refer to the information in the "
            "www-authenticate header."
        )
        raise refusal(401, "NoAuthenticationInformation", text, _CHALLENGE)
    own = f"https://{account_name(account)}{host_suffix(service)}"
    try:
        return entra.verify(token, {AUDIENCE, own})
    except Refusal as refused:
        raise refusal(401, "InvalidAuthenticationInfo", refused.message, _CHALLENGE) from refused


def not_authenticated() -> Refusal:
    """For a signature that nothing here made."""
    text = "Server failed to authenticate the request. Make sure the value of Authorization header is "
    return refusal(403, "AuthenticationFailed", f"{text}formed correctly including the signature.")


def _is_signed(request: Request) -> bool:
    """With an account's key: in the header, or as a shared access signature in the address."""
    scheme = request.headers.get("authorization", "").partition(" ")[0].lower()
    return scheme in ("sharedkey", "sharedkeylite") or "sig" in request.query
