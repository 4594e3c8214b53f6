"""The data plane of accounts: `<subdomain>.openai.azure.com`, `.cognitiveservices.azure.com` and
`.services.ai.azure.com`.

https://learn.microsoft.com/azure/ai-services/openai/reference
"""

import json
from dataclasses import dataclass
from typing import Any, Final

from local_azure.ai_services import stand_in
from local_azure.ai_services.access import authenticate, require, require_path
from local_azure.ai_services.accounts import ACCOUNTS, DEPLOYMENTS, subdomain_of
from local_azure.bodies import properties_of, section
from local_azure.entra.directory import Caller
from local_azure.errors import Refusal
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request, Response
from local_azure.rules import Rule
from local_azure.service import Services
from local_azure.store import Resource

RULES: Final = [
    Rule(
        "U4",
        "refusal",
        "A deployment that the account has not is 404 DeploymentNotFound.",
        held_by="u4_an_unknown_deployment_is_not_found",
        source="chatboxai/chatbox#646 Azure-Samples/azure-search-openai-demo-csharp#379",
    ),
    Rule(
        "U4",
        "assumed",
        "A chat with a model of embeddings, or the other way round, is 400 OperationNotSupported.",
        held_by="u4_a_model_does_what_it_is_for",
    ),
    Rule(
        "U5",
        "refusal",
        "A token opens nothing at a region's address: 400 BadRequest, which asks for a subdomain.",
        held_by="u5_a_token_needs_a_subdomain_of_the_accounts_own",
        source="Azure/azure-sdk-for-net#12789",
    ),
]


@dataclass(frozen=True)
class _Operation:
    """What is asked for, the data action that it takes, and what the service calls it."""

    name: str
    action: str
    called: str


_SERVED: Final = {
    "chat/completions": _Operation("chat", "deployments/chat/completions/action", "chatCompletion"),
    "embeddings": _Operation("embeddings", "deployments/embeddings/action", "embeddings"),
}


class AiData:
    """The models of every account, behind tokens and role assignments."""

    def __init__(self, ground: Ground, services: Services) -> None:
        self._ground = ground
        self._services = services

    def handle(self, request: Request) -> Response:
        """One request to an account. Raises Refusal in the data plane's envelope."""
        account = self._account(request.host)
        caller = authenticate(self._ground.entra, account, request)
        require_path(self._ground.store, account, self._services.origins(caller.principal.object_id))
        return self._route(account, request, caller)

    def handle_region(self, request: Request) -> Response:
        """A request to a region, where accounts are told apart by their keys."""
        text = (
            "Please provide a custom subdomain for token authentication, otherwise API key is required. "
            "(Please see https://aka.ms/cogsvc-authenticatewithtoken)"
        )
        raise Refusal(400, "BadRequest", text, "plain")

    def _route(self, account: Resource, request: Request, caller: Caller) -> Response:
        path = request.path.strip("/")
        body = _given(request) if request.method == "POST" else {}
        if path.startswith("openai/v1/"):
            asked, deployment = path.removeprefix("openai/v1/"), str(body.get("model", ""))
            shown = f"POST /openai/v1/{asked}"
        else:
            deployment, _, asked = path.removeprefix("openai/deployments/").partition("/")
            shown = f"POST /openai/deployments/{{deployment-id}}/{asked}"
            if path.startswith("openai/deployments/") and not request.query.get("api-version"):
                raise Refusal(404, "404", "Resource not found", "plain")
        operation = _SERVED.get(asked)
        if request.method != "POST" or operation is None:
            text = (
                f"The local Azure does not serve {request.method} /{path}, only chats and embeddings. "
                "This is no answer of Azure's: there it may be asked."
            )
            raise Refusal(501, "NotServedByLocalAzure", text, "plain")
        require(self._ground.authorizer, account, caller, operation.action, shown)
        model = self._model(account, deployment)
        if operation.name == ("chat" if "embedding" in model else "embeddings"):
            text = (
                f"The {operation.called} operation does not work with the specified model, {model}. Please "
                "choose different model and try again. You can learn more about which models can be used "
                "with each operation here: https://go.microsoft.com/fwlink/?linkid=2197993."
            )
            raise Refusal(400, "OperationNotSupported", text, "plain")
        return self._chat(model, body) if operation.name == "chat" else _embed(model, body)

    def _chat(self, model: str, body: JsonObject) -> Response:
        messages: list[JsonObject] | None = body.get("messages")
        if not isinstance(messages, list) or not messages:
            raise _bad("'messages' is a required property")
        whole = stand_in.completion(model, messages, self._ground.clock.now())
        if not body.get("stream"):
            return Response(200, whole)
        lines = [*(json.dumps(piece) for piece in stand_in.pieces(whole)), "[DONE]"]
        text = "".join(f"data: {line}\n\n" for line in lines)
        return Response(200, text.encode(), {"content-type": "text/event-stream"})

    def _model(self, account: Resource, deployment: str) -> str:
        """The name of the model behind a deployment."""
        found = self._ground.store.get(f"{account.id}/deployments/{deployment}") if deployment else None
        if found is None or found.type != DEPLOYMENTS:
            text = (
                "The API deployment for this resource does not exist. If you created the deployment within "
                "the last 5 minutes, please wait a moment and try again."
            )
            raise Refusal(404, "DeploymentNotFound", text, "plain")
        return str(section(properties_of(found.body), "model").get("name"))

    def _account(self, host: str) -> Resource:
        name = host.partition(".")[0]
        for account in self._ground.store.list(type=ACCOUNTS):
            if subdomain_of(account.body) == name:
                return account
        raise Refusal(404, "404", "Resource not found", "plain")


def _embed(model: str, body: JsonObject) -> Response:
    given: str | list[Any] | None = body.get("input")
    texts = [given] if isinstance(given, str) else given
    if not texts or not all(isinstance(one, str) for one in texts):
        raise _bad("'input' is a text, or a list of texts; the local Azure takes no tokens")
    numbers = body.get("dimensions")
    if numbers is not None and (not isinstance(numbers, int) or not 1 <= numbers <= 4096):
        raise _bad("'dimensions' is a whole number from 1")
    as_base64 = body.get("encoding_format") == "base64"
    return Response(200, stand_in.embeddings(model, texts, numbers, as_base64=as_base64))


def _given(request: Request) -> JsonObject:
    try:
        return request.json()
    except ValueError as error:
        raise _bad(f"the body is no JSON object: {error}") from error


def _bad(message: str) -> Refusal:
    return Refusal(400, "BadRequest", message, "plain")
