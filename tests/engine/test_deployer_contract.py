"""A deployer with exactly the contract deploys; one without is refused, and told what it lacks (R11 R12)."""

import re
import uuid
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError
from azure.mgmt.authorization import AuthorizationManagementClient
from azure.mgmt.resource.resources import ResourceManagementClient

from local_azure.constants import DEPLOYER, SUBSCRIPTION_ID, VAULT_OFFICERS, VAULT_READERS
from loop.stack import EngineError
from tests.engine.conftest import Loop

SCOPE = f"/subscriptions/{SUBSCRIPTION_ID}"
USER, OFFICER = "4633458b-17de-408a-b874-0445c86b69e6", "b86a8fe4-44ce-4948-aee5-eccb2c155cd7"


def give_deployer(loop: Loop, *roles: str, condition: str | None = None, scope: str = SCOPE) -> None:
    """Take the local deployer's Owner away, and give these roles on the scope instead."""
    client: Any = AuthorizationManagementClient(loop.session.credential, SUBSCRIPTION_ID)
    named = {one.role_name: one.id for one in client.role_definitions.list(SCOPE)}
    owner = [
        one.id
        for one in client.role_assignments.list_for_scope(SCOPE)
        if one.principal_id == DEPLOYER.object_id
    ]
    for role in roles:
        properties = {
            "principalId": DEPLOYER.object_id,
            "principalType": "ServicePrincipal",
            "roleDefinitionId": named[role],
        }
        if condition and role.startswith("Role Based"):
            limit = condition.replace("$deployer", DEPLOYER.object_id)
            properties |= {"condition": limit, "conditionVersion": "2.0"}
        client.role_assignments.create(scope, str(uuid.uuid4()), {"properties": properties})
    for id in owner:
        client.role_assignments.delete_by_id(id)


def test_a_deployer_with_exactly_the_contract_deploys_and_takes_away(loop: Loop) -> None:
    outputs = loop.up()
    needed = outputs["deployer_contract"]
    loop.stack.destroy()
    assert needed["roles"].splitlines() == [
        f"{role} on /subscriptions/$subscription ({why})"
        for role, why in (
            ("Contributor", "creates and changes what is declared"),
            ("Role Based Access Control Administrator", "grants, under the condition"),
        )
    ]
    roles = [line.partition(" on ")[0] for line in needed["roles"].splitlines()]
    give_deployer(loop, *roles, condition=needed["condition"])

    outputs = loop.up()

    assert len(loop.grants()) == 1
    assert len(loop.grants("Group")) == 2
    loop.stack.refresh("--expect-no-changes")
    loop.stack.destroy()
    assert (loop.grants(), loop.grants("Group")) == (set(), set())


def test_a_deployer_of_one_resource_group_deploys_there_and_lets_nobody_in_elsewhere(loop: Loop) -> None:
    resources: Any = ResourceManagementClient(loop.session.credential, SUBSCRIPTION_ID)
    groups = [f"{SCOPE}/resourceGroups/{name}" for name in ("rg-keyless", "rg-other")]
    for group in groups:
        resources.resource_groups.create_or_update(group.rpartition("/")[2], {"location": "westeurope"})
    needed = loop.up(resourceGroupName="rg-keyless")["deployer_contract"]
    loop.stack.destroy()
    lines = needed["roles"].splitlines()
    assert {line.partition(" on ")[2].partition(" (")[0] for line in lines} == {
        "/subscriptions/$subscription/resourceGroups/rg-keyless"
    }
    roles = [line.partition(" on ")[0] for line in lines]
    give_deployer(loop, *roles, condition=needed["condition"], scope=groups[0])

    outputs = loop.up(resourceGroupName="rg-keyless")

    assert outputs["resource_group"] == "rg-keyless"
    assert outputs["vault_id"].startswith(f"{groups[0]}/providers/")
    loop.stack.refresh("--expect-no-changes")
    attempts = (
        (outputs["principal_id"], groups[1], USER),
        (DEPLOYER.object_id, outputs["vault_id"], USER),
        (DEPLOYER.object_id, outputs["vault_id"], OFFICER),
        (outputs["principal_id"], outputs["vault_id"], OFFICER),
    )
    for principal_id, scope, role in attempts:
        with pytest.raises(HttpResponseError) as refused:
            loop.grant(principal_id, scope, role)
        assert refused.value.status_code == 403
    loop.stack.destroy()


def test_roles_on_the_group_that_the_program_made_are_enough_for_later_runs(loop: Loop) -> None:
    needed = loop.up()["deployer_contract"]
    outputs = loop.up(secrets={}, secretOfficers={})
    assert (len(loop.grants()), len(loop.grants("Group"))) == (0, 1)
    group = f"{SCOPE}/resourceGroups/{outputs['resource_group']}"
    roles = [line.partition(" on ")[0] for line in needed["roles"].splitlines()]
    give_deployer(loop, *roles, condition=needed["condition"], scope=group)

    outputs = loop.up()

    assert outputs["resource_group"] == group.rpartition("/")[2]
    assert (USER, outputs["principal_id"], outputs["vault_id"].lower()) in loop.grants()
    assert len(loop.grants("Group")) == 2
    loop.stack.refresh("--expect-no-changes")
    loop.stack.destroy()


def test_a_contributor_is_refused_and_told_where_the_missing_role_stands(loop: Loop) -> None:
    give_deployer(loop, "Contributor")
    with pytest.raises(EngineError) as refused:
        loop.up()
    output = refused.value.output
    assert "does not have authorization to perform action" in output
    assert "'Microsoft.Authorization/roleAssignments/write'" in output
    assert "Who deploys may not grant that. The output deployer_contract lists the roles" in output


def test_a_condition_that_lacks_a_role_is_named(loop: Loop) -> None:
    needed = loop.up(secretOfficers={})["deployer_contract"]
    loop.stack.destroy()
    give_deployer(
        loop, "Contributor", "Role Based Access Control Administrator", condition=needed["condition"]
    )
    with pytest.raises(EngineError) as refused:
        loop.up()  # with the stack file's officers
    output = refused.value.output
    assert "or an ABAC condition not fulfilled" in output
    assert (
        f"it has to allow {OFFICER} for Group {VAULT_OFFICERS.object_id}, and lets no deployer in" in output
    )


def test_a_first_preview_reports_the_contract_whose_registrations_are_all_that_it_takes(
    loop: Loop, subtests: pytest.Subtests
) -> None:
    """(G1)"""
    providers: Any = ResourceManagementClient(loop.session.credential, SUBSCRIPTION_ID).providers
    served = [one.namespace for one in providers.list()]
    for namespace in served:
        providers.unregister(namespace)
    loop.stack.write_configuration({})
    shown = loop.stack.preview("--show-full-output")
    with subtests.test("a first preview reports the contract"):
        assert "Microsoft.KeyVault, Microsoft.ManagedIdentity, Microsoft.Web" in shown
        for pair in ((OFFICER, VAULT_OFFICERS.object_id), (USER, VAULT_READERS.object_id)):
            for value in pair:
                assert f"ForAnyOfAnyValues:GuidEquals {{{value}}}" in shown
        assert "ForAnyOfAllValues:GuidNotEquals {$deployer}" in shown
        assert "az provider register --namespace Microsoft.ManagedIdentity --wait" in shown
    with subtests.test("the registrations that the contract lists are all that it takes"):
        with pytest.raises(EngineError) as refused:
            loop.up()
        assert "MissingSubscriptionRegistration" in refused.value.output

        listed = set(re.findall(r"az provider register --namespace ([\w.]+) --wait", shown))
        assert listed < set(served)
        for namespace in listed:
            providers.register(namespace)
        outputs = loop.up()

        assert set(outputs["deployer_contract"]["resource_providers"].split(", ")) == listed
