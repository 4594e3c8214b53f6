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
WINDOWS = {"os": "windows", "runtime": "dotnet-8"}


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


def test_a_domain_is_bound_certified_exchanged_kept_over_another_system_and_taken_away_by_runs_alone(
    team: Declared, subtests: pytest.Subtests
) -> None:
    """One app, from before it has a domain until after it had two."""
    outputs = team.up_with(shop=app())
    with subtests.test("a domain without its records is refused"):
        _is_refused_without_its_records(team, outputs)
    with subtests.test("a domain is bound, certified and served by runs alone"):
        _is_bound_and_certified(team, outputs)
    with subtests.test("another domain takes the place of the first in two runs"):
        _is_exchanged(team, outputs)
    with subtests.test("a site made again for another system gets its domain back in two runs"):
        for tls, state in ((False, "Disabled"), (True, "SniEnabled")):
            team.up_with(shop=app(custom_domain=OTHER, custom_domain_tls=tls, **WINDOWS))
            assert (names(team), certificates(team)) == ({OTHER: state}, [OTHER])
            team.stack.preview(NOTHING_CHANGES)
    with subtests.test("a domain is taken away"):
        team.up_with(shop=app(**WINDOWS))
        assert (names(team), certificates(team)) == ({}, [])
        team.stack.preview(NOTHING_CHANGES)


def _is_refused_without_its_records(team: Declared, outputs: dict[str, Any]) -> None:
    assert outputs["shop.custom_domain_records"] == {}
    with pytest.raises(EngineError) as refused:
        team.up_with(shop=app(custom_domain=DOMAIN))
    verification = outputs["shop.custom_domain_verification_id"]
    assert f"A TXT record pointing from asuid.{DOMAIN} to {verification} was not found." in (
        refused.value.output
    )
    assert (names(team), certificates(team)) == ({}, [])


def _is_bound_and_certified(team: Declared, outputs: dict[str, Any]) -> None:
    publish(team, outputs, DOMAIN)
    verification = outputs["shop.custom_domain_verification_id"]
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
    team.stack.preview("--refresh", NOTHING_CHANGES)


def _is_exchanged(team: Declared, outputs: dict[str, Any]) -> None:
    publish(team, outputs, OTHER)
    with pytest.raises(EngineError) as refused:
        team.up_with(shop=app(custom_domain=OTHER, custom_domain_tls=True))
    assert "Properties.CanonicalName is invalid" in refused.value.output
    assert (names(team), certificates(team)) == ({DOMAIN: "SniEnabled"}, [DOMAIN])

    team.up_with(shop=app(custom_domain=OTHER))
    assert (names(team), certificates(team)) == ({OTHER: "Disabled"}, [OTHER])
    team.up_with(shop=app(custom_domain=OTHER, custom_domain_tls=True))
    assert (names(team), certificates(team)) == ({OTHER: "SniEnabled"}, [OTHER])
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
