"""Random programs: nothing that becomes possible is told as narrower, unchanged or nothing."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from hypothesis import HealthCheck, given, settings

from access_report.document import document
from tests.unit.access_report.programs import (
    GUIDS,
    IN_VAULT,
    NAMES,
    PLACES,
    WORDS,
    Program,
    changes,
    reported_on,
)
from tests.unit.access_report.programs_of_vaults import let_in_by, named, signs_in
from tests.unit.access_report.reach import CUSTOM, UNKNOWN, Assignment, Reached, is_new, let_in, reached

_WIDER = ("added", "widened")


def _all_of(program: Program) -> dict[str, set[Reached]]:
    """Of every grant by its name, with those of policies that count."""
    by_roles = {
        name: reached(given, program.custom, PLACES, program.deaf) for name, given in program.grants.items()
    }
    policies = {} if program.by_roles else program.policies
    return by_roles | {name: let_in_by(policy, IN_VAULT) for name, policy in policies.items()}


def _is_in(told: Mapping[str, Any], program: Program, name: str) -> bool:
    """Whether a grant of the document is the one of this name."""
    if name in program.grants:
        return _is_of(told, program.grants[name])
    policy = program.policies[name]
    return (told["form"], told["role"], told["who"]["name"]) == (
        "access policy",
        named(policy),
        NAMES[policy.who],
    )


def _is_of(told: Mapping[str, Any], given: Assignment) -> bool:
    """Whether a grant of the document is this assignment, as far as names tell."""
    who, where = told["who"]["name"], told["where"]
    return (
        told["form"] == "role assignment"
        and (who == NAMES[given.who] if given.who in NAMES else who not in NAMES.values())
        and (
            (where["kind"], where["name"]) == WORDS[given.scope]
            if given.scope != UNKNOWN
            else (where["kind"], where["name"]) not in WORDS.values()
        )
        and (told["role"] == GUIDS[given.role] if given.role in GUIDS else told["role"] not in GUIDS.values())
        and told["isConditional"] is bool(given.condition)
    )


def _check(before: Program, after: Program, seen: Counter[str]) -> None:
    told = document(reported_on(before, after))
    was = {one for got in _all_of(before).values() for one in got}
    gains = {name: {one for one in got if is_new(one, was)} for name, got in _all_of(after).items()}
    for name, gained in gains.items():
        lines = [line for line in told["grants"] if line["after"] and _is_in(line["after"], after, name)]
        assert lines, f"{name} is not told"
        if gained:
            assert any(line["change"] in _WIDER for line in lines), f"{name}: {lines}"
            seen["gained by policies" if name in after.policies else "gained"] += 1
    for line in told["grants"]:
        seen[line["change"]] += 1
        if line["change"] not in (*_WIDER, "removed") and line["after"]["form"] != "federated credential":
            same = [name for name in gains if _is_in(line["after"], after, name)]
            assert not same or not all(gains[name] for name in same), f"{line['change']} is wider: {line}"
    _check_who_signs_in(before, after, told, seen)
    assert bool(told["conditions"]["wider-access"]) >= any(gains.values())

    old, new = before.network, after.network
    opened = let_in(new.public, new.denies, new.rules) - let_in(old.public, old.denies, old.rules)
    seen["opened"] += bool(opened)
    assert bool(told["conditions"]["public-exposure"]) >= bool(opened), f"open to {opened}"

    if after.is_attached and not before.is_attached:
        seen["attached"] += 1
        exposed = [one for one in told["exposures"] if one["kind"] == "app"]
        events = [one for one in told["events"] if one["kind"] in ("app", "identity")]
        unweighed = [one for one in told.get("notWeighed", ()) if one["type"].endswith(":WebApp")]
        assert exposed or events or unweighed, "the identity gets another host"


def _check_who_signs_in(before: Program, after: Program, told: Mapping[str, Any], seen: Counter[str]) -> None:
    was = {signs_in(trust) for trust in before.trusts.values()}
    for trust in after.trusts.values():
        is_later = trust.audience == UNKNOWN
        name = trust.subject if not is_later else "that only the update will know"
        lines = [
            line
            for line in told["grants"]
            if line["after"] and line["after"]["form"] == "federated credential"
            if line["after"]["who"]["name"] == name
        ]
        assert lines, f"{trust} is not told"
        if is_later or signs_in(trust) not in was:
            seen["signs in"] += 1
            assert any(line["change"] in _WIDER for line in lines), f"{trust}: {lines}"


def test_no_widening_is_told_as_narrower_unchanged_or_nothing() -> None:
    seen: Counter[str] = Counter()

    @settings(
        max_examples=350,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(changes())
    def holds(change: tuple[Program, Program]) -> None:
        _check(*change, seen)

    holds()
    # What is never drawn proves nothing.
    kinds = (
        "gained",
        "gained by policies",
        "signs in",
        "opened",
        "attached",
        "added",
        "removed",
        "widened",
        "narrowed",
        "unchanged",
    )
    assert [kind for kind in kinds if seen[kind] < 10] == []


def test_the_other_way_to_weigh_finds_what_it_has_to() -> None:
    vault, before = PLACES[2], Program()
    owner, contributor = (guid for guid, name in GUIDS.items() if name in ("Owner", "Contributor"))
    some = reached(Assignment("a", contributor, PLACES[0]), before.custom, PLACES)
    more = reached(Assignment("a", owner, vault), before.custom, PLACES)
    new = {(action, place) for _, action, _, place, _ in (one for one in more if is_new(one, some))}
    assert ("microsoft.authorization/roleassignments/write", vault) in new
    assert {place for _, place in new} == {vault, *PLACES[3:5]}
    assert not [one for one in some if is_new(one, some)]
    assert reached(Assignment("a", CUSTOM, vault), (), PLACES) == set()
    assert let_in(True, True, ("203.0.113.0/25",)) == {"203.0.113.7"}
    assert let_in(True, True, ("0.0.0.0/1", "128.0.0.0/1")) == let_in(True, False, ()) - {"2001:db8::1"}
    assert let_in(False, False, ()) == frozenset()
