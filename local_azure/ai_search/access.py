"""Who may do what in a search service, and from where: the token, the network, and the role assignments.

https://learn.microsoft.com/azure/search/search-security-rbac
"""

from collections.abc import Sequence
from typing import Final

from components.azure_facts.audiences import Service, audiences
from local_azure.authorization.authorizer import Authorizer
from local_azure.bodies import properties_of, section
from local_azure.constants import TENANT_ID
from local_azure.entra.directory import Caller, Entra
from local_azure.errors import Refusal
from local_azure.http import Lacking, Request
from local_azure.network.acls import is_let_in
from local_azure.network.paths import leads_privately
from local_azure.origins import Origin
from local_azure.rules import Rule
from local_azure.store import Resource, Store

SERVICES: Final = ".search.windows.net"
AUDIENCES: Final = audiences(Service.SEARCH)
INDEXES: Final = "Microsoft.Search/searchServices/indexes"
_CHALLENGE: Final = {
    "WWW-Authenticate": f'Bearer authorization_uri="https://login.microsoftonline.com/{TENANT_ID}", '
    f'resource_id="{AUDIENCES[0]}"'
}

RULES: Final = [
    Rule(
        "X1",
        "refusal",
        "Without the action at the index or above: 403, Authorization failed. Documents take actions on "
        "data, which Owner and Contributor have not; indexes take actions of management.",
        held_by="x1_documents_take_a_data_role_and_indexes_one_of_management",
        source="microsoft/sample-app-aoai-chatGPT#624 Azure-Samples/azure-search-openai-demo#158",
    ),
    Rule(
        "X1",
        "assumed",
        "Without a token, or with one for something else: 401 with a challenge.",
        held_by="x1_a_token_for_something_else_is_refused_with_a_challenge",
    ),
    Rule(
        "X2",
        "assumed",
        "Where local authentication is off, a key is refused and none is listed: 403.",
        held_by="x2_a_key_opens_nothing_and_none_is_given_out",
        source="https://learn.microsoft.com/azure/search/search-security-enable-roles",
    ),
    Rule(
        "X3",
        "assumed",
        "A caller that no rule and no private endpoint lets in is refused: 403.",
        held_by="x3_a_closed_service_answers_whom_its_rules_name_and_its_private_endpoint",
        source="https://learn.microsoft.com/azure/search/service-configure-firewall",
    ),
]


def authenticate(entra: Entra, service: Resource, request: Request) -> Caller:
    """Who asks. Raises Refusal 401, and 403 for a key where there is none."""
    token = request.bearer_token
    if token is None and "api-key" in request.headers:
        if properties_of(service.body).get("disableLocalAuth") is True:
            raise refusal(403, "API keys are not allowed: local authentication is disabled for this service.")
        raise refusal(403, "The given API key doesn't match service's internal, primary or secondary key.")
    if token is None:
        raise _unauthorized("Access denied due to missing credentials.")
    try:
        return entra.verify(token, AUDIENCES)
    except Refusal as refused:
        raise _unauthorized(refused.message) from refused


def require(
    authorizer: Authorizer, service: Resource, caller: Caller, action: str, index: str | None, *, data: bool
) -> None:
    """Raises Refusal 403 unless the caller has that action below `searchServices/indexes`, on data or of
    management, at the index, or at the service where none is named."""
    scope = f"{service.id}/indexes/{index}" if index else service.id
    whole = f"{INDEXES}/{action}"
    if not authorizer.is_allowed(caller, whole, scope, data=data).allowed:
        lacking = Lacking(caller.principal.object_id, whole, scope, data=data)
        raise Refusal(403, "", "Authorization failed.", "plain", lacking=lacking)


def require_path(store: Store, service: Resource, origins: Sequence[Origin]) -> None:
    """Raises Refusal 403 unless one of the places where the caller may be is let in."""
    if any(leads_privately(store, origin, service.id) for origin in origins):
        return
    properties = properties_of(service.body)
    public = str(properties.get("publicNetworkAccess") or "Enabled").lower() == "enabled"
    rules = section(properties, "networkRuleSet")
    if not public or (rules.get("ipRules") and not any(is_let_in(rules, origin) for origin in origins)):
        raise refusal(403, "Access from this network is not allowed by the service's network rules.")


def name_of(service: Resource) -> str:
    return service.id.rpartition("/")[2].lower()


def refusal(status: int, message: str) -> Refusal:
    """As the service words them: its codes are empty."""
    return Refusal(status, "", message, "plain")


def _unauthorized(message: str) -> Refusal:
    return Refusal(401, "", message, "plain", headers={**_CHALLENGE})
