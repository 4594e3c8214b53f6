"""An app that has an identity which was deleted and made again is not told of the new one in silence."""

from collections.abc import Mapping
from typing import Any

import pytest

from components import FunctionApp, WebApp, WebAppSlot
from components.errors import ConfigurationError
from tests.unit.components import answering_azure as azure
from tests.unit.components.recorded_azure import deploy

GROUP = {"resource_group_name": "rg-team", "app_name": "app-team"}
DEAD = "c11e4700-0000-4000-8000-0000000000de"


@pytest.fixture
def dead(monkeypatch: pytest.MonkeyPatch) -> None:
    """Azure answers of a site that it has the identity under the client id of an earlier one."""
    answered = azure._as_answered  # pyright: ignore[reportPrivateUsage]

    def as_before(identity: Mapping[str, Any]) -> dict[str, Any]:
        found = answered(identity)
        found["userAssignedIdentities"] = {
            id.upper(): {**ids, "clientId": DEAD} for id, ids in found["userAssignedIdentities"].items()
        }
        return found

    monkeypatch.setattr(azure, "_as_answered", as_before)


@pytest.mark.usefixtures("dead")
@pytest.mark.parametrize("component", [WebApp, FunctionApp])
def test_the_dead_one_is_refused_with_the_commands_that_attach_the_living_one(component: Any) -> None:
    with pytest.raises(ConfigurationError) as refused:
        deploy(lambda: component("shop", GROUP))
    (problem,) = refused.value.problems
    assert (problem.subject, problem.expected) == ("identity", "the identity that is there now")
    (step,) = problem.steps
    remove, assign = step.command.split(" && ")
    assert remove.startswith("az webapp identity remove --resource-group rg-team --name app-team")
    assert assign == remove.replace("remove", "assign")
    assert remove.partition(" --identities ")[2].startswith(azure.GROUP)


@pytest.mark.usefixtures("dead")
def test_a_slot_is_attached_as_a_slot() -> None:
    slot: Any = {
        "app_id": f"{azure.GROUP}/providers/Microsoft.Web/sites/app-team",
        "plan_id": azure.PLAN,
        "slot_name": "canary",
        "sticky_settings": ["AZURE_CLIENT_ID", "AZURE_KEY_VAULT_ENDPOINT"],
    }
    with pytest.raises(
        ConfigurationError, match="--name app-team --slot canary --identities /subscriptions/"
    ):
        deploy(lambda: WebAppSlot("shop", slot))


@pytest.mark.usefixtures("dead")
def test_a_preview_that_does_not_know_the_new_one_refuses_nothing() -> None:
    deploy(lambda: WebApp("shop", {"resource_group_name": "rg-team"}), "first preview")


@pytest.mark.usefixtures("dead")
def test_ids_that_were_given_are_not_compared() -> None:
    ids = {"identity_client_id": azure.CLIENT, "identity_principal_id": azure.PRINCIPAL}
    given: Any = {**GROUP, "identity": "existing", "identity_id": azure.IDENTITY, **ids}
    deploy(lambda: WebApp("shop", given))
