"""One change of every property of every type that the data has, in every way that a resource changes: each is
told, or harmless for a reason that the data has.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

import pytest

from access_report.comparison import Change
from access_report.report import Report
from access_report.resources import UNKNOWN
from access_report.weighing import EVERY_TYPE, Concern, Harmless, Part, Told, Weighed, weighings
from tests.unit.access_report.every_property import (
    ALL,
    NATIVE,
    OfEach,
    moment,
    properties,
    row,
    said_of,
    two_values,
)
from tests.unit.access_report.native_schema import every_type
from tests.unit.access_report.previews import (
    APP,
    IDENTITY_ID,
    State,
    grant,
    identity,
    operation,
    reference,
    reported,
    settings,
    site,
)

TELLING: Final[Mapping[Part, Callable[[Report], Iterable[Any]]]] = {
    Part.GRANTS: lambda told: [one for one in told.grants if one.change is not Change.SAME],
    Part.SETTINGS: lambda told: [*told.in_clear, *(s for s in told.settings if s.before != s.after)],
    Part.EVENTS: lambda told: [*told.events, *told.attached],
    Part.PROTECTIONS: lambda told: [one for one in told.events if one.kind == "protection"],
}
"""What the parts of the report that compare have found."""
ANOTHER_IDENTITY: Final = f"{IDENTITY_ID}-2"
REFERENCE_IDENTITY: Final = "keyVaultReferenceIdentity"
_NO_OTHER_TENANT: Final = "Azure takes no tenant but the vault's own"
OF_ITSELF: Final = {
    "authorization:RoleAssignment principalType": "Azure refuses a kind that is not the principal's",
    "azure:keyvault/accessPolicy:AccessPolicy tenantId": _NO_OTHER_TENANT,
    "keyvault:AccessPolicy policy.tenantId": _NO_OTHER_TENANT,
}
"""Compared, and no change of access by itself."""
OPENS_WHEN_NEW: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "closed": lambda closed, given: str(given).lower() not in [str(one).lower() for one in closed],
    "ranks": lambda ranks, given: given not in ranks[:1],
    "networks": lambda _, given: bool(given),
    "additions": lambda _, given: bool(given),
    "any": lambda _, __: True,
    "unread": lambda _, __: True,
    "more": lambda _, given: given > 0,
}
"""By the word of the data: which value of a new resource stands open. With any other word none does."""


def _reported(was: Sequence[State], will: Sequence[State], word: str) -> Report:
    """On a preview in which the same happens to all resources."""
    return reported(was, will, **{operation(one): {"op": word} for one in will})


OF_AZURE_ALONE = {"logic:Workflow": {"accessControl.triggers.sasAuthenticationPolicy.state"}}
"""Rows of properties that Azure has and azure-native's package does not know: a program can give them all the
same, as an entry of a map or by a transform."""


def test_every_row_names_a_type_and_a_property_that_azure_native_has() -> None:
    types_of_today = {type_ for type_ in NATIVE if not weighings()[type_].is_elsewhere}
    assert types_of_today <= every_type()
    everywhere = set(weighings()[EVERY_TYPE].rows)
    for type_ in types_of_today:
        paths = [f"{path}.".replace("[]", "") for path in properties(type_)]
        for one in weighings()[type_].rows.keys() - everywhere - OF_AZURE_ALONE.get(type_, set()) - {""}:
            below = f"{one}.".replace("[]", "")
            assert any(path.startswith(below) or below.startswith(path) for path in paths), (type_, one)


@pytest.mark.parametrize("type_", ALL)
def test_whatever_happens_to_a_resource_is_told_or_harmless_for_a_reason(
    type_: str, subtests: pytest.Subtests
) -> None:
    for word in ("update", "replace"):
        with subtests.test(f"a change of any property is told or harmless for a reason ({word})"):
            _is_told_or_harmless(type_, word)
    with subtests.test("a change of any property that a part of the report compares is told by it"):
        _is_told_by_the_part_that_compares_it(type_)
    for word in ("create", "import"):
        with subtests.test(f"of a new one all that stands open or is not weighed is told ({word})"):
            _is_told_where_it_stands_open(type_, word)
    with subtests.test("that it goes is told or harmless for a reason"):
        _that_it_goes_is_told(type_)
    with subtests.test("that it is made anew is told with what is lost by it"):
        _that_it_is_made_anew_is_told(type_)
    with subtests.test("that it stays in Azure without its stack is told unless there is nothing to it"):
        _that_it_stays_is_told(type_)
    with subtests.test("where it is only read or stays as it is nothing is told"):
        _nothing_is_told_of_what_stays(type_)
    with subtests.test("a weighed value that only the update will know counts as open"):
        _what_is_known_later_counts_as_open(type_)


def _is_told_or_harmless(type_: str, word: str) -> None:
    each = {path: two_values(kinds) for path, kinds in properties(type_).items()}
    was, will = ([moment(type_, path, both[at], path) for path, both in each.items()] for at in (0, 1))
    two = OfEach(_reported(was, will, word)), OfEach(_reported(will, was, word))
    for path in each:
        its_row, told = row(type_, path), [one.kinds(path, path) for one in two]
        if its_row is None:
            assert told == [[path]] * 2
        if isinstance(its_row, Harmless):
            assert its_row.reason
            assert told == [[]] * 2, path
        if isinstance(its_row, Weighed):
            assert [set(one) - _beside(type_, path) for one in told] == [{its_row.what}] * 2, path


def _is_told_by_the_part_that_compares_it(type_: str) -> None:
    """But a value in clear that goes: it is nowhere any more."""
    for path, kinds in properties(type_).items():
        its_row = row(type_, path)
        if (
            not isinstance(its_row, Told)
            or path.endswith(REFERENCE_IDENTITY)
            or f"{type_} {path}" in OF_ITSELF
        ):
            continue
        was, will = ([moment(type_, path, value)] for value in two_values(kinds))
        assert list(TELLING[its_row.by](reported(was, will))), path
        goes = its_row.by is Part.SETTINGS and two_values(kinds)[0] in ([], {})
        assert goes or list(TELLING[its_row.by](reported(will, was))), path


@pytest.mark.parametrize("is_of_configuration", [False, True])
def test_another_identity_that_reads_the_references_of_an_app_is_told(is_of_configuration: bool) -> None:
    def app(reads_as: str) -> list[State]:
        both = {"type": "UserAssigned", "userAssignedIdentities": [IDENTITY_ID, ANOTHER_IDENTITY]}
        said = {REFERENCE_IDENTITY: reads_as}
        given = {"siteConfig": said, REFERENCE_IDENTITY: None} if is_of_configuration else said
        runs = site(identity=both, **given)
        other = identity("other", ANOTHER_IDENTITY, "0b1ec700-0000-4000-8000-00000000000b")
        return [*APP[:1], *APP[2:], other, runs, settings({"DB": reference("db-password")}), grant()]

    there = reported(app(IDENTITY_ID), app(ANOTHER_IDENTITY))
    assert [one.variable for one in there.uncovered] == ["DB"]
    assert [(s.before.cover, s.after.cover) for s in there.settings if s.before and s.after] == [
        ("granted", "no grant")
    ]


def _is_told_where_it_stands_open(type_: str, word: str) -> None:
    """And what stands open because nothing is said of it."""
    each = {path: two_values(kinds) for path, kinds in properties(type_).items()}
    made = [
        moment(type_, path, value, f"{path} {at}")
        for path, both in each.items()
        for at, value in enumerate(both)
    ]
    new = OfEach(_reported([], [moment(type_, "tags", {"a": "tag"}, "of itself"), *made], word))
    for path, both in each.items():
        its_row, of_itself = row(type_, path), new.kinds("of itself", path)
        for at, value in enumerate(both):
            told = new.kinds(f"{path} {at}", path)
            if its_row is None and value not in ([], {}):
                assert told == [*of_itself, path]
            if isinstance(its_row, Harmless):
                assert told == of_itself, path
            if isinstance(its_row, Weighed):
                opens = _opens(type_, its_row, path, value)
                assert told.count(its_row.what) == opens, (path, value)
                assert set(told) - {its_row.what} <= set(of_itself) | _beside(type_, path), (path, value)


def _opens(type_: str, weighed: Weighed, path: str, value: Any) -> bool:
    said = said_of(type_, weighed.path)
    for name in reversed(path.removeprefix(weighed.path).split(".")[1:]):
        value = {name: value}
    judged = [opens(said[word], value) for word, opens in OPENS_WHEN_NEW.items() if word in said]
    return weighed.concern is Concern.EXPOSURE and any(judged)


def _beside(type_: str, path: str) -> set[str]:
    """Properties in words that another one decides about."""
    return {one.what for one in weighings()[type_].weighed if one.judge.beside == path}


def _that_it_goes_is_told(type_: str) -> None:
    there = [_any_moment(type_)]
    told, deleted = reported(there, []), weighings()[type_].deleted
    if deleted is None:
        assert [(one.change, one.properties) for one in told.unweighed] == [("delete", [])]
    if isinstance(deleted, Harmless):
        assert deleted.reason
        assert (told.events, told.unweighed) == ([], [])
    if isinstance(deleted, Told) and deleted.by is Part.EVENTS:
        assert [one.short for one in told.events] == ["deleted"]
        assert told.events[0].text == "is deleted" + _then(type_, "deleted")
    if deleted == Told("deleted", Part.PROTECTIONS):
        assert [one.text for one in told.events] == ["a lock is taken away"]


def _any_moment(type_: str) -> State:
    (path, kinds), *_ = properties(type_).items()
    return moment(type_, path, two_values(kinds)[1])


def _then(type_: str, word: str) -> str:
    then = weighings()[type_].then.get(word)
    return f"; {then}" if then else ""


def _that_it_is_made_anew_is_told(type_: str) -> None:
    there, path = [_any_moment(type_)], next(iter(properties(type_)))
    told = reported(there, there, one={"op": "replace", "replaceReasons": [path]})
    then = weighings()[type_].then.get("replaced")
    expected = [f"is replaced because of {path}; {then}"] if then else []
    assert [one.text for one in told.events] == expected


def _that_it_stays_is_told(type_: str) -> None:
    told = reported([{**_any_moment(type_), "retainOnDelete": True}], [])
    left = [] if isinstance(weighings()[type_].deleted, Harmless) else ["left behind"]
    assert [one.short for one in told.events] == left
    assert told.counts == [("forget", 1)]


def _nothing_is_told_of_what_stays(type_: str) -> None:
    there = [moment(type_, path, two_values(kinds)[1], path) for path, kinds in properties(type_).items()]
    for word in ("read", "same"):
        told = _reported(there, there, word)
        assert (told.exposures, told.events, told.unweighed, told.in_clear) == ([], [], [], [])
    told = _reported([], [{**one, "external": True} for one in there], "read")
    assert (told.exposures, told.events, told.unweighed) == ([], [], [])


def _what_is_known_later_counts_as_open(type_: str) -> None:
    weighed = weighings()[type_].weighed
    was, will = (
        [moment(type_, one.path, value, one.path) for one in weighed] for value in ("known", UNKNOWN)
    )
    told = reported(was, will)
    for one in weighed:
        found = {(e.words, e.opens) for e in told.exposures if e.name == one.path}
        assert {each for each in found if each[0] not in _beside(type_, one.path)} == {(one.what, True)}, (
            one.path
        )
