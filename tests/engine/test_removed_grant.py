"""A grant is visible at once and honoured later (R13): `up` and the readiness check still end well. Take it
away and the app is refused; `refresh`, `up` and the readiness check bring it back.
"""

from typing import Any

import pytest
from azure.mgmt.authorization import AuthorizationManagementClient
from azure.mgmt.web import WebSiteManagementClient
from azure.mgmt.web.models import ResolveStatus

from local_azure.constants import SUBSCRIPTION_ID
from tests.engine.conftest import SECRETS, Loop

HONOURED_AFTER = 300
"""Seconds until a grant is honoured."""


def the_apps_grants(loop: Loop) -> set[str]:
    """The ids of the assignments to service principals."""
    return {
        assignment["id"]
        for assignment in loop.assignments()
        if assignment["properties"]["principalType"] == "ServicePrincipal"
    }


def reference_statuses(loop: Loop, outputs: dict[str, Any]) -> set[Any]:
    web_apps = WebSiteManagementClient(loop.session.credential, SUBSCRIPTION_ID).web_apps
    found = web_apps.get_app_settings_key_vault_references(outputs["resource_group"], outputs["app_name"])
    return {reference.status for reference in found}


def test_an_app_gets_in_by_a_late_grant_by_one_that_comes_back_and_by_that_of_another_identity(
    loop: Loop, subtests: pytest.Subtests
) -> None:
    loop.cloud.azure.authorizer.set_propagation(seconds=HONOURED_AFTER)
    outputs = loop.up(identity="user-assigned")
    with subtests.test("every reference is resolved although grants are honoured late"):
        is_denied(loop, outputs)
        loop.cloud.azure.clock.advance(HONOURED_AFTER + 1)
        loop.deliver(outputs)
        every_secret_arrives(loop, outputs)
    with subtests.test("an app whose grant is removed is refused, and comes back with refresh and up"):
        loop.cloud.azure.authorizer.set_propagation()
        _is_refused_and_comes_back(loop, outputs)
    with subtests.test("every reference is resolved although another identity's grants are honoured late"):
        loop.cloud.azure.authorizer.set_propagation(seconds=HONOURED_AFTER)
        outputs = loop.up(identity="system-assigned")
        is_denied(loop, outputs)
        loop.cloud.azure.clock.advance(HONOURED_AFTER + 1)
        every_secret_arrives(loop, outputs)


def is_denied(loop: Loop, outputs: dict[str, Any]) -> None:
    """By its vault: a secret that nobody has written yet is another refusal."""
    refused = loop.readiness(outputs, seconds=0, refresh=True)
    assert not refused.ready
    assert {reference.status for reference in refused.references} == {"AccessToKeyVaultDenied"}


def every_secret_arrives(loop: Loop, outputs: dict[str, Any]) -> None:
    readiness = loop.readiness(outputs)
    assert readiness.ready
    assert {reference.setting: reference.status for reference in readiness.references} == dict.fromkeys(
        SECRETS, "Resolved"
    )
    status = loop.app_status(outputs)
    assert sorted(secret["environment_variable"] for secret in status["secrets"]) == sorted(SECRETS)
    assert all(secret["client"]["arrived"] and secret["reference"]["arrived"] for secret in status["secrets"])


def _is_refused_and_comes_back(loop: Loop, outputs: dict[str, Any]) -> None:
    (grant,) = the_apps_grants(loop)
    client = AuthorizationManagementClient(loop.session.credential, SUBSCRIPTION_ID)
    client.role_assignments.delete_by_id(grant)

    status = loop.app_status(outputs)
    for secret in status["secrets"]:
        assert not secret["client"]["arrived"]
        assert "Caller is not authorized to perform action on resource." in secret["client"]["reason"]
    is_denied(loop, outputs)
    assert reference_statuses(loop, outputs) == {ResolveStatus.ACCESS_TO_KEY_VAULT_DENIED}

    loop.stack.refresh()
    loop.up()
    assert the_apps_grants(loop) == {grant}
    every_secret_arrives(loop, outputs)
