"""Every host with every target, on mocks: a link brings its grant, and none where somebody else gives it."""

import contextlib
from typing import Any

import pytest

from components.errors import ConfigurationError
from components.identity import IdentityKind
from components.links import target_records
from tests.hosts.program import cell
from tests.hosts.row import host, hosts, reachable, target, targets
from tests.unit.components.recorded_azure import Deployment, deploy

KINDS = (IdentityKind.USER_ASSIGNED, IdentityKind.SYSTEM_ASSIGNED, IdentityKind.NONE)
PREPARED = {"administrators": "0b1ec700-0000-4000-8000-0000000000aa"}


def declared(on: str, to: str, *, grant: bool) -> Deployment:
    return deploy(lambda: cell(on, [to], grant=grant, prepared={**PREPARED, **host(on).prepared_on_mocks}))


def access(deployment: Deployment) -> list[Any]:
    return list(deployment.outputs["host"]["access"])


def kinds(on: str, linked: list[str]) -> list[IdentityKind]:
    """Those with which a host is declared that has these links."""
    found: list[IdentityKind] = []
    for kind in KINDS:
        with contextlib.suppress(ConfigurationError):
            deploy(lambda kind=kind: cell(on, linked, identity=kind, prepared=host(on).prepared_on_mocks))
            found.append(kind)
    return found


@pytest.mark.parametrize("on", hosts())
def test_a_host_takes_the_kinds_of_identity_that_its_row_says_with_links_and_without(on: str) -> None:
    assert set(kinds(on, ["blobs"])) == set(host(on).identities)
    assert set(kinds(on, [])) == set(host(on).identities_alone)


@pytest.mark.parametrize(
    ("on", "to", "why"), [(on, to, why) for on in hosts() for to, why in host(on).unreachable.items()]
)
def test_a_target_that_a_host_cannot_reach_is_refused_with_the_reason(on: str, to: str, why: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        declared(on, to, grant=True)
    assert why in str(refused.value)


@pytest.mark.parametrize(("on", "to"), [(on, to) for on in hosts() for to in reachable(on)])
def test_a_host_is_let_into_a_target_by_its_link_and_not_where_somebody_else_lets_it_in(
    on: str, to: str
) -> None:
    own = access(declared(on, to, grant=False))
    let_in = access(declared(on, to, grant=True))
    assert [one for one in own if one not in let_in] == []
    assert len(let_in) > len(own)
    assert len(set(let_in)) == len(let_in)


def test_logic_apps_alone_cannot_reach_every_target() -> None:
    assert {(on, to) for on in hosts() for to in host(on).unreachable} == {
        ("logic_app", to) for to in ("cosmos", "mysql", "postgres", "redis", "registry", "sql")
    }


def test_every_target_that_a_link_can_have_is_asked_from_every_host() -> None:
    asked = {"key_vault" if name == "secrets" else name for name in targets()}
    assert asked == set(target_records()), "one file in tests/hosts/targets for each field of LinkArgs"


@pytest.mark.parametrize("name", targets())
def test_a_target_has_its_lines_and_says_what_is_read(name: str) -> None:
    one = target(name)
    assert one.said
    assert one.refusal


@pytest.mark.parametrize("name", hosts())
def test_a_host_of_the_matrix_names_its_guide(name: str) -> None:
    assert host(name).docs.startswith("docs/guides/")
