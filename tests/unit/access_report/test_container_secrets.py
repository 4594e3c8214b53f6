"""References of container apps and jobs to secrets of a vault, and whether their identity is let in."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from access_report.markdown import comment
from access_report.references import Cover
from access_report.resources import UNKNOWN
from access_report.setting_changes import SettingChange
from tests.unit.access_report.previews import (
    GROUP,
    IDENTITY,
    IDENTITY_ID,
    IDENTITY_TYPE,
    VAULT,
    VAULT_TYPE,
    State,
    grant,
    identity,
    reported,
    state,
    unknown_grant,
    vault,
)

URL = "https://kv-shop.vault.azure.net/secrets/db-password"
READS = {"name": "db", "keyVaultUrl": URL, "identity": IDENTITY_ID}
BOTH = [identity(), vault()]


def app(
    *secrets: Mapping[str, Any],
    kind: str = "UserAssigned",
    ids: Sequence[str] = (IDENTITY_ID,),
    type_: str = "app:ContainerApp",
    parent: str = "",
    follows: Mapping[str, Sequence[str]] | None = None,
) -> State:
    given = {
        "identity": {"type": kind, "userAssignedIdentities": list(ids)},
        "configuration": {"secrets": list(secrets)},
        "template": {
            "containers": [{"name": "app", "env": [{"name": "DB", "secretRef": "db"}]}],
        },
    }
    return state(f"azure-native:{type_}", "app", given, id=f"{GROUP}/app", parent=parent, follows=follows)


def _line(change: SettingChange) -> tuple[str, str, str, Cover | None]:
    setting = change.setting
    return setting.variable, setting.vault, setting.secret, setting.cover


@pytest.mark.parametrize("type_", ["app:ContainerApp", "app:Job"])
def test_a_reference_is_told_with_its_variable_and_is_covered_by_the_grant_of_its_identity(
    type_: str,
) -> None:
    told = reported(BOTH, [*BOTH, grant(), app(READS, type_=type_)])
    assert [_line(one) for one in told.settings] == [("DB", "vault", "db-password", Cover.GRANTED)]


def test_a_reference_without_a_grant_is_found_and_so_is_one_of_an_identity_that_the_app_lacks() -> None:
    assert [s.variable for s in reported(BOTH, [*BOTH, app(READS)]).uncovered] == ["DB"]
    other = reported(BOTH, [*BOTH, grant(), app({**READS, "identity": "system"})])
    assert [s.cover for s in other.uncovered] == [Cover.MISSING]
    nobody = reported(BOTH, [*BOTH, grant(), app(READS, kind="None")])
    assert [s.cover for s in nobody.uncovered] == [Cover.MISSING]


def test_a_vault_or_an_identity_of_somebody_else_is_granted_by_whoever_owns_it() -> None:
    strange = {**READS, "keyVaultUrl": "https://kv-other.vault.azure.net/secrets/db/0123"}
    told = reported(BOTH, [*BOTH, app(strange)])
    assert [_line(one) for one in told.settings] == [("DB", "kv-other", "db", Cover.ELSEWHERE)]
    other = {**READS, "identity": f"{IDENTITY_ID}-2"}
    elsewhere = reported(BOTH, [*BOTH, app(other, ids=[f"{IDENTITY_ID}-2".upper()])])
    assert [_line(one)[3] for one in elsewhere.settings] == [Cover.ELSEWHERE]


def test_another_host_is_no_vault_of_the_stack_whatever_its_first_word() -> None:
    strange = app({**READS, "keyVaultUrl": URL.replace("vault.azure.net", "vault.azure.net.example")})
    told = reported([*BOTH, grant(), app(READS)], [*BOTH, grant(), strange])
    assert [(one.leads_elsewhere, one.after.cover) for one in told.settings if one.after] == [
        (True, Cover.ELSEWHERE)
    ]
    by_port = {**READS, "keyVaultUrl": URL.replace("/secrets", ":443/secrets")}
    assert [_line(one)[3] for one in reported(BOTH, [*BOTH, grant(), app(by_port)]).settings] == [
        Cover.GRANTED
    ]


def test_an_identity_that_the_app_does_not_have_reads_nothing_whatever_it_is_granted() -> None:
    known_to_all = [
        *BOTH,
        grant(),
        identity("other", f"{IDENTITY_ID}-2", "0b1ec700-0000-4000-8000-00000000000b"),
    ]
    lacking = reported(BOTH, [*known_to_all, app(READS, ids=[f"{IDENTITY_ID}-2"])])
    assert [s.cover for s in lacking.uncovered] == [Cover.MISSING]
    later = reported(BOTH, [*known_to_all, app(READS, ids=[UNKNOWN])])
    assert [_line(one)[3] for one in later.settings] == [Cover.GRANTED]
    unknown = app(READS)
    unknown["inputs"]["identity"] = UNKNOWN
    assert [_line(one)[3] for one in reported(BOTH, [*known_to_all, unknown]).settings] == [Cover.GRANTED]


def test_a_reference_that_turns_into_a_value_is_told_and_the_value_is_nowhere() -> None:
    told = reported([*BOTH, grant(), app(READS)], [*BOTH, grant(), app({"name": "db", "value": "planted"})])
    assert [one.becomes_literal for one in told.settings] == [True]
    assert "planted" not in repr(told.settings)
    assert [(one.name, one.looks.value) for one in told.secrets_in_clear] == [("db", "secret")]


def test_a_reference_to_another_secret_is_told_as_a_change() -> None:
    other = {**READS, "keyVaultUrl": URL.replace("db-password", "admin-password")}
    told = reported([*BOTH, grant(), app(READS)], [*BOTH, grant(), app(other)])
    ((was, will),) = [(one.before, one.after) for one in told.settings]
    assert was is not None
    assert will is not None
    assert (was.secret, will.secret) == ("db-password", "admin-password")


def test_a_first_preview_knows_the_secret_from_the_link_and_its_reader_from_what_it_is_made_from() -> None:
    around = state("keyless:index:ContainerApp", "app", {"secrets": {"DB": "db-password"}})
    unknown = {"name": "db", "keyVaultUrl": UNKNOWN, "identity": UNKNOWN}
    made_from = {"configuration": [VAULT, IDENTITY], "identity": [IDENTITY]}
    runs = app(unknown, parent=around["urn"], follows=made_from)
    by_roles = {"properties": {"enableRbacAuthorization": True}}
    new = [state(VAULT_TYPE, "vault", by_roles), state(IDENTITY_TYPE, "app", {})]
    given = unknown_grant({"principalId": [IDENTITY], "scope": [VAULT]})
    given["inputs"]["roleDefinitionId"] = grant()["inputs"]["roleDefinitionId"]
    told = reported([], [*new, around, runs, given])
    assert [_line(one) for one in told.settings] == [("DB", "vault", "db-password", Cover.GRANTED)]
    without = reported([], [*new, around, runs])
    assert [s.cover for s in without.uncovered] == [Cover.MISSING]


def test_a_secret_that_comes_is_told_once_and_one_that_gets_another_reader_by_that() -> None:
    other = {**READS, "name": "admin", "keyVaultUrl": URL.replace("db-password", "admin")}
    more = reported([*BOTH, grant(), app(READS)], [*BOTH, grant(), app(READS, other)])
    assert [_line(one) for one in more.settings if one.before is None] == [
        ("admin", "vault", "admin", Cover.GRANTED)
    ]
    assert (more.exposures, more.unweighed) == ([], [])
    ids = [IDENTITY_ID, f"{IDENTITY_ID}-2"]
    strange = app({**READS, "identity": ids[1]}, ids=ids)
    told = reported([*BOTH, grant(), app(READS, ids=ids)], [*BOTH, grant(), strange])
    assert [(e.words, e.after, e.opens) for e in told.exposures] == [
        ("identity that reads its secret", f"{IDENTITY_ID}-2", True)
    ]
    assert [one.after.cover for one in told.settings if one.after] == [Cover.ELSEWHERE]


def test_a_second_container_that_gets_a_secret_is_told_and_told_apart() -> None:
    def carries(*, first: str = "", second: str = "", turned: bool = False, **also: str) -> list[State]:
        given = [
            {"name": name, "env": [{"name": variable, "secretRef": "db"}] if variable else []}
            for name, variable in {"app": first, "side": second, **also}.items()
        ]
        one = app(READS)
        one["inputs"]["template"] = {"containers": given[::-1] if turned else given}
        return [*BOTH, grant(), one]

    more = reported(carries(first="DB"), carries(first="DB", second="DB"))
    assert [(one.setting.variable, one.before is None) for one in more.settings] == [
        ("DB in app", False),
        ("DB in side", True),
    ]
    # Whatever the new one is called, it is the new one that is told.
    before_it = reported(carries(first="DB"), carries(first="DB", about="DB"))
    assert [one.setting.variable for one in before_it.settings if one.before is None] == ["DB in about"]
    moved = reported(carries(first="DB"), carries(second="DB"))
    assert [(one.setting.container, one.before is None, one.after is None) for one in moved.settings] == [
        (("app", "DB"), False, True),
        (("side", "DB"), True, False),
    ]
    assert (more.exposures, more.unweighed) == ([], [])
    order = reported(carries(first="DB", second="DB"), carries(first="DB", second="DB", turned=True))
    assert [one.before == one.after for one in order.settings] == [True, True]
    other = reported(carries(first="DB"), carries(first="DB", second="PASSWORD"))
    assert [one.setting.variable for one in other.settings if one.before is None] == ["PASSWORD"]
    (*around, beside) = carries(first="DB", second="DB")
    beside["inputs"]["template"]["containers"][1]["env"] = [{"name": "DB", "value": "shop"}]
    clear = reported([], [*around, beside])
    assert [one.setting.variable for one in clear.settings] == ["DB in app"]


def test_a_reference_that_leads_elsewhere_or_turns_into_a_value_is_told_under_another_containers_name() -> (
    None
):
    def called(container: str, **given: str) -> list[State]:
        one = app({"name": "db", **given})
        one["inputs"]["template"]["containers"][0]["name"] = container
        return [*BOTH, grant(), one]

    reads = {"keyVaultUrl": URL, "identity": IDENTITY_ID}
    other = {**reads, "keyVaultUrl": URL.replace("kv-shop", "kv-other")}
    kept = reported(called("app", **reads), called("side", **reads))
    assert [(one.leads_elsewhere, one.becomes_literal) for one in kept.settings] == [(False, False)] * 2
    assert [(one.setting.variable, one.after is None) for one in kept.settings] == [
        ("DB in app", True),
        ("DB in side", False),
    ]
    moved = reported(called("app", **reads), called("side", **other))
    assert [one.leads_elsewhere for one in moved.settings] == [False, True]
    assert "1 reference to another vault" in comment(moved)
    clear = reported(called("app", **reads), called("side", value="planted"))
    assert [one.becomes_literal for one in clear.settings] == [False, True]
    assert "Settings that turn from a reference into a value in clear" in comment(clear)


@pytest.mark.parametrize("where", ["containers", "initContainers"])
@pytest.mark.parametrize("type_", ["app:ContainerApp", "app:Job"])
def test_a_container_that_gets_what_no_vault_keeps_is_told(type_: str, where: str) -> None:
    def carries(*others: str) -> State:
        one = app({"name": "db", "value": "[secret]"}, type_=type_)
        read = [{"name": name, "env": [{"name": "DB", "secretRef": "db"}]} for name in others]
        own = one["inputs"]["template"]["containers"]
        one["inputs"]["template"] |= {where: [*own, *read] if where == "containers" else read}
        return one

    told = reported([carries()], [carries("side")])
    assert [(one.setting.variable, one.before is None) for one in told.settings] == [
        ("DB in app", False),
        ("DB in side", True),
    ]
    assert "| added | <code>app</code> | <code>DB in side</code> | <code>db</code> of the app itself |" in (
        comment(told)
    )
    assert "DB in app" not in comment(told)
    assert reported([carries("side")], [carries("side")]).counts == []


def test_a_container_of_a_pod_that_gets_a_secret_is_told_as_not_weighed() -> None:
    def deployment(*names: str) -> State:
        read = {"name": "DB", "valueFrom": {"secretKeyRef": {"name": "db", "key": "password"}}}
        containers = [{"name": name, "image": "api:1", "env": [read]} for name in names]
        given = {"spec": {"template": {"spec": {"containers": containers}}}}
        return state("kubernetes:apps/v1:Deployment", "api", given, custom=True)

    (told,) = reported([deployment("app")], [deployment("app", "side")]).unweighed
    assert (told.type, told.name) == ("kubernetes:apps/v1:Deployment", "api")
    assert told.properties == ["spec.template.spec.containers"]
