"""Take the grant away and the app is refused; `refresh`, `up` and the readiness check bring it back."""

from typing import Any

from azure.mgmt.authorization import AuthorizationManagementClient
from azure.mgmt.web import WebSiteManagementClient
from azure.mgmt.web.models import ResolveStatus

from local_azure.constants import SUBSCRIPTION_ID
from tests.engine.conftest import SECRETS, Loop


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


def test_an_app_whose_grant_is_removed_by_hand_is_refused_and_comes_back_with_refresh_and_up(
    loop: Loop,
) -> None:
    outputs = loop.up()
    loop.deliver(outputs)
    assert loop.readiness(outputs).ready
    (grant,) = the_apps_grants(loop)
    client = AuthorizationManagementClient(loop.session.credential, SUBSCRIPTION_ID)
    client.role_assignments.delete_by_id(grant)

    status = loop.app_status(outputs)
    for secret in status["secrets"]:
        assert not secret["client"]["arrived"]
        assert "Caller is not authorized to perform action on resource." in secret["client"]["reason"]
    refused = loop.readiness(outputs, seconds=0, refresh=True)
    assert not refused.ready
    assert {reference.status for reference in refused.references} == {"AccessToKeyVaultDenied"}
    assert reference_statuses(loop, outputs) == {ResolveStatus.ACCESS_TO_KEY_VAULT_DENIED}

    loop.stack.refresh()
    loop.up()
    assert the_apps_grants(loop) == {grant}
    assert loop.readiness(outputs).ready
    status = loop.app_status(outputs)
    assert sorted(secret["environment_variable"] for secret in status["secrets"]) == sorted(SECRETS)
    assert all(secret["client"]["arrived"] and secret["reference"]["arrived"] for secret in status["secrets"])
