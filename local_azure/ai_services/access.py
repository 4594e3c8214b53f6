"""Who may do what with an account, and from where: the token, the network, and the role assignments.

https://learn.microsoft.com/azure/ai-services/openai/how-to/managed-identity
"""

import json
from collections.abc import Sequence
from typing import Final

from components.azure_facts.audiences import Service, audience, audiences
from local_azure.authorization.authorizer import Authorizer
from local_azure.bodies import properties_of, section
from local_azure.entra.directory import Caller, Entra
from local_azure.errors import Refusal
from local_azure.http import Lacking, Request, Response
from local_azure.network.acls import is_let_in
from local_azure.network.paths import leads_privately
from local_azure.origins import Origin
from local_azure.rules import Rule
from local_azure.store import Resource, Store

AUDIENCES: Final = audiences(Service.AZURE_AI_SERVICES)
ACTIONS: Final = "Microsoft.CognitiveServices/accounts/OpenAI"

RULES: Final = [
    Rule(
        "U1",
        "refusal",
        "Without the data action at the account or above: 401 PermissionDenied, which names it; Owner and "
        "Contributor have none.",
        held_by="u1_without_a_data_role_the_refusal_names_the_action",
        source="microsoft/ai-agent-evals#43 microsoft/semantic-kernel#10020",
    ),
    Rule(
        "U1",
        "refusal",
        "Without a token, or with one for something else: 401, with the audience that it takes.",
        held_by="u1_a_token_for_something_else_is_refused_with_the_audience",
        source="Azure-Samples/azure-search-openai-demo#2219",
    ),
    Rule(
        "U2",
        "refusal",
        "Where local authentication is off, a key is refused: 403 AuthenticationTypeDisabled.",
        held_by="u2_a_key_opens_nothing_and_none_is_given_out",
        source="microsoft/sample-app-aoai-chatGPT#1000",
    ),
    Rule(
        "U3",
        "refusal",
        "A caller that no rule and no private endpoint lets in is refused: 403, with the reason.",
        held_by="u3_a_closed_account_answers_whom_its_rules_name_and_its_private_endpoint",
        source="Azure-Samples/azure-sql-db-chatbot#3 TabularEditor/TabularEditor3#1557",
    ),
]


class Unauthorized(Refusal):
    """A 401 in an envelope that no other refusal of the service has."""

    def __init__(self) -> None:
        text = (
            "Unauthorized. Access token is missing, invalid, audience is incorrect "
            f"({audience(Service.AZURE_AI_SERVICES)}), or have expired."
        )
        super().__init__(401, "401", text, "plain")

    def response(self) -> Response:
        body = json.dumps({"statusCode": 401, "message": self.message}).encode()
        return Response(401, body, {"content-type": "application/json"})


def authenticate(entra: Entra, account: Resource, request: Request) -> Caller:
    """Who asks. Raises Refusal 401, and 403 for a key where there is none."""
    token = request.bearer_token
    if token is None and "api-key" in request.headers:
        if properties_of(account.body).get("disableLocalAuth") is True:
            text = "Key based authentication is disabled for this resource."
            raise Refusal(403, "AuthenticationTypeDisabled", text, "plain")
        # None was ever given out here.
        text = (
            "Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a "
            "valid key for an active subscription and use a correct regional API endpoint for your resource."
        )
        raise Refusal(401, "401", text, "plain")
    if token is None:
        raise Unauthorized
    try:
        return entra.verify(token, AUDIENCES)
    except Refusal as refused:
        raise Unauthorized from refused


def require(authorizer: Authorizer, account: Resource, caller: Caller, verb: str, operation: str) -> None:
    """Raises Refusal 401 unless the caller has that action on the account's models. `operation` is what it
    asked for, as the service writes it."""
    action = f"{ACTIONS}/{verb}"
    if not authorizer.is_allowed(caller, action, account.id, data=True).allowed:
        who = caller.principal.object_id
        text = (
            f"The principal `{who}` lacks the required data action `{action}` to perform `{operation}` "
            f"operation."
        )
        raise Refusal(
            401, "PermissionDenied", text, "plain", lacking=Lacking(who, action, account.id, data=True)
        )


def require_path(store: Store, account: Resource, origins: Sequence[Origin]) -> None:
    """Raises Refusal 403 unless one of the places where the caller may be is let in."""
    if any(leads_privately(store, origin, account.id) for origin in origins):
        return
    properties = properties_of(account.body)
    if str(properties.get("publicNetworkAccess") or "Enabled").lower() != "enabled":
        text = "Public access is disabled. Please configure private endpoint."
        raise Refusal(403, "403", text, "plain")
    acls = section(properties, "networkAcls")
    is_open = str(acls.get("defaultAction") or "Allow").lower() == "allow"
    if not is_open and not any(is_let_in(acls, origin) for origin in origins):
        raise Refusal(403, "403", "Access denied due to Virtual Network/Firewall rules.", "plain")
