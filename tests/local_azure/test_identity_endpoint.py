"""The identity endpoint inside an app: both protocols by hand, and azure-identity in a process of its own."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import httpx
import jwt
import pytest

import local_azure
from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure.app_service_stage import GREETING_APP, Json, Stage

VAULT = "https://vault.azure.net"

TOKEN_APP = f"""
import json, sys
sys.path.insert(0, {json.dumps(str(Path(local_azure.__file__).parents[1]))})
from urllib.parse import parse_qs
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import DefaultAzureCredential, ManagedIdentityCredential
def app(environ, start_response):
    asked = {{key: values[0] for key, values in parse_qs(environ["QUERY_STRING"]).items()}}
    kind = asked.pop("kind")
    credential = DefaultAzureCredential() if kind == "default" else ManagedIdentityCredential(**asked)
    try:
        answer = {{"token": credential.get_token("{VAULT}/.default").token}}
    except ClientAuthenticationError as error:
        answer = {{"error": type(error).__name__}}
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps(answer).encode()]
"""


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with LocalAzure(begun(tmp_path_factory.mktemp("azure"))) as local:
        yield Stage(local)


def attach(*ids: str, system: bool = False) -> Json:
    kinds = (["SystemAssigned"] if system else []) + (["UserAssigned"] if ids else [])
    return {"type": ", ".join(kinds), **({"userAssignedIdentities": {id_: {} for id_ in ids}} if ids else {})}


def object_id(token: str) -> str:
    return jwt.decode(token, options={"verify_signature": False})["oid"]


class App:
    """A running app that shows its environment, and its identity endpoint from outside."""

    def __init__(self, stage: Stage, identity: Json | None) -> None:
        self.name = stage.name("app")
        self.site = stage.site(self.name, identity=identity)
        stage.deploy(self.name, {"app.py": GREETING_APP})
        self.environment: dict[str, str] = stage.get(self.name).json()

    def ask(self, headers: Mapping[str, str] | None = None, /, **query: str) -> httpx.Response:
        """Ask by the 2019-08-01 protocol unless told otherwise."""
        sent = (
            {"X-IDENTITY-HEADER": self.environment["IDENTITY_HEADER"]} if headers is None else dict(headers)
        )
        asked = {"api-version": "2019-08-01", "resource": VAULT, **query}
        return httpx.get(self.environment["IDENTITY_ENDPOINT"], params=asked, headers=sent, trust_env=False)


def test_an_app_gets_a_token_for_its_own_identity(stage: Stage) -> None:
    app = App(stage, attach(system=True))
    answer = app.ask()
    assert answer.status_code == 200
    body = answer.json()
    assert set(body) == {"access_token", "expires_on", "resource", "token_type", "client_id"}
    assert (body["resource"], body["token_type"]) == (VAULT, "Bearer")
    assert body["expires_on"] == str(
        jwt.decode(body["access_token"], options={"verify_signature": False})["exp"]
    )
    assert object_id(body["access_token"]) == app.site.identity.principal_id


def test_the_older_protocol_is_spoken_too(stage: Stage) -> None:
    identity = stage.identity()
    app = App(stage, attach(identity["id"], system=True))
    assert app.environment["MSI_ENDPOINT"] == app.environment["IDENTITY_ENDPOINT"]
    header = {"Secret": app.environment["MSI_SECRET"]}
    own = app.ask(header, **{"api-version": "2017-09-01"})
    assert object_id(own.json()["access_token"]) == app.site.identity.principal_id
    client_id = identity["properties"]["clientId"]
    other = app.ask(header, **{"api-version": "2017-09-01", "clientid": client_id})
    assert object_id(other.json()["access_token"]) == identity["properties"]["principalId"]
    wrong = app.ask(
        {"X-IDENTITY-HEADER": app.environment["IDENTITY_HEADER"]}, **{"api-version": "2017-09-01"}
    )
    assert wrong.status_code == 401


@pytest.mark.parametrize("headers", [{}, {"X-IDENTITY-HEADER": "wrong"}, {"X-IDENTITY-HEADER": ""}])
def test_without_the_secret_of_the_run_there_is_no_token(stage: Stage, headers: dict[str, str]) -> None:
    app = App(stage, attach(system=True))
    answer = app.ask(headers)
    assert answer.status_code == 401
    assert "access_token" not in answer.text


def test_the_secret_of_an_earlier_run_is_worth_nothing(stage: Stage) -> None:
    app = App(stage, attach(system=True))
    assert app.ask().status_code == 200
    stage.settings(app.name, {"COLOUR": "green"})
    assert stage.get(app.name).json()["COLOUR"] == "green"
    assert app.ask().status_code == 401


def test_a_user_assigned_identity_is_chosen_by_each_of_its_names(stage: Stage) -> None:
    identity, other = stage.identity(), stage.identity()
    about = identity["properties"]
    app = App(stage, attach(identity["id"], other["id"]))
    for query in (
        {"client_id": about["clientId"]},
        {"principal_id": about["principalId"]},
        {"object_id": about["principalId"]},
        {"mi_res_id": identity["id"].upper()},
    ):
        answer = app.ask(**query)
        assert answer.status_code == 200, query
        assert object_id(answer.json()["access_token"]) == about["principalId"]
        assert answer.json()["client_id"].lower() == about["clientId"]


def test_an_ambiguous_request_is_refused(stage: Stage) -> None:
    """A19."""
    one, two = stage.identity(), stage.identity()
    app = App(stage, attach(one["id"], two["id"]))
    assert app.ask().status_code == 400
    assert app.ask(client_id=one["properties"]["principalId"]).status_code == 400
    both = {"client_id": one["properties"]["clientId"], "mi_res_id": two["id"]}
    assert app.ask(**both).status_code == 400


def test_an_identity_of_another_app_is_refused(stage: Stage) -> None:
    stranger = stage.identity()
    app = App(stage, attach(system=True))
    assert app.ask(client_id=stranger["properties"]["clientId"]).status_code == 400


def test_a_deleted_identity_gets_no_token(stage: Stage) -> None:
    """I5."""
    identity = stage.identity()
    app = App(stage, attach(identity["id"]))
    client_id = identity["properties"]["clientId"]
    assert app.ask(client_id=client_id).status_code == 200
    stage.arm("DELETE", identity["id"], None, "2023-01-31")
    assert app.ask(client_id=client_id).status_code == 400


@pytest.mark.parametrize("query", [{"api-version": "2018-02-01"}, {"resource": ""}])
def test_a_request_that_is_not_of_either_protocol_is_refused(stage: Stage, query: dict[str, str]) -> None:
    app = App(stage, attach(system=True))
    assert app.ask(**query).status_code == 400


def test_an_app_without_identity_has_no_endpoint(stage: Stage) -> None:
    app = App(stage, None)
    assert not [name for name in app.environment if name.startswith(("IDENTITY_", "MSI_"))]


def test_azure_identity_gets_tokens_in_the_app(stage: Stage) -> None:
    """A19: DefaultAzureCredential reads AZURE_CLIENT_ID, ManagedIdentityCredential must be told."""
    identity = stage.identity()
    principal, client_id = identity["properties"]["principalId"], identity["properties"]["clientId"]
    name, plan = stage.name("app"), stage.plan()
    stage.site(name, serverFarmId=plan, identity=attach(identity["id"]))
    stage.settings(
        name, {"AZURE_CLIENT_ID": client_id, "AZURE_TOKEN_CREDENTIALS": "ManagedIdentityCredential"}
    )
    stage.deploy(name, {"app.py": TOKEN_APP})
    assert object_id(stage.get(name, "/?kind=default").json()["token"]) == principal
    assert object_id(stage.get(name, f"/?kind=managed&client_id={client_id}").json()["token"]) == principal
    assert stage.get(name, "/?kind=managed").json() == {"error": "CredentialUnavailableError"}
    own = stage.site(
        name, serverFarmId=plan, identity=attach(identity["id"], system=True)
    ).identity.principal_id
    assert object_id(stage.get(name, "/?kind=managed").json()["token"]) == own
