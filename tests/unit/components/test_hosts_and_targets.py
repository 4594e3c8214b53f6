"""Every host with every target, on mocks: a link brings its grant, and none where somebody else gives it."""

import contextlib
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, cast

import pulumi
import pytest
from pulumi_azure_native import resources

from components.errors import ConfigurationError
from components.identity import IdentityKind
from components.links import LinkArgs, target_records
from tests.hosts.network import network_in
from tests.hosts.program import LOCATION, cell, link_name, without_grant
from tests.hosts.row import Given, host, hosts, reachable, target, targets
from tests.unit.components.recorded_azure import Later, deploy, with_outputs

KINDS = (IdentityKind.USER_ASSIGNED, IdentityKind.SYSTEM_ASSIGNED, IdentityKind.NONE)
PREPARED = {"administrators": "0b1ec700-0000-4000-8000-0000000000aa"}
ANY_HOST = "web_app"


@cache
def links() -> Mapping[str, Any]:
    """The link that each target gives. All are declared once: hosts get what their outputs became."""
    given: dict[str, LinkArgs] = {}

    def program() -> dict[str, Any]:
        group = resources.ResourceGroup("cell", location=LOCATION)
        for name in targets():
            given[name], _ = target(name).declare(Given(group, PREPARED))
        return dict(given)

    became = deploy(program).outputs
    return {name: _later(link, became[name]) for name, link in given.items()}


def _later(given: Any, became: Any) -> Any:
    """What a program gave, with an Output that a test can give in the place of each of its own."""
    if isinstance(given, pulumi.Output):
        return Later(became)
    if isinstance(given, dict):
        return {key: _later(value, became[key]) for key, value in cast(dict[str, Any], given).items()}
    return given


@cache
def access(on: str, *linked: str, grant: bool) -> Sequence[str]:
    """What a host with these links may do, in sentences."""
    of_targets = links()

    def program() -> pulumi.ComponentResource:
        group = resources.ResourceGroup("cell", location=LOCATION)
        args: dict[str, LinkArgs] = {}
        for name in linked:
            link = with_outputs(of_targets[name])
            args[link_name(name, [*linked])] = link if grant else without_grant(link)
        network = network_in(group) if host(on).has_network else None
        prepared = {**PREPARED, **host(on).prepared_on_mocks}
        return host(on).declare(Given(group, prepared, IdentityKind.USER_ASSIGNED, args, network))

    return deploy(program).outputs["access"]


@cache
def lets(to: str) -> Sequence[str]:
    """What the link to a target alone lets a host do."""
    own = access(ANY_HOST, grant=True)
    return [one for one in access(ANY_HOST, to, grant=True) if one not in own]


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
        access(on, to, grant=True)
    assert why in str(refused.value)


def test_each_target_lets_a_host_do_something_of_its_own() -> None:
    sentences = [one for to in targets() for one in lets(to)]
    assert [to for to in targets() if not lets(to)] == []
    assert len(set(sentences)) == len(sentences)


@pytest.mark.parametrize("on", hosts())
def test_a_host_is_let_into_every_target_by_its_link_and_not_where_somebody_else_lets_it_in(on: str) -> None:
    linked = reachable(on)
    own, let_in = access(on, *linked, grant=False), access(on, *linked, grant=True)
    assert own == access(on, linked[0], grant=False), "what somebody else lets it into changes nothing here"
    assert {to: lets(to) for to in linked if not set(lets(to)) <= set(let_in)} == {}
    assert {to: lets(to) for to in linked if set(lets(to)) & set(own)} == {}
    assert sorted(let_in) == sorted([*own, *(one for to in linked for one in lets(to))])


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
