"""A domain of one's own: refused without its records, bound, certified, and taken away (A22 A23)."""

from pathlib import Path
from typing import Any

import pytest

from local_azure.app_service.service import AppService
from local_azure.server import LocalAzure
from loop.stack import EngineError
from tests.attached import AttachedEngine
from tests.engine.one_component import Declared, declared_loop

DOMAIN, OTHER = "www.contoso.example", "shop.contoso.example"
NOTHING_CHANGES = "--expect-no-changes"


@pytest.fixture
def team(engine: AttachedEngine, cloud: LocalAzure, tmp_path: Path) -> Declared:
    loop = declared_loop(engine, cloud, tmp_path)
    loop.resource_group("rg-team")
    return loop


def app(**args: Any) -> dict[str, Any]:
    given = {"app_name": "app-domain", "identity": "none", "resource_group_name": "rg-team", "size": "S1"}
    return {"component": "WebApp", "args": {**given, **args}}


def record(loop: Declared, name: str, kind: str, value: str) -> None:
    body = {"name": name, "type": kind, "value": value}
    loop.session.control("/dns", body)


def publish(loop: Declared, outputs: dict[str, Any], domain: str) -> None:
    """The records that the guide asks for, from what the stack told before it had a domain."""
    record(loop, f"asuid.{domain}", "TXT", outputs["shop.custom_domain_verification_id"])
    record(loop, domain, "CNAME", outputs["shop.url"].removeprefix("https://"))


def names(loop: Declared) -> dict[str, str]:
    """Each host name that is bound, and its TLS."""
    stored = loop.cloud.azure.store.list(type="Microsoft.Web/sites/hostNameBindings")
    return {one.id.rpartition("/")[2]: one.body["properties"]["sslState"] for one in stored}


def left(loop: Declared) -> list[str]:
    return [id.rpartition("/")[2] for id in loop.session.control("/leftovers")["resources"]]


def certificates(loop: Declared) -> list[str]:
    return [one["properties"]["canonicalName"] for one in loop.resources("Microsoft.Web/certificates")]


def test_a_domain_is_bound_certified_served_and_taken_away_by_runs_alone(team: Declared) -> None:
    outputs = team.up_with(shop=app())
    assert outputs["shop.custom_domain_records"] == {}
    with pytest.raises(EngineError) as refused:
        team.up_with(shop=app(custom_domain=DOMAIN))
    verification = outputs["shop.custom_domain_verification_id"]
    assert f"A TXT record pointing from asuid.{DOMAIN} to {verification} was not found." in (
        refused.value.output
    )
    assert (names(team), certificates(team)) == ({}, [])

    publish(team, outputs, DOMAIN)
    outputs = team.up_with(shop=app(custom_domain=DOMAIN))
    assert outputs["shop.custom_domain_records"] == {
        DOMAIN: "CNAME app-domain.azurewebsites.net",
        f"asuid.{DOMAIN}": f"TXT {verification}",
    }
    assert (names(team), certificates(team)) == ({DOMAIN: "Disabled"}, [DOMAIN])
    team.stack.preview(NOTHING_CHANGES)

    team.up_with(shop=app(custom_domain=DOMAIN, custom_domain_tls=True))
    assert (names(team), certificates(team)) == ({DOMAIN: "SniEnabled"}, [DOMAIN])
    team.stack.preview(NOTHING_CHANGES)
    team.stack.refresh()
    team.stack.preview(NOTHING_CHANGES)

    team.up_with(shop=app())
    assert (names(team), certificates(team)) == ({}, [])
    team.stack.preview(NOTHING_CHANGES)


def test_a_stack_with_a_domain_is_destroyed_at_either_step_and_writes_to_a_site_never_meet(
    team: Declared,
) -> None:
    # A site and its slots take one write at a time.
    team.cloud.azure.service(AppService).write_locks.seconds = 0.2
    publish(team, team.up_with(shop=app(slots=["staging"])), DOMAIN)
    team.up_with(shop=app(slots=["staging"], custom_domain=DOMAIN))
    team.up_with(shop=app(slots=["staging"], custom_domain=DOMAIN, custom_domain_tls=True))
    assert names(team) == {DOMAIN: "SniEnabled"}
    team.stack.destroy()
    assert left(team) == ["rg-team"]

    team.up_with(shop=app(custom_domain=DOMAIN))
    assert names(team) == {DOMAIN: "Disabled"}
    team.stack.destroy()
    assert left(team) == ["rg-team"]


def test_another_domain_takes_the_place_of_the_first_in_two_runs(team: Declared) -> None:
    outputs = team.up_with(shop=app())
    for domain in (DOMAIN, OTHER):
        publish(team, outputs, domain)
    team.up_with(shop=app(custom_domain=DOMAIN))
    team.up_with(shop=app(custom_domain=DOMAIN, custom_domain_tls=True))

    with pytest.raises(EngineError) as refused:
        team.up_with(shop=app(custom_domain=OTHER, custom_domain_tls=True))
    assert "Properties.CanonicalName is invalid" in refused.value.output
    assert (names(team), certificates(team)) == ({DOMAIN: "SniEnabled"}, [DOMAIN])

    team.up_with(shop=app(custom_domain=OTHER))
    assert (names(team), certificates(team)) == ({OTHER: "Disabled"}, [OTHER])
    team.up_with(shop=app(custom_domain=OTHER, custom_domain_tls=True))
    assert (names(team), certificates(team)) == ({OTHER: "SniEnabled"}, [OTHER])
    team.stack.preview(NOTHING_CHANGES)


def test_a_site_that_is_made_again_for_another_system_gets_its_domain_back_in_two_runs(
    team: Declared,
) -> None:
    publish(team, team.up_with(shop=app()), DOMAIN)
    team.up_with(shop=app(custom_domain=DOMAIN))
    team.up_with(shop=app(custom_domain=DOMAIN, custom_domain_tls=True))
    windows = {"os": "windows", "runtime": "dotnet-8"}
    for tls, state in ((False, "Disabled"), (True, "SniEnabled")):
        team.up_with(shop=app(custom_domain=DOMAIN, custom_domain_tls=tls, **windows))
        assert (names(team), certificates(team)) == ({DOMAIN: state}, [DOMAIN])
        team.stack.preview(NOTHING_CHANGES)
