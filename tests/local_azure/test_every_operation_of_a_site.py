"""Each request that azure-mgmt-web can make of a site or a slot is answered, by App Service's rules or by the
local Azure in its own name."""

import importlib
import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from local_azure.app_service.unserved import UNSERVED
from local_azure.azure import Azure
from local_azure.constants import SUBSCRIPTION_ID
from tests.local_azure.arm import Arm, content

operations: Any = importlib.import_module("azure.mgmt.web.operations._operations")
_PLAIN = {
    "name": "shop", "resource_group_name": "rg-one", "slot": "staging", "subscription_id": SUBSCRIPTION_ID,
}  # fmt: skip


@dataclass(frozen=True)
class Operation:
    """What one method of the client sends."""

    name: str
    method: str
    path: str


def every_operation() -> Iterator[Operation]:
    for name in sorted(dir(operations)):
        if not name.startswith("build_web_apps_"):
            continue
        build: Any = getattr(operations, name)
        asked = inspect.signature(build).parameters.values()
        needed = [one for one in asked if one.kind is not one.VAR_KEYWORD and one.default is one.empty]
        request = build(**{one.name: _PLAIN.get(one.name, "one") for one in needed})
        path = request.url.partition("?")[0]
        if f"/sites/{_PLAIN['name']}" in path:
            yield Operation(
                name.removeprefix("build_web_apps_").removesuffix("_request"), request.method, path
            )


OPERATIONS = [one for one in every_operation() if one.name not in ("delete", "delete_slot")]


def site(arm: Arm) -> None:
    """The site and the slot that all of them are about."""
    group = arm.group()
    web = f"{group}/providers/Microsoft.Web"
    plan = {"location": "westeurope", "sku": {"name": "S1"}, "properties": {"reserved": True}}
    content(arm("PUT", f"{web}/serverfarms/plan", plan))
    body = {"location": "westeurope", "properties": {"serverFarmId": f"{web}/serverfarms/plan"}}
    content(arm("PUT", f"{web}/sites/shop", body))
    content(arm("PUT", f"{web}/sites/shop/slots/staging", {"location": "westeurope", "properties": {}}))


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[Operation, tuple[int, str]]]:
    """Status and code of the answer to each, in one local Azure."""
    azure = Azure(tmp_path_factory.mktemp("azure"))
    arm = Arm(azure)
    site(arm)
    found: dict[Operation, tuple[int, str]] = {}
    for one in OPERATIONS:
        body: dict[str, Any] | None = {} if one.method in ("PUT", "PATCH", "POST") else None
        answer = arm(one.method, one.path, body, api_version="2024-11-01")
        told: dict[str, Any] = answer.body if isinstance(answer.body, dict) else {}
        found[one] = (answer.status, str(told.get("error", {}).get("code") or told.get("Code") or ""))
    yield found
    azure.close()


def test_no_operation_is_told_that_azure_has_no_such_type(
    answers: dict[Operation, tuple[int, str]],
) -> None:
    assert len(answers) > 300
    unknown = {"InvalidResourceType", "InvalidResourceNamespace", "NoRegisteredProviderFound"}
    assert [one for one, (_, code) in answers.items() if code in unknown] == []
    assert [one for one, (status, _) in answers.items() if status >= 500 and status != 501] == []
    assert {code for status, code in answers.values() if status == 501} == {"NotServedByLocalAzure"}


def test_what_is_listed_as_not_served_is_what_the_client_asks_for_and_does_not_get(
    answers: dict[Operation, tuple[int, str]],
) -> None:
    refused = {f"{type_of(one.path)}/" for one, (status, _) in answers.items() if status == 501}
    idle = [known for known in UNSERVED if not any(one.startswith(f"{known}/".lower()) for one in refused)]
    assert idle == []


def type_of(path: str) -> str:
    """The types that a path names, in lower case."""
    namespace, *names = path.lower().partition("/providers/")[2].split("/")
    return "/".join([namespace, *names[0::2]])


@pytest.mark.parametrize("slot", ["", "_slot"])
def test_what_a_tool_asks_first_is_served(answers: dict[Operation, tuple[int, str]], slot: str) -> None:
    served = {one.name for one, (status, _) in answers.items() if status < 300}
    wanted = [
        "get", "get_configuration", "list_configurations", "list_application_settings",
        "list_azure_storage_accounts", "list_connection_strings", "list_metadata", "get_auth_settings",
        "get_auth_settings_v2", "get_auth_settings_v2_without_secrets", "get_diagnostic_logs_configuration",
        "list_publishing_credentials", "list_publishing_profile_xml_with_secrets", "list_host_name_bindings",
        "list_deployments", "list_basic_publishing_credentials_policies", "list_vnet_connections",
        "get_swift_virtual_network_connection", "get_app_settings_key_vault_references",
        "restart", "stop", "start",
    ]  # fmt: skip
    assert [f"{name}{slot}" for name in wanted if f"{name}{slot}" not in served] == []
