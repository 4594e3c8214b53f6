"""How long it waits, when it asks for a refresh, and when it gives up."""

from collections.abc import Callable

import pytest
import requests

from readiness import NotReachableError, Readiness
from tests.unit.readiness.conftest import APP, IDENTITY, AppService, Clock

Run = Callable[..., Readiness]


def test_resolved_references_are_reported_at_once_without_a_refresh(
    run: Run, app_service: AppService, clock: Clock
) -> None:
    app_service.settings = ["B_KEY", "A_KEY"]
    result = run()
    assert [(item.setting, item.status, item.version) for item in result.references] == [
        ("A_KEY", "Resolved", "v1"),
        ("B_KEY", "Resolved", "v1"),
    ]
    assert (result.ready, result.waited, clock.naps) == (True, 0, [])
    assert app_service.asked == [f"GET {APP}/config/configreferences/appsettings"]
    assert list(result.lines()) == [
        "ok  A_KEY: Resolved (kv-shop/a-key, version v1)",
        "ok  B_KEY: Resolved (kv-shop/b-key, version v1)",
        "Ready: 2 of 2 Key Vault references are resolved.",
    ]


def test_an_app_without_references_is_ready_and_says_so(run: Run, app_service: AppService) -> None:
    app_service.settings = []
    result = run(refresh=True)
    assert (result.ready, result.references) == (True, ())
    assert list(result.lines()) == ["No app setting is a Key Vault reference: there is nothing to wait for."]
    assert app_service.refreshes == 0


def test_a_cached_failure_heals_by_one_refresh_without_waiting(
    run: Run, app_service: AppService, clock: Clock
) -> None:
    statuses = iter(["AccessToKeyVaultDenied", "Resolved"])
    app_service.resolve = lambda _: next(statuses)
    said: list[str] = []
    assert run(say=said.append).ready
    assert (app_service.refreshes, clock.naps) == (1, [])
    assert said == [
        "app-shop: asked App Service to resolve the references again",
        "app-shop: 1 of 1 resolved",
    ]


def test_a_grant_that_is_honoured_minutes_later_is_waited_for_with_a_refresh_a_minute(
    run: Run, app_service: AppService, clock: Clock
) -> None:
    app_service.resolve = lambda _: "Resolved" if clock.now >= 200 else "AccessToKeyVaultDenied"
    result = run()
    assert result.ready
    assert result.waited == 240
    assert app_service.refreshes == 5


def test_without_refresh_a_cached_failure_stays_until_the_time_is_up(
    run: Run, app_service: AppService, clock: Clock
) -> None:
    app_service.resolve = lambda _: "Resolved" if clock.now else "AccessToKeyVaultDenied"
    result = run(refresh=False, timeout=12)
    assert not result.ready
    assert (app_service.refreshes, clock.naps) == (0, [5, 5, 2])
    assert result.summary() == "Not ready after 12 seconds: 0 of 1 Key Vault reference is resolved."


def test_a_forced_refresh_brings_a_rotated_value_although_all_is_resolved(
    run: Run, app_service: AppService
) -> None:
    assert run(refresh=True).ready
    assert app_service.refreshes == 1


def test_no_time_to_wait_still_allows_one_refresh(run: Run, app_service: AppService, clock: Clock) -> None:
    app_service.resolve = lambda _: "AccessToKeyVaultDenied"
    assert not run(timeout=0).ready
    assert (app_service.refreshes, clock.naps) == (1, [])


@pytest.mark.parametrize(("status", "refreshes"), [("InvalidSyntax", 0), ("MSINotEnabled", 1)])
def test_it_does_not_wait_for_what_only_a_deployment_can_mend(
    run: Run, app_service: AppService, clock: Clock, status: str, refreshes: int
) -> None:
    app_service.settings = ["A", "B"]
    app_service.resolve = lambda setting: status if setting == "A" else "FetchTimedOut"
    app_service.settings = ["A"]
    assert not run().ready
    assert (app_service.refreshes, clock.naps) == (refreshes, [])


def test_a_reference_that_was_not_tried_yet_is_waited_for_without_a_refresh(
    run: Run, app_service: AppService, clock: Clock
) -> None:
    app_service.resolve = lambda _: "Initialized"
    assert not run(timeout=10).ready
    assert (app_service.refreshes, clock.naps) == (0, [5, 5])


def test_progress_is_said_only_when_something_changes(run: Run, app_service: AppService) -> None:
    app_service.settings = ["A", "B"]
    app_service.resolve = lambda setting: "Resolved" if setting == "A" else "Initialized"
    said: list[str] = []
    run(timeout=60, say=said.append)
    assert said == ["app-shop: 1 of 2 resolved; B is Initialized"]


def test_several_apps_are_checked_in_the_order_given(run: Run, app_service: AppService) -> None:
    other = APP.replace("app-shop", "app-till")
    assert [item.app_id for item in run(other, APP).references] == [other, APP]
    assert len(app_service.asked) == 2


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("app-shop", "a text of 8 characters; character 1, 'a', is not allowed there"),
        (f"{APP}/slots", f"a text of {len(APP) + 6} characters"),
        (APP.replace("Web/sites", "Web/serverfarms"), f"a text of {len(APP) + 6} characters"),
    ],
)
def test_what_is_not_an_apps_id_is_refused_before_anything_is_asked_and_not_repeated(
    run: Run, app_service: AppService, text: str, given: str
) -> None:
    with pytest.raises(ValueError, match="not the id of an app") as refused:
        run(text)
    assert str(refused.value) == (
        f"not the id of an app: {given}. Expected "
        "/subscriptions/…/resourceGroups/…/providers/Microsoft.Web/sites"
        "/NAME, as `az webapp show --query id` prints it."
    )
    assert app_service.asked == []


@pytest.mark.parametrize(
    ("status", "advice"),
    [
        (401, "Azure does not know who asks. Sign in with `az login`, or give a pipeline its credentials. "),
        (403, "Reading needs the role Reader on the app, and a refresh Website Contributor. Azure says: "),
        (404, "Check the id, the tenant and the subscription. Azure says: "),
        (409, "Azure says: "),
    ],
)
def test_what_azure_refuses_is_one_sentence_with_advice(
    run: Run, app_service: AppService, status: int, advice: str
) -> None:
    app_service.failure = (status, {"error": {"code": "No", "message": "because"}}, {})
    with pytest.raises(NotReachableError) as error:
        run()
    assert str(error.value) == f"app-shop could not be asked its Key Vault references: {advice}(No) because"


def test_an_unreachable_azure_is_one_sentence(run: Run, app_service: AppService) -> None:
    app_service.failure = requests.ConnectionError("no route")
    with pytest.raises(NotReachableError) as error:
        run(retry_total=0)
    assert str(error.value) == (
        "app-shop could not be asked its Key Vault references: Azure was not reached. no route"
    )


def test_a_slot_is_asked_for_its_own_references_and_its_own_identity(
    run: Run, app_service: AppService
) -> None:
    slot = f"{APP}/slots/staging"
    app_service.resolve = lambda _: "AccessToKeyVaultDenied"
    result = run(slot, timeout=0, refresh=True)
    assert [(item.app_id, item.status) for item in result.references] == [(slot, "AccessToKeyVaultDenied")]
    assert app_service.asked == [
        f"GET {slot}/config/configreferences/appsettings",
        f"POST {slot}/config/configreferences/appsettings/refresh",
        f"GET {slot}/config/configreferences/appsettings",
        f"GET {slot}",
        f"GET {IDENTITY}",
    ]


def test_the_remedy_for_a_slot_names_the_slot(run: Run, app_service: AppService) -> None:
    app_service.identity, app_service.reference_identity = {"type": "None"}, None
    app_service.resolve = lambda _: "MSINotEnabled"
    (report,) = run(f"{APP}/slots/staging", timeout=0).references
    assert report.cause == "app-shop/slots/staging has no managed identity."
    assert "--name app-shop --slot staging" in report.remedy
