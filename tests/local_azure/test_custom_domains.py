"""Microsoft.Web/sites/hostNameBindings and certificates, judged by azure-mgmt-web."""

from collections.abc import Iterator
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError

from local_azure.namespaces.web_host_names import INBOUND
from local_azure.server import LocalAzure
from tests.local_azure.app_service_stage import GROUP, Json, Stage, refusal


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with LocalAzure(tmp_path_factory.mktemp("azure")) as local:
        yield Stage(local)


def control(stage: Stage, method: str, **record: str) -> Any:
    with stage.http() as client:
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


def test_a_name_is_bound_when_its_owner_has_published_the_sites_verification_id(stage: Stage) -> None:
    """A22."""
    site = app(stage)
    host = domain(stage, site, proves=False)
    verification = site.properties.custom_domain_verification_id
    missing = f"A TXT record pointing from asuid.{host} to {verification} was not found."
    with pytest.raises(HttpResponseError) as refused:
        bind(stage, site, host)
    assert error(refused) == (400, missing, "04006")
    record(stage, f"asuid.{host}", "TXT", "something else")
    with pytest.raises(HttpResponseError) as refused:
        bind(stage, site, host)
    assert error(refused) == (400, missing, "04006")
    record(stage, f"ASUID.{host}.", "TXT", verification)
    bound = bind(stage, site, host)
    assert (bound.properties.host_name_type, bound.properties.ssl_state) == ("Verified", "Disabled")
    assert bound.properties.custom_host_name_dns_record_type == "CName"
    assert bound.properties.thumbprint is None
    assert [one.id for one in stage.web.web_apps.list_host_name_bindings(GROUP, site.name)] == [bound.id]


def test_a_record_that_was_taken_away_proves_nothing(stage: Stage) -> None:
    site = app(stage)
    host = domain(stage, site)
    proof = {"name": f"asuid.{host}", "type": "TXT"}
    control(stage, "DELETE", **proof, value=site.properties.custom_domain_verification_id)
    with pytest.raises(HttpResponseError) as refused:
        bind(stage, site, host)
    assert error(refused)[2] == "04006"


def test_all_sites_of_a_subscription_have_one_verification_id(stage: Stage) -> None:
    ids = {app(stage).properties.custom_domain_verification_id for _ in range(2)}
    assert len(ids) == 1
    assert len(ids.pop()) == 64


@pytest.mark.parametrize(
    "body",
    [
        {"name": "www.shop.example", "type": "MX", "value": "x"},
        {"name": "www.shop.example", "type": "TXT"},
        {},
    ],
)
def test_a_record_that_is_none_is_refused_by_the_control_endpoint(stage: Stage, body: dict[str, str]) -> None:
    assert control(stage, "POST", **body).status_code == 400


def test_the_site_says_what_is_bound_to_it(stage: Stage) -> None:
    """A22."""
    site = app(stage)
    own, host = site.properties.default_host_name, domain(stage, site)
    assert site.properties.host_names == [own]
    bind(stage, site, host)
    read = stage.web.web_apps.get(GROUP, site.name).properties
    assert read.host_names == [host, own]
    states = [(one.name, one.ssl_state, one.host_type) for one in read.host_name_ssl_states]
    assert states == [
        (own, "Disabled", "Standard"),
        (host, "Disabled", "Standard"),
        (f"{site.name}.scm.azurewebsites.net", "Disabled", "Repository"),
    ]
    stage.web.web_apps.delete_host_name_binding(GROUP, site.name, host)
    assert stage.web.web_apps.get(GROUP, site.name).properties.host_names == [own]


def test_a_site_has_one_name_of_azures(stage: Stage) -> None:
    """A22."""
    with pytest.raises(HttpResponseError) as refused:
        bind(stage, app(stage), "another.azurewebsites.net")
    assert error(refused) == (400, "Too many (2) hostnames in the default DNS zone. Limit is 1.", "04017")


def test_a_free_plan_has_no_names_and_a_shared_one_no_tls_for_them(stage: Stage) -> None:
    """A22, A23."""
    free, shared = app(stage, "F1"), app(stage, "D1")
    with pytest.raises(HttpResponseError) as refused:
        bind(stage, free, domain(stage, free))
    assert refused.value.status_code == 409
    host = domain(stage, shared)
    bind(stage, shared, host)
    for write in (
        lambda: certify(stage, shared, host),
        lambda: bind(stage, shared, host, sslState="SniEnabled", thumbprint="00"),
    ):
        with pytest.raises(HttpResponseError) as refused:
            write()
        assert refused.value.status_code == 409


def test_tls_is_bound_with_a_certificate_that_exists(stage: Stage) -> None:
    """A22."""
    site = app(stage)
    host = domain(stage, site)
    bind(stage, site, host)
    with pytest.raises(HttpResponseError) as refused:
        bind(stage, site, host, sslState="SniEnabled", thumbprint="00")
    assert refused.value.status_code == 404
    thumbprint = certify(stage, site, host).properties.thumbprint
    assert bind(stage, site, host, sslState="SniEnabled", thumbprint=thumbprint).properties.ssl_state == (
        "SniEnabled"
    )
    (state,) = [
        one
        for one in stage.web.web_apps.get(GROUP, site.name).properties.host_name_ssl_states
        if one.name == host
    ]
    assert (state.ssl_state, state.thumbprint) == ("SniEnabled", thumbprint)
    assert bind(stage, site, host).properties.thumbprint is None


def test_a_managed_certificate_is_issued_to_a_name_that_is_bound(stage: Stage) -> None:
    """A23."""
    site = app(stage)
    host = domain(stage, site)
    with pytest.raises(HttpResponseError) as refused:
        certify(stage, site, host)
    assert refused.value.status_code == 400
    bind(stage, site, host)
    issued = certify(stage, site, host).properties
    assert (issued.canonical_name, issued.subject_name, issued.host_names) == (host, host, [host])
    assert len(issued.thumbprint) == 40
    assert (issued.expiration_date - issued.issue_date).days == 180


def test_a_managed_certificate_is_issued_to_a_name_that_leads_to_the_app(stage: Stage) -> None:
    """A23."""
    site = app(stage)
    host = domain(stage, site, leads=False)
    bind(stage, site, host)
    with pytest.raises(HttpResponseError) as refused:
        certify(stage, site, host)
    assert refused.value.status_code == 400
    inbound = stage.arm("GET", site.id)["properties"]["inboundIpAddress"]
    assert inbound == INBOUND
    record(stage, host, "A", inbound)
    assert certify(stage, site, host).properties.subject_name == host
    assert bind(stage, site, host).properties.custom_host_name_dns_record_type == "A"


@pytest.mark.parametrize("name", ["*.shop.example", ""])
def test_a_managed_certificate_is_for_one_name(stage: Stage, name: str) -> None:
    with pytest.raises(HttpResponseError) as refused:
        certify(stage, app(stage), "wildcard", canonicalName=name)
    assert refused.value.status_code == 400


def test_a_certificate_keeps_its_thumbprint_when_it_is_written_again(stage: Stage) -> None:
    site = app(stage)
    host = domain(stage, site)
    bind(stage, site, host)
    first = certify(stage, site, host)
    stage.advance(60)
    again = certify(stage, site, host, password="")
    assert again.properties.thumbprint == first.properties.thumbprint
    assert again.properties.password is None


def test_a_certificate_that_is_bound_cannot_be_deleted(stage: Stage) -> None:
    """A23."""
    site = app(stage)
    host = domain(stage, site)
    bind(stage, site, host)
    thumbprint = certify(stage, site, host).properties.thumbprint
    bind(stage, site, host, sslState="SniEnabled", thumbprint=thumbprint)
    with pytest.raises(HttpResponseError) as refused:
        stage.web.certificates.delete(GROUP, host)
    assert error(refused)[:2] == (
        409,
        f"Cannot remove certificate with thumbprint {thumbprint} because it is used for hostname {host}.",
    )
    stage.web.web_apps.delete_host_name_binding(GROUP, site.name, host)
    stage.web.certificates.delete(GROUP, host)
    assert not stage.exists(stage.id("Microsoft.Web/certificates", host))


def test_a_group_that_goes_takes_a_bound_certificate_along(stage: Stage) -> None:
    group = stage.id("x", "y").partition("/providers/")[0].replace(GROUP, "rg-domain")
    stage.arm("PUT", group, {"location": "westeurope"}, "2024-03-01")
    web = f"{group}/providers/Microsoft.Web"
    plan, site, host = f"{web}/serverfarms/asp", f"{web}/sites/{stage.name('app')}", "www.gone.example"
    stage.arm("PUT", plan, {"location": "westeurope", "sku": {"name": "B1"}, "properties": {}})
    made = stage.arm("PUT", site, {"location": "westeurope", "properties": {"serverFarmId": plan}})
    record(stage, f"asuid.{host}", "TXT", made["properties"]["customDomainVerificationId"])
    record(stage, host, "CNAME", made["properties"]["defaultHostName"])
    binding, certificate = f"{site}/hostNameBindings/{host}", f"{web}/certificates/{host}"
    stage.arm("PUT", binding, {"properties": {}})
    properties = {"canonicalName": host, "serverFarmId": plan}
    issued = stage.arm("PUT", certificate, {"location": "westeurope", "properties": properties})
    thumbprint = issued["properties"]["thumbprint"]
    stage.arm("PUT", binding, {"properties": {"sslState": "SniEnabled", "thumbprint": thumbprint}})
    stage.arm("DELETE", group, None, "2024-03-01")
    assert not [one.id for one in stage.local.azure.store.list(under=group)]
