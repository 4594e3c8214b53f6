"""Microsoft.Web/certificates and the bindings that use them, judged by azure-mgmt-web."""

from collections.abc import Iterator

import pytest
from azure.core.exceptions import HttpResponseError

from local_azure.app_service.host_names import INBOUND
from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure.app_service_stage import GROUP, Stage
from tests.local_azure.domains import app, bind, certify, domain, error, record


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with LocalAzure(begun(tmp_path_factory.mktemp("azure"))) as local:
        yield Stage(local)


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
