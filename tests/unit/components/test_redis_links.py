"""Links to an Azure Managed Redis: an access policy assignment, which is no role, and what code is told."""

from typing import Any

from components import WebApp
from components.redis_grant import assignment_name
from tests.unit.components.answering_azure import CLIENT, PRINCIPAL, REDIS, REDIS_HOST, SUBSCRIPTION
from tests.unit.components.function_apps import function_app
from tests.unit.components.recorded_azure import UNKNOWN, deploy_component
from tests.unit.components.web_apps import refusal, settings_of, web_app

CACHE: dict[str, Any] = {"redis": {"id": REDIS, "endpoint": REDIS_HOST}}
ARGS: dict[str, Any] = {"links": {"cache": CACHE}}


def test_a_link_is_the_one_access_policy_that_there_is_for_the_identity() -> None:
    deployment = web_app(**ARGS)
    assert deployment.one("AccessPolicyAssignment").name == "shop-cache"
    assert deployment.one("AccessPolicyAssignment").inputs == {
        "accessPolicyAssignmentName": assignment_name(REDIS, PRINCIPAL),
        "accessPolicyName": "default",
        "clusterName": "amr-team",
        "databaseName": "default",
        "resourceGroupName": "rg-team",
        "user": {"objectId": PRINCIPAL},
    }
    assert deployment.all("RoleAssignment") == []


def test_the_grant_stands_before_code_is_told_of_the_cache() -> None:
    deployment = web_app(**ARGS)
    told = deployment.one("WebAppApplicationSettings")
    assert deployment.waits_for(told, deployment.one("AccessPolicyAssignment"))


def test_an_assignments_name_is_letters_and_digits_and_the_same_however_ids_are_spelt() -> None:
    name = assignment_name(REDIS, PRINCIPAL)
    assert (name.isalnum(), len(name)) == (True, 32)
    assert assignment_name(f"{REDIS.upper()}/", PRINCIPAL.upper()) == name
    assert assignment_name(REDIS, CLIENT) != name


def test_the_sentence_says_that_there_is_no_less_than_everything() -> None:
    assert web_app(**ARGS).outputs["access"] == [
        "Identity id-shop-dev-abc123 may read and write everything in Managed Redis amr-team "
        "(access policy default)."
    ]


def test_code_is_told_host_and_port_and_no_key() -> None:
    told = {"CACHE_HOST": REDIS_HOST, "CACHE_PORT": "10000"}
    assert settings_of(web_app(**ARGS)) == {"AZURE_CLIENT_ID": CLIENT, **told}
    settings = settings_of(function_app(**ARGS))
    assert {key: value for key, value in settings.items() if key.startswith("CACHE")} == told


def test_a_deployer_needs_the_right_to_let_identities_in() -> None:
    elsewhere = REDIS.replace("rg-team", "rg-caches")
    links = {"cache": {"redis": {**CACHE["redis"], "id": elsewhere}}}
    contract = web_app(links=links).outputs["deployer_contract"]
    needed = f"Azure Managed Redis Contributor on {elsewhere} (lets identities in)"
    assert needed in contract["roles"].splitlines()
    assert contract["role_ids"] == ""


def test_what_is_left_to_the_owner_is_said_in_words() -> None:
    deployment = web_app(links={"cache": {**CACHE, "grant": False}})
    assert deployment.all("AccessPolicyAssignment") == []
    contract = deployment.outputs["deployer_contract"]
    assert contract["left_to_owners"] == f"access policy default on {REDIS}"
    assert settings_of(deployment)["CACHE_HOST"] == REDIS_HOST


def test_a_cache_of_another_subscription_than_the_providers_is_refused() -> None:
    elsewhere = REDIS.replace(SUBSCRIPTION, "5ab5c000-0000-4000-8000-000000000002")
    text = refusal(links={"cache": {"redis": {**CACHE["redis"], "id": elsewhere}}})
    assert "a cache of another subscription" in text
    assert "WorkloadAccess whose option `provider`" in text


def test_two_links_to_one_cache_are_one_grant() -> None:
    assert len(web_app(links={"cache": CACHE, "sessions": CACHE}).all("AccessPolicyAssignment")) == 1


def test_a_first_preview_promises_the_grant_before_the_identity_is_there() -> None:
    deployment = deploy_component(WebApp, {"resource_group_name": "rg-team", **ARGS}, "first preview")
    inputs = deployment.one("AccessPolicyAssignment").inputs
    assert (inputs["accessPolicyName"], inputs["clusterName"]) == ("default", "amr-team")
    assert inputs["user"] in (UNKNOWN, {"objectId": UNKNOWN})


def test_what_is_no_link_to_a_cache_is_refused() -> None:
    other = {"id": REDIS, "endpoint": "amr-other.westeurope.redis.azure.net"}
    assert "the id of one resource, with the address of another" in refusal(links={"cache": {"redis": other}})
    retired = {"id": REDIS, "endpoint": "amr-team.example.net"}
    assert "<name>.<region>.redis.azure.net" in refusal(links={"cache": {"redis": retired}})
    verb = {**CACHE["redis"], "access": "read"}
    assert "access" in refusal(links={"cache": {"redis": verb}})
