"""Azure AI services' data plane, judged by the client of `openai`; and accounts, by Azure's own."""

from collections.abc import Iterator
from typing import Any

import openai
import pytest
from azure.identity import ClientSecretCredential
from azure.mgmt.cognitiveservices import CognitiveServicesManagementClient

from local_azure.ai_services.accounts import FOREIGN_SUBDOMAINS
from local_azure.ai_services.stand_in import SAYS
from local_azure.constants import DEPLOYER, SUBSCRIPTION_ID, TENANT_ID
from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure.ai_stage import OPENAI_USER, AiStage, account_body, asked, deployment_body
from tests.local_azure.arm import content, refusal
from tests.local_azure.inside import Inside
from tests.local_azure.vault_stage import GROUP, Json

ACTION = "Microsoft.CognitiveServices/accounts/OpenAI/deployments/chat/completions/action"


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AiStage]:
    with LocalAzure(begun(tmp_path_factory.mktemp("azure"))) as local:
        yield AiStage(local)


def management(stage: AiStage) -> Any:
    secret = stage.local.environment()["AZURE_CLIENT_SECRET"]
    deployer = ClientSecretCredential(TENANT_ID, str(DEPLOYER.client_id), secret, **stage.trust)
    return CognitiveServicesManagementClient(deployer, SUBSCRIPTION_ID, **stage.trust)


def test_a_user_asks_models_of_its_account_alone_and_is_told_that_none_answers(stage: AiStage) -> None:
    account, neighbour = stage.account(), stage.account()
    user = stage.with_role(OPENAI_USER, stage.account_id(account))
    client = stage.openai(account, user)
    answer = client.chat.completions.create(
        model="chat",
        messages=[{"role": "system", "content": "Be kind."}, {"role": "user", "content": "How are you?"}],
    )
    assert answer.choices[0].message.content == f"{SAYS} How are you?"
    assert (answer.model, answer.system_fingerprint) == ("gpt-4o-mini", "local-azure-is-no-model")
    assert answer.usage is not None
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens
    with pytest.raises(openai.AuthenticationError, match="lacks the required data action"):
        asked(stage.openai(neighbour, user))
    assert asked(stage.openai_v1(account, user), "And now?") == f"{SAYS} And now?"


def test_an_answer_is_read_word_by_word(stage: AiStage) -> None:
    account = stage.account()
    client = stage.openai(account, stage.with_role(OPENAI_USER, stage.account_id(account)))
    stream = client.chat.completions.create(
        model="chat", messages=[{"role": "user", "content": "one two"}], stream=True
    )
    parts = [one.choices[0].delta.content for one in stream]
    assert len(parts) > 5
    assert "".join(part or "" for part in parts) == f"{SAYS} one two"


def test_embeddings_are_the_same_for_the_same_text_and_as_long_as_was_asked(stage: AiStage) -> None:
    account = stage.account()
    client = stage.openai(account, stage.with_role(OPENAI_USER, stage.account_id(account)))
    found = client.embeddings.create(model="embed", input=["a shoe", "a hat", "a shoe"])
    first, second, third = (one.embedding for one in found.data)
    assert (len(first), first == third, first == second) == (1536, True, False)
    assert sum(one * one for one in first) == pytest.approx(1)
    plain = client.embeddings.create(model="embed", input="a shoe", dimensions=8, encoding_format="float")
    assert len(plain.data[0].embedding) == 8


@pytest.mark.parametrize("role", [None, "Owner", "Cognitive Services Contributor"])
def test_u1_without_a_data_role_the_refusal_names_the_action(stage: AiStage, role: str | None) -> None:
    account = stage.account()
    stranger = stage.identity() if role is None else stage.with_role(role, stage.account_id(account))
    with pytest.raises(openai.AuthenticationError) as refused:
        asked(stage.openai(account, stranger))
    assert refused.value.body == {
        "code": "PermissionDenied",
        "message": f"The principal `{stranger.object_id}` lacks the required data action `{ACTION}` to "
        "perform `POST /openai/deployments/{deployment-id}/chat/completions` operation.",
    }
    last = stage.azure.journal.entries(1)[0]
    assert (last["status"], last["decision"]) == (401, "refused: PermissionDenied")
    with pytest.raises(openai.AuthenticationError, match=r"deployments/embeddings/action` to perform `POST "):
        stage.openai(account, stranger).embeddings.create(model="embed", input="hello")


def test_a_grant_that_is_taken_away_is_felt_by_an_open_client(stage: AiStage) -> None:
    account, user = stage.account(), stage.identity()
    made = stage.grant(stage.account_id(account), OPENAI_USER, user.object_id)
    client = stage.openai(account, user)
    assert asked(client) == f"{SAYS} hello"
    stage.roles.delete_by_id(made.id)
    with pytest.raises(openai.AuthenticationError, match="lacks the required data action"):
        asked(client)


def test_u1_a_token_for_something_else_is_refused_with_the_audience(stage: AiStage) -> None:
    account = stage.account()
    user = stage.with_role(OPENAI_USER, stage.account_id(account))
    url = (
        f"https://{account}.openai.azure.com/openai/deployments/chat/chat/completions?api-version=2024-10-21"
    )
    body = {"messages": [{"role": "user", "content": "hello"}]}
    with stage.http() as http:
        for headers in ({}, {"authorization": f"Bearer {stage.token(user, 'https://vault.azure.net')}"}):
            answer = http.post(url, json=body, headers=headers)
            assert answer.status_code == 401
            assert answer.json() == {
                "statusCode": 401,
                "message": "Unauthorized. Access token is missing, invalid, audience is incorrect "
                "(https://cognitiveservices.azure.com), or have expired.",
            }


def test_u2_a_key_opens_nothing_and_none_is_given_out(stage: AiStage) -> None:
    account = stage.account()
    options = stage.options()
    client = openai.AzureOpenAI(
        azure_endpoint=f"https://{account}.openai.azure.com/", api_key="c2hvcA==", **options
    )
    with pytest.raises(openai.PermissionDeniedError) as refused:
        asked(client)
    assert refused.value.body == {
        "code": "AuthenticationTypeDisabled",
        "message": "Key based authentication is disabled for this resource.",
    }
    assert refusal(stage.arm("POST", f"{stage.account_id(account)}/listKeys")) == (
        400, "BadRequest", "Failed to list key. disableLocalAuth is set to be true",
    )  # fmt: skip


def test_keys_of_an_account_that_has_them_are_said_not_to_be_served(stage: AiStage) -> None:
    account = stage.account(disableLocalAuth=False)
    assert refusal(stage.arm("POST", f"{stage.account_id(account)}/listKeys"))[:2] == (
        501, "NotServedByLocalAzure",
    )  # fmt: skip
    client = openai.AzureOpenAI(
        azure_endpoint=f"https://{account}.openai.azure.com/", api_key="c2hvcA==", **stage.options()
    )
    with pytest.raises(openai.AuthenticationError, match="invalid subscription key"):
        asked(client)


def test_u3_a_closed_account_answers_whom_its_rules_name_and_its_private_endpoint(stage: AiStage) -> None:
    inside = Inside(stage, "Microsoft.CognitiveServices")

    def closed(**properties: Any) -> str:
        account = stage.account(**properties)
        for one in (inside.app, outsider):
            stage.grant(stage.account_id(account), OPENAI_USER, one.object_id)
        return account

    def outcomes(account: str) -> list[object]:
        found: list[object] = []
        for one in (inside.app, outsider):
            try:
                found.append(asked(stage.openai(account, one)) == f"{SAYS} hello")
            except openai.PermissionDeniedError as error:
                body: Any = error.body
                found.append((error.status_code, body["message"]))
        return found

    outsider = stage.identity()
    denied = (403, "Access denied due to Virtual Network/Firewall rules.")
    rules: Json = {"defaultAction": "Deny", "virtualNetworkRules": [{"id": inside.subnet}]}
    assert outcomes(closed(networkAcls=rules)) == [True, denied]
    private = closed(publicNetworkAccess="Disabled")
    shut = (403, "Public access is disabled. Please configure private endpoint.")
    assert outcomes(private) == [shut, shut]
    inside.connect(stage.account_id(private), "account", "privatelink.openai.azure.com")
    assert outcomes(private) == [True, shut]


def test_u4_an_unknown_deployment_is_not_found(stage: AiStage) -> None:
    account = stage.account()
    client = stage.openai(account, stage.with_role(OPENAI_USER, stage.account_id(account)))
    with pytest.raises(openai.NotFoundError) as refused:
        asked(client, deployment="gpt-4o-mini")  # the model's name, where the deployment's is asked for
    assert refused.value.body == {
        "code": "DeploymentNotFound",
        "message": "The API deployment for this resource does not exist. If you created the deployment "
        "within the last 5 minutes, please wait a moment and try again.",
    }


def test_u4_a_model_does_what_it_is_for(stage: AiStage) -> None:
    account = stage.account()
    client = stage.openai(account, stage.with_role(OPENAI_USER, stage.account_id(account)))
    with pytest.raises(openai.BadRequestError, match="does not work with the specified model"):
        asked(client, deployment="embed")
    with pytest.raises(openai.BadRequestError, match="does not work with the specified model"):
        client.embeddings.create(model="chat", input="hello")


def test_u5_a_token_needs_a_subdomain_of_the_accounts_own(stage: AiStage) -> None:
    name = stage.name("ais")
    body = account_body(name, customSubDomainName=None)
    made = content(stage.arm("PUT", stage.account_id(name), body))
    assert made["properties"]["endpoint"] == "https://westeurope.api.cognitive.microsoft.com/"
    user = stage.with_role(OPENAI_USER, stage.account_id(name))
    url = "https://westeurope.api.cognitive.microsoft.com/openai/deployments/chat/chat/completions"
    with stage.http() as http:
        answer = http.post(url, json={}, headers={"authorization": f"Bearer {stage.token(user)}"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "BadRequest")
    assert "Please provide a custom subdomain for token authentication" in answer.json()["error"]["message"]


def test_an_account_answers_at_its_subdomain_which_need_not_be_its_name(stage: AiStage) -> None:
    subdomain = stage.name("own")
    account = stage.account(customSubDomainName=subdomain)
    user = stage.with_role(OPENAI_USER, stage.account_id(account))
    assert asked(stage.openai(subdomain, user)).endswith("hello")
    with pytest.raises(openai.NotFoundError):
        asked(stage.openai(account, user))


def test_without_an_api_version_the_older_address_answers_nothing(stage: AiStage) -> None:
    account = stage.account()
    user = stage.with_role(OPENAI_USER, stage.account_id(account))
    url = f"https://{account}.openai.azure.com/openai/deployments/chat/chat/completions"
    body = {"messages": [{"role": "user", "content": "hello"}]}
    with stage.http() as http:
        for query, status in (("", 404), ("?api-version=2024-10-21", 200)):
            headers = {"authorization": f"Bearer {stage.token(user)}"}
            assert http.post(f"{url}{query}", json=body, headers=headers).status_code == status


def test_u6_a_subdomain_is_held_until_its_account_is_purged(stage: AiStage) -> None:
    stage.azure.store.documents(FOREIGN_SUBDOMAINS).put("ais-foreign", {})
    name, accounts = stage.account(), management(stage)
    other = stage.account_id(stage.name("ais"))
    for taken in (name, "ais-foreign"):
        assert refusal(stage.arm("PUT", other, account_body(taken)))[:2] == (409, "CustomDomainInUse")
    accounts.accounts.begin_delete(GROUP, name).result()
    for path in (other, stage.account_id(name)):
        assert refusal(stage.arm("PUT", path, account_body(name)))[:2] == (409, "CustomDomainInUse")
    accounts.deleted_accounts.begin_purge("westeurope", GROUP, name).result()
    content(stage.arm("PUT", other, account_body(name)))


def test_a_deleted_account_is_restored_by_saying_so(stage: AiStage) -> None:
    name = stage.account()
    content_before = content(stage.arm("GET", stage.account_id(name)))["properties"]
    assert stage.arm("DELETE", stage.account_id(name)).status == 200
    content(stage.arm("PUT", stage.account_id(name), account_body(name, restore=True)))
    assert content(stage.arm("GET", stage.account_id(name)))["properties"] == content_before


def test_u6_rules_for_networks_need_a_subdomain_which_stays(stage: AiStage) -> None:
    path = stage.account_id(stage.name("ais"))
    closed: Json = {"networkAcls": {"defaultAction": "Deny"}, "customSubDomainName": None}
    assert refusal(stage.arm("PUT", path, account_body("none", **closed)))[0] == 400
    name = stage.account()
    assert refusal(stage.arm("PUT", stage.account_id(name), account_body(f"{name}-other")))[0] == 400


@pytest.mark.parametrize("left_out", ["name", "format", "sku"])
def test_u7_a_deployment_says_its_model_and_its_capacity(stage: AiStage, left_out: str) -> None:
    body = deployment_body("gpt-4o-mini")
    for holder in (body, body["properties"]["model"]):
        holder.pop(left_out, None)
    path = f"{stage.account_id(stage.account())}/deployments/other"
    assert refusal(stage.arm("PUT", path, body))[:2] == (400, "InvalidResourceProperties")


def test_an_account_is_created_read_and_its_models_listed_by_azures_own_client(stage: AiStage) -> None:
    name, client = stage.account(kind="AIServices"), management(stage)
    made = client.accounts.get(GROUP, name)
    assert (made.kind, made.properties.disable_local_auth, made.properties.endpoint) == (
        "AIServices", True, f"https://{name}.cognitiveservices.azure.com/",
    )  # fmt: skip
    models = {one.name: one.properties.model.name for one in client.deployments.list(GROUP, name)}
    assert models == {"chat": "gpt-4o-mini", "embed": "text-embedding-3-small"}
    tagged = {**deployment_body("gpt-4o-mini"), "tags": {"team": "shop"}}
    content(stage.arm("PUT", f"{stage.account_id(name)}/deployments/tagged", tagged))
    assert client.deployments.get(GROUP, name, "tagged").tags == {"team": "shop"}


def test_what_else_a_model_can_do_is_said_not_to_be_served(stage: AiStage) -> None:
    account = stage.account()
    client = stage.openai(account, stage.with_role(OPENAI_USER, stage.account_id(account)))
    with pytest.raises(openai.APIStatusError) as refused:
        client.images.generate(model="chat", prompt="a shoe")
    assert (refused.value.status_code, "does not serve" in str(refused.value)) == (501, True)
