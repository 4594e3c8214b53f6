"""SearchService: created without keys, or an existing service read by its full id."""

from typing import Any

import pytest

from components import SearchAccess, SearchService, WebApp
from tests.unit.components.answering_azure import (
    CLIENT,
    ENDPOINTS_SUBNET,
    GROUP,
    PEOPLE,
    SEARCH,
    SEARCH_ENDPOINT,
    WORKSPACE,
    ZONES,
    Mode,
)
from tests.unit.components.further_targets import SERVICE, search_refusal, search_service
from tests.unit.components.recorded_azure import UNKNOWN, deploy
from tests.unit.components.web_apps import refusal, settings_of, web_app

READER, WRITER = "1407120a-92aa-4202-b7e9-c0e197c71c8f", "8ebe5a00-799e-43f5-93ac-243d3dce84a7"
OFFICE = {"office": "203.0.113.0/24"}


def service(**args: Any) -> dict[str, Any]:
    return dict(search_service(**args).one("search:Service").inputs)


def linked(**record: Any) -> dict[str, Any]:
    return {"links": {"products": {"search": {"id": SEARCH, "endpoint": SEARCH_ENDPOINT, **record}}}}


def roles_in(deployment: Any) -> dict[str, tuple[str, str]]:
    return {
        one.name: (one.inputs["roleDefinitionId"].rpartition("/")[2], one.inputs["scope"])
        for one in deployment.all("RoleAssignment")
    }


def test_a_service_is_created_with_these_inputs_and_no_others() -> None:
    deployment = search_service(location="westeurope", tags={"team": "shop"})
    assert deployment.counts() == {"search:Service": 1}
    assert deployment.one("search:Service").inputs == {
        "disableLocalAuth": True,
        "hostingMode": "Default",
        "location": "westeurope",
        "networkRuleSet": {"bypass": "None", "ipRules": []},
        "partitionCount": 1,
        "publicNetworkAccess": "Enabled",
        "replicaCount": 1,
        "resourceGroupName": "rg-team",
        "searchServiceName": SERVICE,
        "sku": {"name": "basic"},
        "tags": {"team": "shop"},
    }
    assert deployment.plain_outputs == {
        "service_id": f"{GROUP}/providers/Microsoft.Search/searchServices/{SERVICE}",
        "name": SERVICE,
        "endpoint": f"https://{SERVICE}.search.windows.net/",
        "access": [],
    }


def test_a_service_has_no_key_that_opens_it_and_no_options_that_let_one_in() -> None:
    found = service()
    assert found["disableLocalAuth"] is True
    assert "authOptions" not in found


def test_what_a_service_can_do_and_costs_is_a_choice() -> None:
    found = service(tier="standard2", replicas=2, partitions=12)
    assert (found["sku"], found["replicaCount"], found["partitionCount"]) == ({"name": "standard2"}, 2, 12)


def test_a_service_is_open_to_every_network_unless_something_is_said() -> None:
    assert service(allowed_ip_ranges=OFFICE)["networkRuleSet"] == {
        "bypass": "None",
        "ipRules": [{"value": "203.0.113.0/24"}],
    }
    deployment = search_service(
        private_endpoint_subnet_id=ENDPOINTS_SUBNET,
        private_dns_zone_id=f"{ZONES}/privatelink.search.windows.net",
    )
    assert deployment.one("search:Service").inputs["publicNetworkAccess"] == "Disabled"
    (connection,) = deployment.one("network:PrivateEndpoint").inputs["privateLinkServiceConnections"]
    assert connection["groupIds"] == ["searchService"]


def test_people_are_let_in_through_groups_to_search_or_to_write() -> None:
    deployment = search_service(index_readers={"clerks": PEOPLE}, index_writers={"on-call": PEOPLE})
    made = f"{GROUP}/providers/Microsoft.Search/searchServices/{SERVICE}"
    assert roles_in(deployment) == {
        "shop-reader-clerks": (READER, made),
        "shop-writer-on-call": (WRITER, made),
    }


def test_an_existing_service_is_read_by_its_full_id_and_nothing_is_created() -> None:
    deployment = search_service(existing_id=SEARCH)
    assert [(r.type, r.is_read) for r in deployment.resources[1:]] == [("azure-native:search:Service", True)]
    assert deployment.plain_outputs == {
        "service_id": SEARCH, "name": "srch-team", "endpoint": SEARCH_ENDPOINT, "access": [],
    }  # fmt: skip


@pytest.mark.parametrize("mode", ["first preview", "later preview"])
def test_a_preview_does_not_guess_the_address_of_a_service_that_it_makes(mode: Mode) -> None:
    assert search_service(mode).outputs["endpoint"] is UNKNOWN
    assert search_service(mode, existing_id=SEARCH).outputs["endpoint"] == SEARCH_ENDPOINT


def test_logs_and_a_lock_are_around_a_service() -> None:
    deployment = search_service(diagnostics_workspace_id=WORKSPACE, delete_lock=True)
    lock = deployment.one("authorization:ManagementLockByScope")
    assert deployment.waits_for(lock, deployment.one("monitor:DiagnosticSetting"))


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ({"tier": "free", "allowed_ip_ranges": OFFICE}, "set tier to basic"),
        ({"tier": "free", "private_endpoint_subnet_id": ENDPOINTS_SUBNET}, "set tier to basic"),
        ({"tier": "basic", "replicas": 4}, "a whole number from 1 to 3"),
        ({"tier": "free", "partitions": 2}, "a whole number from 1 to 1"),
        ({"tier": "standard", "partitions": 5}, "write 4"),
        ({"service_name": "-shop"}, "2 to 60 lower-case letters"),
        ({"service_name": "s-hop"}, "2 to 60 lower-case letters"),
        ({"existing_id": SEARCH, "replicas": 2}, "existing_id and replicas"),
    ],
)
def test_what_contradicts_itself_is_refused_with_the_next_step(args: dict[str, Any], said: str) -> None:
    assert said in search_refusal(**args)


@pytest.mark.parametrize(
    ("record", "role", "scope"),
    [
        ({}, READER, SEARCH),
        ({"access": "write"}, WRITER, SEARCH),
        ({"index": "products"}, READER, f"{SEARCH}/indexes/products"),
        ({"index": "products", "access": "write"}, WRITER, f"{SEARCH}/indexes/products"),
    ],
)
def test_a_verb_is_its_role_on_exactly_what_is_named(record: dict[str, Any], role: str, scope: str) -> None:
    assert roles_in(web_app(**linked(**record))) == {"shop-products": (role, scope)}


def test_code_is_told_the_address_and_the_index() -> None:
    assert settings_of(web_app(**linked(index="products"))) == {
        "AZURE_CLIENT_ID": CLIENT,
        "PRODUCTS_ENDPOINT": SEARCH_ENDPOINT,
        "PRODUCTS_INDEX": "products",
    }


def test_a_service_gives_its_own_link() -> None:
    def program() -> dict[str, Any]:
        made = SearchService("shop", {"resource_group_name": "rg-team"})
        links = {"products": made.search_link("products", SearchAccess.WRITE)}
        WebApp("web", {"resource_group_name": "rg-team", "links": links})
        return {}

    scope = f"{GROUP}/providers/Microsoft.Search/searchServices/{SERVICE}/indexes/products"
    assert roles_in(deploy(program)) == {"web-products": (WRITER, scope)}


@pytest.mark.parametrize(
    ("record", "said"),
    [
        ({"endpoint": "https://srch-other.search.windows.net/"}, "the address of another"),
        ({"endpoint": "https://srch-team.vault.azure.net/"}, "the address of another service"),
        ({"index": "Products"}, "1 to 128 lower-case letters"),
        ({"access": "use"}, "one of read, write"),
    ],
)
def test_a_link_that_cannot_work_is_refused(record: dict[str, Any], said: str) -> None:
    assert said in refusal(**linked(**record))
