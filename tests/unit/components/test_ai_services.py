"""AiServices: created without keys, with its models, or an existing account read by its full id."""

from typing import Any

import pytest

from tests.unit.components.answering_azure import (
    AI,
    AI_ENDPOINT,
    CLIENT,
    ENDPOINTS_SUBNET,
    GROUP,
    PEOPLE,
    SUBNET,
    WORKSPACE,
    ZONES,
    Mode,
)
from tests.unit.components.function_apps import function_app
from tests.unit.components.further_targets import ACCOUNT, ai_refusal, ai_services
from tests.unit.components.recorded_azure import UNKNOWN
from tests.unit.components.web_apps import refusal, settings_of, web_app

OPENAI_USER, SERVICES_USER = "5e0bd9bd-7b93-4f28-af87-19fc36ad61bd", "a97b65f3-24c7-4388-baec-2e87135dc908"
CHAT = {"model": "gpt-4o-mini", "version": "2024-07-18"}
OPEN: dict[str, object] = {"defaultAction": "Allow", "ipRules": [], "virtualNetworkRules": []}


def account(**args: Any) -> dict[str, Any]:
    return dict(ai_services(**args).one("cognitiveservices:Account").inputs)


def linked(**record: Any) -> dict[str, Any]:
    return {"links": {"model": {"ai": {"id": AI, "endpoint": AI_ENDPOINT, **record}}}}


def roles_in(deployment: Any) -> dict[str, tuple[str, str]]:
    return {
        one.name: (one.inputs["roleDefinitionId"].rpartition("/")[2], one.inputs["scope"])
        for one in deployment.all("RoleAssignment")
    }


def test_an_account_is_created_with_these_inputs_and_no_others() -> None:
    deployment = ai_services(location="swedencentral", tags={"team": "shop"})
    assert deployment.counts() == {"cognitiveservices:Account": 1}
    assert deployment.one("cognitiveservices:Account").inputs == {
        "accountName": ACCOUNT,
        "kind": "OpenAI",
        "location": "swedencentral",
        "properties": {
            "customSubDomainName": ACCOUNT,
            "disableLocalAuth": True,
            "networkAcls": OPEN,
            "publicNetworkAccess": "Enabled",
        },
        "resourceGroupName": "rg-team",
        "sku": {"name": "S0"},
        "tags": {"team": "shop"},
    }
    assert deployment.plain_outputs == {
        "account_id": f"{GROUP}/providers/Microsoft.CognitiveServices/accounts/{ACCOUNT}",
        "name": ACCOUNT,
        "endpoint": f"https://{ACCOUNT}.openai.azure.com/",
        "access": [],
    }


def test_an_account_has_no_key_that_opens_it() -> None:
    assert account()["properties"]["disableLocalAuth"] is True


def test_an_account_has_a_subdomain_of_its_own_without_which_tokens_open_nothing() -> None:
    assert account(account_name="ai-of-shop")["properties"]["customSubDomainName"] == "ai-of-shop"


def test_an_account_of_all_services_is_one_argument() -> None:
    deployment = ai_services(kind="ai-services")
    assert deployment.one("cognitiveservices:Account").inputs["kind"] == "AIServices"
    assert deployment.outputs["endpoint"] == f"https://{ACCOUNT}.cognitiveservices.azure.com/"


def test_models_are_deployed_under_their_own_names_one_after_the_other() -> None:
    deployment = ai_services(
        deployments={"chat": CHAT, "embed": {"model": "text-embedding-3-small", "capacity": 5}}
    )
    written = {one.name: one.inputs for one in deployment.all("cognitiveservices:Deployment")}
    place = {"accountName": ACCOUNT, "resourceGroupName": "rg-team"}
    assert written == {
        "shop-chat": {
            **place,
            "deploymentName": "chat",
            "properties": {
                "model": {"format": "OpenAI", "name": "gpt-4o-mini", "version": "2024-07-18"},
                "versionUpgradeOption": "OnceCurrentVersionExpired",
            },
            "sku": {"capacity": 1, "name": "Standard"},
        },
        "shop-embed": {
            **place,
            "deploymentName": "embed",
            "properties": {"model": {"format": "OpenAI", "name": "text-embedding-3-small"}},
            "sku": {"capacity": 5, "name": "Standard"},
        },
    }
    chat, embed = deployment.all("cognitiveservices:Deployment")
    assert deployment.waits_for(embed, chat)


def test_an_account_is_open_to_every_network_unless_something_is_said() -> None:
    found = account(allowed_ip_ranges={"office": "203.0.113.0/24"}, allowed_subnet_ids={"apps": SUBNET})
    assert found["properties"]["networkAcls"] == {
        "defaultAction": "Deny",
        "ipRules": [{"value": "203.0.113.0/24"}],
        "virtualNetworkRules": [{"id": SUBNET, "ignoreMissingVnetServiceEndpoint": False}],
    }


def test_a_private_endpoint_has_its_records_in_the_zones_of_all_its_domains() -> None:
    names = ("openai", "cognitiveservices", "services.ai")
    zones = {one: f"{ZONES}/privatelink.{one}.azure.com" for one in names}
    deployment = ai_services(private_endpoint_subnet_id=ENDPOINTS_SUBNET, private_dns_zone_ids=zones)
    properties = deployment.one("cognitiveservices:Account").inputs["properties"]
    assert (properties["publicNetworkAccess"], properties["networkAcls"]["defaultAction"]) == (
        "Disabled", "Deny",
    )  # fmt: skip
    configs = deployment.one("network:PrivateDnsZoneGroup").inputs["privateDnsZoneConfigs"]
    assert configs == [
        {"name": "account", "privateDnsZoneId": zones["openai"]},
        {"name": "account-2", "privateDnsZoneId": zones["cognitiveservices"]},
        {"name": "account-3", "privateDnsZoneId": zones["services.ai"]},
    ]


def test_people_are_let_in_through_groups_to_ask_models() -> None:
    deployment = ai_services(model_users={"clerks": PEOPLE})
    made = f"{GROUP}/providers/Microsoft.CognitiveServices/accounts/{ACCOUNT}"
    assert roles_in(deployment) == {"shop-user-clerks": (OPENAI_USER, made)}


def test_an_existing_account_is_read_by_its_full_id_and_nothing_is_created() -> None:
    deployment = ai_services(existing_id=AI)
    assert [(r.type, r.is_read) for r in deployment.resources[1:]] == [
        ("azure-native:cognitiveservices:Account", True)
    ]
    assert deployment.plain_outputs == {
        "account_id": AI, "name": "ais-team", "endpoint": AI_ENDPOINT, "access": [],
    }  # fmt: skip


@pytest.mark.parametrize("mode", ["first preview", "later preview"])
def test_a_preview_does_not_guess_the_address_of_an_account_that_it_makes(mode: Mode) -> None:
    assert ai_services(mode).outputs["endpoint"] is UNKNOWN
    assert ai_services(mode, existing_id=AI).outputs["endpoint"] == AI_ENDPOINT


def test_logs_and_a_lock_are_around_an_account() -> None:
    deployment = ai_services(diagnostics_workspace_id=WORKSPACE, delete_lock=True, deployments={"chat": CHAT})
    assert "logAnalyticsDestinationType" not in deployment.one("monitor:DiagnosticSetting").inputs
    lock = deployment.one("authorization:ManagementLockByScope")
    assert deployment.waits_for(lock, deployment.one("cognitiveservices:Deployment"))


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ({"deployments": {"chat": {}}}, "the model that answers"),
        ({"deployments": {"chat-": CHAT}}, "1 to 64 letters, digits and ._-"),
        ({"deployments": {"chat": {**CHAT, "version": "the newest"}}}, "a model's version as Azure has it"),
        ({"deployments": {"chat": {**CHAT, "capacity_kind": "cheap"}}}, "a kind of capacity as Azure has it"),
        ({"deployments": {"chat": {**CHAT, "capacity": 0}}}, "a whole number from 1 to 100000"),
        (
            {"private_dns_zone_ids": {"one": f"{ZONES}/privatelink.openai.azure.com"}},
            "private_endpoint_subnet_id",
        ),
        (
            {
                "private_endpoint_subnet_id": ENDPOINTS_SUBNET,
                "private_dns_zone_ids": {"one": f"{ZONES}/privatelink.vaultcore.azure.net"},
            },
            "privatelink.cognitiveservices.azure.com or privatelink.openai.azure.com",
        ),
        ({"existing_id": AI, "deployments": {"chat": CHAT}}, "existing_id and deployments"),
        ({"kind": "llm"}, "one of openai, ai-services"),
    ],
)
def test_what_contradicts_itself_is_refused_with_the_next_step(args: dict[str, Any], said: str) -> None:
    assert said in ai_refusal(**args)


@pytest.mark.parametrize(
    ("verb", "role"), [(None, OPENAI_USER), ("use", OPENAI_USER), ("services", SERVICES_USER)]
)
def test_a_verb_is_its_role_on_the_account(verb: str | None, role: str) -> None:
    assert roles_in(web_app(**linked(**({"access": verb} if verb else {})))) == {"shop-model": (role, AI)}


def test_code_is_told_the_address_and_the_deployment_which_is_no_scope() -> None:
    deployment = web_app(**linked(deployment="chat"))
    assert roles_in(deployment) == {"shop-model": (OPENAI_USER, AI)}
    assert settings_of(deployment) == {
        "AZURE_CLIENT_ID": CLIENT,
        "MODEL_ENDPOINT": AI_ENDPOINT,
        "MODEL_DEPLOYMENT": "chat",
    }


def test_a_binding_of_a_function_app_is_told_the_address_too() -> None:
    assert settings_of(function_app(**linked()))["MODEL__endpoint"] == AI_ENDPOINT


def test_an_account_whose_subdomain_is_not_its_name_is_linked() -> None:
    address = "https://of-another-name.cognitiveservices.azure.com/"
    assert settings_of(web_app(**linked(endpoint=address)))["MODEL_ENDPOINT"] == address


@pytest.mark.parametrize(
    ("record", "said"),
    [
        ({"endpoint": "https://westeurope.api.cognitive.microsoft.com/"}, "the address of another service"),
        ({"deployment": "a b"}, "1 to 64 letters, digits and ._-"),
        ({"access": "read"}, "one of use, services"),
    ],
)
def test_a_link_that_cannot_work_is_refused(record: dict[str, Any], said: str) -> None:
    assert said in refusal(**linked(**record))
