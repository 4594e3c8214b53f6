"""A host name of the owner's own: bound first, then certified, then served with its certificate."""

from typing import Any

import pytest

from components import ConfigurationError, KeylessWebApp, WebApp
from tests.unit.components.answering_azure import ENDPOINTS_SUBNET, PLAN, THUMBPRINT, VERIFICATION_ID, Mode
from tests.unit.components.recorded_azure import (
    UNKNOWN,
    Deployment,
    Later,
    Recorded,
    deploy,
    deploy_component,
)
from tests.unit.components.web_apps import WITH_SECRET, refusal, site_of, web_app

MODES: list[Mode] = ["first preview", "later preview", "up"]
DOMAIN = {"custom_domain": "www.contoso.com"}
WITH_TLS = {**DOMAIN, "custom_domain_tls": True}


def binding_of(deployment: Deployment) -> Recorded:
    return deployment.one("web:WebAppHostNameBinding")


def certificate_of(deployment: Deployment) -> Recorded:
    return deployment.one("web:Certificate")


def subjects(**args: Any) -> list[str]:
    with pytest.raises(ConfigurationError) as refused:
        deploy_component(WebApp, {"resource_group_name": "rg-team", **args}, "up")
    return [problem.subject for problem in refused.value.problems]


def test_an_app_has_azures_host_name_alone_unless_told_otherwise() -> None:
    deployment = web_app(**WITH_SECRET)
    assert not {"web:WebAppHostNameBinding", "web:Certificate"} & deployment.counts().keys()
    assert "hostNameSslStates" not in deployment.one("web:WebApp").ignore_changes
    assert deployment.outputs["custom_domain_records"] == {}


def test_what_the_txt_record_has_to_hold_is_told_before_there_is_a_domain() -> None:
    assert web_app().outputs["custom_domain_verification_id"] == VERIFICATION_ID


@pytest.mark.parametrize("mode", MODES)
def test_the_first_run_binds_the_name_without_tls_and_has_a_certificate_issued_to_it(mode: Mode) -> None:
    deployment = web_app(mode, **DOMAIN)
    binding, certificate = binding_of(deployment), certificate_of(deployment)
    assert binding.inputs == {
        "hostName": "www.contoso.com",
        "hostNameType": "Verified",
        "name": "app-shop-dev-abc123" if mode != "first preview" else UNKNOWN,
        "resourceGroupName": "rg-team",
        "sslState": "Disabled",
    }
    plan = deployment.one("web:AppServicePlan")
    assert {key: value for key, value in certificate.inputs.items() if key != "serverFarmId"} == {
        "canonicalName": "www.contoso.com",
        "name": "www.contoso.com",
        "resourceGroupName": "rg-team",
    }
    assert certificate.property_dependencies["serverFarmId"] == {plan.urn}
    assert binding.urn in certificate.dependencies
    assert not deployment.waits_for(binding, certificate)


@pytest.mark.parametrize("mode", MODES)
def test_with_tls_the_name_is_bound_with_the_certificate_which_is_then_let_go_after_it(mode: Mode) -> None:
    deployment = web_app(mode, **WITH_TLS)
    binding, certificate = binding_of(deployment), certificate_of(deployment)
    assert binding.inputs["sslState"] == "SniEnabled"
    assert binding.inputs["thumbprint"] == (THUMBPRINT if mode == "up" else UNKNOWN)
    assert binding.property_dependencies["thumbprint"] == {certificate.urn}
    assert not deployment.waits_for(certificate, binding)


@pytest.mark.parametrize("args", [DOMAIN, WITH_TLS], ids=["issued", "bound"])
def test_both_come_after_everything_else_that_is_written_to_the_site(args: dict[str, Any]) -> None:
    deployment = web_app(**args, size="S1", slots=["staging"], private_endpoint_subnet_id=ENDPOINTS_SUBNET)
    (endpoint,) = [one for one in deployment.all("network:PrivateEndpoint") if one.name == "shop"]
    settings = deployment.one("WebAppApplicationSettings"), deployment.one("WebAppApplicationSettingsSlot")
    for child in (binding_of(deployment), certificate_of(deployment)):
        assert [one.type for one in (*settings, endpoint) if not deployment.waits_for(child, one)] == []


def test_another_domain_is_made_before_the_old_one_goes() -> None:
    deployment = web_app(**WITH_TLS)
    for child in (binding_of(deployment), certificate_of(deployment)):
        assert child.delete_before_replace is False


def test_the_next_app_on_the_plan_waits_for_the_domain() -> None:
    def program() -> dict[str, Any]:
        first = WebApp("shop", {"resource_group_name": "rg-team", "custom_domain": "www.contoso.com"})
        WebApp("next", {"resource_group_name": "rg-team", "plan_id": first.plan_id})
        return {}

    deployment = deploy(program)
    (second,) = [site for site in deployment.all("web:WebApp") if site.name == "next"]
    assert deployment.waits_for(second, binding_of(deployment))


def test_what_the_binding_writes_into_the_site_is_not_taken_for_the_sites() -> None:
    assert "hostNameSslStates" in web_app(**DOMAIN).one("web:WebApp").ignore_changes
    assert "hostNameSslStates" not in site_of(web_app(**DOMAIN))


def test_the_certificate_is_where_the_plan_is_and_its_tags_are_the_apps() -> None:
    elsewhere = PLAN.replace("rg-team", "rg-plans")
    inputs = certificate_of(web_app(**DOMAIN, plan_id=Later(elsewhere), tags={"team": "shop"})).inputs
    assert (inputs["resourceGroupName"], inputs["serverFarmId"]) == ("rg-plans", elsewhere)
    assert inputs["tags"] == {"team": "shop"}
    assert binding_of(web_app(**DOMAIN, plan_id=elsewhere)).inputs["resourceGroupName"] == "rg-team"


def test_the_deployer_needs_a_role_in_the_plans_group_for_a_certificate_there() -> None:
    elsewhere = PLAN.replace("rg-team", "rg-plans")
    group = elsewhere.partition("/providers/")[0]
    line = f"Website Contributor on {group} (has the domain's certificate issued there)"
    told = {args: web_app(plan_id=elsewhere, **dict(args)).outputs for args in ((), tuple(DOMAIN.items()))}
    assert line in told[tuple(DOMAIN.items())]["deployer_contract"]["roles"]
    assert "Website Contributor" not in told[()]["deployer_contract"]["roles"]
    own = web_app(**DOMAIN).outputs["deployer_contract"]["roles"]
    assert "Website Contributor" not in own


def test_the_records_that_the_domain_needs_are_told() -> None:
    assert web_app(**DOMAIN).outputs["custom_domain_records"] == {
        "www.contoso.com": "CNAME app-shop-dev-abc123-hash.westeurope-01.azurewebsites.net",
        "asuid.www.contoso.com": f"TXT {VERIFICATION_ID}",
    }


def test_the_composite_passes_the_domain_on_and_tells_the_same() -> None:
    deployment = deploy_component(KeylessWebApp, DOMAIN, "up")
    assert binding_of(deployment).inputs["hostName"] == "www.contoso.com"
    assert set(deployment.outputs["custom_domain_records"]) == {"www.contoso.com", "asuid.www.contoso.com"}
    assert deployment.outputs["custom_domain_verification_id"] == VERIFICATION_ID


def test_slots_have_no_domain() -> None:
    deployment = web_app(**DOMAIN, size="S1", slots=["staging"])
    assert deployment.counts()["web:WebAppHostNameBinding"] == 1
    assert "web:WebAppHostNameBindingSlot" not in deployment.counts()


@pytest.mark.parametrize(
    ("domain", "step"),
    [
        ("*.contoso.com", "name one host: a managed certificate is issued to one, and has no wildcard"),
        ("WWW.Contoso.com", "write it in lower case"),
        ("app-shop.azurewebsites.net", "take custom_domain out: Azure's own names need neither"),
        ("https://www.contoso.com/", "give the host name alone, without https://, path, port or last dot"),
        ("www.contoso.com.", "give the host name alone"),
        ("contoso", "give the host name alone"),
        ("192.0.2.1", "give the host name alone"),
        ("-www.contoso.com", "give the host name alone"),
        ("www_1.contoso.com", "give the host name alone"),
        (f"{'a' * 53}.contoso.com", "give the host name alone"),
        ("", "give the host name alone"),
    ],
)
def test_what_is_no_host_name_that_a_certificate_is_issued_to_is_refused(domain: str, step: str) -> None:
    text = refusal(custom_domain=domain)
    assert f"given     a text of {len(domain)} characters" in text or not domain
    assert not domain or domain not in text.replace("www.contoso.com", "")
    assert "a host name of your own, up to 64 characters, such as www.contoso.com" in text
    assert step in text


@pytest.mark.parametrize(
    "domain", ["contoso.com", "www.contoso.co.uk", f"{'a' * 52}.contoso.com", "x.xn--p1ai"]
)
def test_host_names_are_taken(domain: str) -> None:
    assert binding_of(web_app(custom_domain=domain)).inputs["hostName"] == domain


@pytest.mark.parametrize("size", ["F1", "D1"])
def test_a_size_without_tls_for_domains_is_refused(size: str) -> None:
    assert "custom_domain and size" in subjects(**DOMAIN, size=size)
    next_step = "next      choose B1 or larger\n     or        take custom_domain out"
    assert next_step in refusal(**DOMAIN, size=size)


def test_tls_without_a_domain_is_refused() -> None:
    assert subjects(custom_domain_tls=True) == ["custom_domain_tls"]
    next_step = "next      give custom_domain\n     or        take custom_domain_tls out"
    assert next_step in refusal(custom_domain_tls=True)


def test_a_domain_that_is_an_output_is_refused_once() -> None:
    assert subjects(custom_domain=Later("www.contoso.com")) == ["custom_domain"]
