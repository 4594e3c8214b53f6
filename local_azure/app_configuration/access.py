"""Who may do what in a store, and from where: the token, the network, and the role assignments.

https://learn.microsoft.com/azure/azure-app-configuration/rest-api-authentication-azure-ad
"""

from collections.abc import Sequence
from typing import Final

from components.azure_facts.audiences import Service, audiences
from local_azure.authorization.authorizer import Authorizer
from local_azure.bodies import properties_of
from local_azure.entra.directory import Caller, Entra
from local_azure.errors import Refusal
from local_azure.http import Lacking, Request
from local_azure.network.paths import leads_privately
from local_azure.origins import Origin
from local_azure.rules import Rule
from local_azure.store import Resource, Store

STORES: Final = ".azconfig.io"
AUDIENCES: Final = audiences(Service.APP_CONFIGURATION)
_ACTIONS: Final = "Microsoft.AppConfiguration/configurationStores"
_SCHEMES: Final = "HMAC-SHA256, Bearer"

RULES: Final = [
    Rule(
        "V1",
        "refusal",
        "Without a data action at the store or above: 403 without a body; Owner and Contributor have none.",
        held_by="v1_without_a_data_role_every_request_is_refused_without_a_word",
        source="Azure/AppConfiguration#410 Azure/azure-sdk-for-java#23779 Azure/AppConfiguration#606",
    ),
    Rule(
        "V1",
        "refusal",
        "Without a token, or with one for something else: 401, which names the schemes and what is wrong.",
        held_by="v1_a_token_for_something_else_is_refused_with_the_schemes_that_there_are",
    ),
    Rule(
        "V2",
        "assumed",
        "Where local authentication is off there are no keys: none is listed, and a request that is signed "
        "with one is 401.",
        held_by="v2_a_key_opens_nothing_and_none_is_given_out",
        source="https://learn.microsoft.com/azure/azure-app-configuration/howto-disable-access-key-authentication",
    ),
    Rule(
        "V3",
        "refusal",
        "Where public access is disabled, only private endpoints lead to a store: 403.",
        held_by="v3_a_closed_store_answers_through_its_private_endpoint_alone",
        source="https://learn.microsoft.com/azure/azure-app-configuration/howto-disable-public-access",
    ),
]


def authenticate(entra: Entra, store: Resource, request: Request) -> Caller:
    """Who asks. Raises Refusal 401."""
    scheme = request.headers.get("authorization", "").partition(" ")[0].lower()
    if scheme == "hmac-sha256":
        if properties_of(store.body).get("disableLocalAuth") is not True:
            text = "The local Azure gives out no access keys of stores, and takes none; Azure may."
            raise Refusal(501, "NotServedByLocalAzure", text, "problem")
        raise _unauthorized(
            'HMAC-SHA256 error="invalid_token", error_description="Invalid Credential", Bearer'
        )
    token = request.bearer_token
    if token is None:
        raise _unauthorized(_SCHEMES)
    try:
        return entra.verify(token, {*AUDIENCES, f"https://{name_of(store)}{STORES}"})
    except Refusal as refused:
        why = refused.message.replace('"', "'")
        raise _unauthorized(f'{_SCHEMES} error="invalid_token", error_description="{why}"') from refused


def require(authorizer: Authorizer, store: Resource, caller: Caller, verb: str) -> None:
    """Raises Refusal 403 unless the caller has that action on the store's key values."""
    action = f"{_ACTIONS}/keyValues/{verb}"
    if not authorizer.is_allowed(caller, action, store.id, data=True).allowed:
        lacking = Lacking(caller.principal.object_id, action, store.id, data=True)
        raise Refusal(403, "Forbidden", "", "problem", lacking=lacking)


def require_path(store: Store, target: Resource, origins: Sequence[Origin]) -> None:
    """Raises Refusal 403 unless one of the places where the caller may be is let in."""
    public = str(properties_of(target.body).get("publicNetworkAccess") or "Enabled").lower() == "enabled"
    if not public and not any(leads_privately(store, origin, target.id) for origin in origins):
        raise Refusal(403, "Forbidden", "", "problem")


def name_of(store: Resource) -> str:
    return store.id.rpartition("/")[2].lower()


def _unauthorized(challenge: str) -> Refusal:
    return Refusal(401, "Unauthorized", "", "problem", headers={"WWW-Authenticate": challenge})
