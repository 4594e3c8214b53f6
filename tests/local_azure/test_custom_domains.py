"""Microsoft.Web/sites/hostNameBindings and the records that prove them, judged by azure-mgmt-web."""

from collections.abc import Iterator

import pytest
from azure.core.exceptions import HttpResponseError

from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure.app_service_stage import GROUP, Stage
from tests.local_azure.domains import app, bind, certify, control, domain, error, record


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with LocalAzure(begun(tmp_path_factory.mktemp("azure"))) as local:
        yield Stage(local)


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
    listed = [one.name for one in stage.web.web_apps.list_host_name_bindings(GROUP, site.name)]
    assert listed == [f"{site.name}.azurewebsites.net", bound.name]


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
