"""Who may call an app, in the report: by name, and everybody where the app has no list."""

from typing import Any

import pytest

from access_report.comparison import Change
from access_report.judgement import Condition, reasons
from access_report.resources import UNKNOWN
from tests.unit.access_report import test_contract
from tests.unit.access_report.previews import GROUP, IDENTITY_ID, State, identity, reported, site, state, urn
from tests.unit.components.answering_azure import CLIENT, SLOT_CLIENT
from tests.unit.components.test_calls import PARTNER, REGISTRATION, in_one_program, to_api
from tests.unit.components.web_apps import web_app

SITE_ID = f"{GROUP}/providers/Microsoft.Web/sites/app-shop"
AUTH = "azure-native:web:WebAppAuthSettingsV2"
NOBODY = "00000000-0000-0000-0000-000000000000"


def sign_in(policy: Any, *, on: bool = True, type_: str = AUTH, **more: Any) -> State:
    validation: dict[str, Any] = {} if policy is None else {"defaultAuthorizationPolicy": policy}
    provider = {"registration": {"clientId": REGISTRATION}, "validation": validation}
    given = {
        "name": "app-shop",
        "platform": {"enabled": on},
        "globalValidation": {"requireAuthentication": True},
        "identityProviders": {"azureActiveDirectory": provider},
        **more,
    }
    return state(type_, "app", given, id=f"{SITE_ID}/config/authsettingsV2")


def listing(*client_ids: str) -> State:
    return sign_in({"allowedApplications": list(client_ids)})


def record(client_id: Any = CLIENT, *, listed: bool = True, **more: Any) -> State:
    given = {
        "appId": SITE_ID,
        "clientId": client_id,
        "principalType": "ServicePrincipal",
        "principalName": "web",
        "grantedBy": "WebApp 'web'",
        "listed": listed,
        **more,
    }
    return state("keyless:index:CallGrant", "web-api", given)


def told(report: Any) -> list[tuple[Change, str]]:
    return [(one.change, one.grant.sentence) for one in report.grants]


def test_a_caller_that_is_linked_is_told_by_name_in_a_first_preview() -> None:
    report = test_contract.reported(in_one_program("first preview"))
    assert told(report) == [(Change.ADDED, "identity staging may call app api")]
    (grant,) = [one.grant for one in report.grants]
    assert (grant.why, grant.form, grant.may) == ("WebApp 'staging'", "caller of an app", "call it")


def test_a_caller_of_an_app_of_elsewhere_is_told_with_what_it_waits_for() -> None:
    (grant,) = [one.grant for one in test_contract.reported(web_app("first preview", **to_api())).grants]
    assert grant.sentence == "identity shop may call app app-api"
    assert grant.why == "WebApp 'shop', once sign_in.callers of the app holds its client id"


def test_who_comes_into_a_list_and_who_goes_is_told_by_name() -> None:
    one = state(
        "azure-native:managedidentity:UserAssignedIdentity", "web", {}, id=f"{IDENTITY_ID}-web",
        outputs={"clientId": SLOT_CLIENT, "principalId": "0b1ec700-0000-4000-8000-0000000000bb"},
    )  # fmt: skip
    before = [identity(), one, site(), listing(PARTNER.lower(), SLOT_CLIENT)]
    after = [identity(), one, site(), listing(PARTNER.lower(), CLIENT)]
    report = reported(before, after)
    assert told(report) == [
        (Change.ADDED, f"client {CLIENT} may call app app"),
        (Change.REMOVED, "identity web may call app app"),
        (Change.SAME, f"client {PARTNER.lower()} may call app app"),
    ]
    assert reasons(report, Condition.WIDER_ACCESS) == [f"client {CLIENT} may call app app (added)"]
    assert report.unweighed == []


@pytest.mark.parametrize("policy", [None, {}, {"allowedApplications": []}, {"allowedPrincipals": {}}])
def test_an_app_whose_list_goes_is_open_to_the_whole_tenant_and_that_is_told(policy: Any) -> None:
    report = reported([site(), listing(CLIENT)], [site(), sign_in(policy)])
    assert told(report) == [
        (Change.ADDED, "everybody of the tenant may call app app"),
        (Change.REMOVED, f"client {CLIENT} may call app app"),
    ]
    assert reasons(report, Condition.WIDER_ACCESS) == ["everybody of the tenant may call app app (added)"]


def test_an_app_that_nobody_may_call_has_no_caller() -> None:
    assert told(reported([], [site(), listing(NOBODY)])) == []


def test_people_and_groups_that_are_let_in_are_told() -> None:
    allowed = {"identities": ["0b1ec700-0000-4000-8000-00000000000a"], "groups": ["team", UNKNOWN]}
    report = reported([], [identity(), site(), sign_in({"allowedPrincipals": allowed})])
    assert [sentence for _, sentence in told(report)] == [
        "group team may call app app",
        "group that only the update will know may call app app",
        "identity app may call app app",
    ]


def test_a_sign_in_that_is_off_lets_in_nobody_by_name() -> None:
    assert told(reported([], [site(), sign_in({"allowedApplications": [CLIENT]}, on=False)])) == []


def test_a_caller_that_a_component_names_is_told_once_and_by_its_name() -> None:
    report = reported([], [site(), listing(CLIENT), record()])
    assert [sentence for _, sentence in told(report)] == [f"client web ({CLIENT}) may call app app"]


def test_a_caller_that_the_list_does_not_hold_is_none_whatever_a_component_says() -> None:
    assert told(reported([], [site(), listing(NOBODY), record()])) == []
    unknown = sign_in({"allowedApplications": UNKNOWN})
    assert len(told(reported([], [site(), unknown, record()]))) == 1


def test_a_list_that_only_the_update_knows_loses_nobody_that_stays() -> None:
    before = [site(), listing(CLIENT), record()]
    after = [site(), sign_in({"allowedApplications": UNKNOWN}), record()]
    assert told(reported(before, after)) == [(Change.SAME, f"client web ({CLIENT}) may call app app")]


@pytest.mark.parametrize("policy", [UNKNOWN, {"allowedApplications": UNKNOWN}])
def test_a_list_of_somebody_elses_program_that_only_the_update_knows_is_told_as_that(policy: Any) -> None:
    report = reported([site(), listing(CLIENT)], [site(), sign_in(policy)])
    assert told(report) == [
        (Change.ADDED, "client that only the update will know may call app app"),
        (Change.REMOVED, f"client {CLIENT} may call app app"),
    ]


def test_of_a_list_that_is_known_in_part_that_part_is_told() -> None:
    partly = sign_in({"allowedApplications": [CLIENT.upper(), UNKNOWN]})
    assert [sentence for _, sentence in told(reported([], [site(), partly]))] == [
        f"client {CLIENT} may call app app",
        "client that only the update will know may call app app",
    ]


def test_the_list_of_a_slot_is_the_slots() -> None:
    slot = sign_in({"allowedApplications": [CLIENT]}, type_=f"{AUTH}Slot", slot="staging")
    assert [sentence for _, sentence in told(reported([], [site(), slot]))] == [
        f"client {CLIENT} may call app staging of app app"
    ]


def test_a_caller_that_is_named_by_an_identity_of_the_program_is_that_identity() -> None:
    given = record(UNKNOWN)
    given["propertyDependencies"] = {
        "clientId": [urn("azure-native:managedidentity:UserAssignedIdentity", "app")]
    }
    report = reported([], [identity(), site(), given])
    assert [sentence for _, sentence in told(report)] == ["identity app may call app app"]
