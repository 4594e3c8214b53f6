"""What the tests of custom domains need: records of an owner, apps, bindings and certificates."""

from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError

from local_azure.control_credential import ControlAuth
from tests.local_azure.app_service_stage import GROUP, Json, Stage, refusal


def control(stage: Stage, method: str, **record: str) -> Any:
    with stage.http(auth=ControlAuth(stage.local.azure.state)) as client:
        return client.request(method, "https://local-azure.internal/dns", json=record)


def record(stage: Stage, name: str, type_: str, value: str) -> None:
    assert control(stage, "POST", name=name, type=type_, value=value).status_code == 200


def app(stage: Stage, sku: str = "B1") -> Any:
    """A new app; it has a name, a default host name and a verification id."""
    name = stage.name("app")
    return stage.site(name, serverFarmId=stage.plan(sku))


def domain(stage: Stage, site: Any, *, proves: bool = True, leads: bool = True) -> str:
    """A host name with the records of its owner."""
    name = f"www.{stage.name('shop')}.example"
    if proves:
        record(stage, f"asuid.{name}", "TXT", site.properties.custom_domain_verification_id)
    if leads:
        record(stage, name, "CNAME", site.properties.default_host_name)
    return name


def bind(stage: Stage, site: Any, host: str, **properties: Any) -> Any:
    body: Json = {"properties": {"hostNameType": "Verified", "sslState": "Disabled", **properties}}
    return stage.web.web_apps.create_or_update_host_name_binding(GROUP, site.name, host, body)


def certify(stage: Stage, site: Any, host: str, **properties: Any) -> Any:
    plan = site.properties.server_farm_id
    body: Json = {"canonicalName": host, "serverFarmId": plan, **properties}
    envelope = {"location": "westeurope", "properties": body}
    return stage.web.certificates.create_or_update(GROUP, host, envelope)


def error(refused: pytest.ExceptionInfo[HttpResponseError]) -> tuple[int | None, str, str | None]:
    """Status, message and extended code."""
    body = refusal(refused)
    return refused.value.status_code, body["Message"], body["Details"][2]["ErrorEntity"]["ExtendedCode"]
