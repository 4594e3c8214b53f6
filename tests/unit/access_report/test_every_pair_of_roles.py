"""Every ordered pair of the hundred roles that matter, weighed in another way, too: action by action."""

import re
from functools import cache
from itertools import product

from access_report.comparison import Change, compare
from access_report.grants import Grant, Granted, Who
from access_report.resources import Preview
from access_report.roles import Role, built_in
from access_report.scopes import Where
from components.azure_facts.roles import Permissions
from components.roles import Role as OfComponents
from tests.unit.access_report.hundred_roles import NAMES

WHERE = Where("/subscriptions/s", "subscription", "s")


@cache
def roles() -> dict[str, Role]:
    return {name: role for name in NAMES if (role := built_in(name))}


@cache
def covers() -> dict[tuple[str, str], bool]:
    return {(one, other): roles()[one].covers(roles()[other]) for one, other in product(roles(), repeat=2)}


def lists(block: Permissions) -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    return (block.actions, block.not_actions), (block.data_actions, block.not_data_actions)


@cache
def universe() -> tuple[str, ...]:
    """Actions that show any difference between the hundred: of each pattern one that only it names, and one
    that all that fit do.
    """
    patterns = {
        p
        for role in roles().values()
        for b in role.permissions
        for pair in lists(b)
        for ps in pair
        for p in ps
    }
    texts = {p.lower().replace("*", filled) for p in patterns for filled in ("zz/zz", "zz/read", "zz/write")}
    return tuple(sorted(texts))


def named(patterns: tuple[str, ...]) -> int:
    """The actions of the universe that the patterns name, one bit each."""
    if not patterns:
        return 0
    fits = re.compile("|".join(re.escape(p.lower()).replace(r"\*", ".*") for p in patterns)).fullmatch
    return sum(1 << at for at, action in enumerate(universe()) if fits(action))


Allowed = dict[tuple[bool, str], int]
"""By whether it is on data and the condition, what is allowed at all under it."""


@cache
def allowed(name: str) -> Allowed:
    found: Allowed = {}
    for block in roles()[name].permissions:
        condition = "".join((block.condition or "").split())
        for is_data, (those, but) in enumerate(lists(block)):
            key = bool(is_data), condition
            found[key] = found.get(key, 0) | (named(those) & ~named(but))
    return found


def allows_all_of(wide: str, narrow: str) -> bool:
    return all(
        not actions & ~(allowed(wide).get((is_data, ""), 0) | allowed(wide).get((is_data, condition), 0))
        for (is_data, condition), actions in allowed(narrow).items()
    )


def test_they_are_a_hundred_and_have_every_role_of_our_own() -> None:
    assert len(roles()) == len(NAMES) == 100
    assert {role.value for role in OfComponents} <= {*NAMES}


def test_one_covers_the_other_exactly_when_it_allows_each_of_its_actions() -> None:
    wrong = [pair for pair, covered in covers().items() if covered is not allows_all_of(*pair)]
    assert wrong == []
    assert 100 < sum(covers().values()) < 2_000


def test_to_cover_is_reflexive_transitive_and_mutual_only_between_equals() -> None:
    within = {one: {other for other in NAMES if covers()[one, other]} for one in NAMES}
    assert [one for one in NAMES if one not in within[one]] == []
    assert [(one, other) for one in NAMES for other in within[one] if not within[other] <= within[one]] == []
    mutual = [(one, other) for one in NAMES for other in within[one] if one < other and one in within[other]]
    assert [pair for pair in mutual if allowed(pair[0]) != allowed(pair[1])] == []


def test_what_gives_access_is_covered_only_by_what_gives_it_in_the_same_ways() -> None:
    gives = {name: {*role.gives_access} for name, role in roles().items()}
    assert [
        pair for pair, covered in covers().items() if covered and not gives[pair[1]] <= gives[pair[0]]
    ] == []
    assert len([name for name in NAMES if "give roles" in gives[name]]) >= 9


def _grant(pair: tuple[str, str], role: str) -> Grant:
    who = Who("/".join(pair), "principal", "p")
    return Grant(f"urn:{role}", who, Granted(role, role, roles()[role]), WHERE, "")


def test_a_change_from_any_to_any_other_is_narrowed_only_when_nothing_new_is_allowed() -> None:
    """Ten thousand principals, each with one of the roles before and one afterwards, in one comparison."""
    before = [_grant(pair, pair[0]) for pair in covers()]
    after = [_grant(pair, pair[1]) for pair in covers()]
    told = {(c.grant.who.key, c.change): c for c in compare(Preview("s", {}, {}, {}), before, after)}
    wrong: list[tuple[str, str]] = []
    for old, new in covers():
        changes = {change for change in Change if (f"{old}/{new}", change) in told}
        lost, gained = not allows_all_of(new, old), not allows_all_of(old, new)
        right = {
            (False, False): {Change.SAME} if old == new else {Change.ADDED, Change.REMOVED},
            (True, False): {Change.NARROWED},
            (False, True): {Change.WIDENED},
            (True, True): {Change.ADDED, Change.REMOVED},
        }[lost, gained]
        if changes != right:
            wrong.append((old, new))
    assert wrong == []
