"""A deployer with exactly the contract deploys; one without is refused, and told what it lacks (R11 R12)."""

import re
import uuid
from typing import Any

import pytest
from azure.mgmt.authorization import AuthorizationManagementClient
from azure.mgmt.resource.resources import ResourceManagementClient

from local_azure.constants import DEPLOYER, SUBSCRIPTION_ID
from loop.stack import EngineError
from tests.engine.conftest import Loop

SCOPE = f"/subscriptions/{SUBSCRIPTION_ID}"
USER, OFFICER = "4633458b-17de-408a-b874-0445c86b69e6", "b86a8fe4-44ce-4948-aee5-eccb2c155cd7"


def give_deployer(loop: Loop, *roles: str, condition: str | None = None) -> None:
    """Take the local deployer's Owner away, and give these roles on the subscription instead."""
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
            properties |= {"condition": condition, "conditionVersion": "2.0"}
        client.role_assignments.create(SCOPE, str(uuid.uuid4()), {"properties": properties})
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
    assert f"it has to allow {OFFICER} for Group" in output


def test_the_registrations_that_the_contract_lists_are_all_that_it_takes(loop: Loop) -> None:
    """(G1)"""
    providers: Any = ResourceManagementClient(loop.session.credential, SUBSCRIPTION_ID).providers
    served = [one.namespace for one in providers.list()]
    for namespace in served:
        providers.unregister(namespace)
    with pytest.raises(EngineError) as refused:
        loop.up()
    assert "MissingSubscriptionRegistration" in refused.value.output

    shown = loop.stack.preview("--show-full-output")
    listed = set(re.findall(r"az provider register --namespace ([\w.]+) --wait", shown))
    assert listed < set(served)
    for namespace in listed:
        providers.register(namespace)
    outputs = loop.up()

    assert set(outputs["deployer_contract"]["resource_providers"].split(", ")) == listed


def test_a_first_preview_reports_the_contract(loop: Loop) -> None:
    loop.stack.write_configuration({})
    shown = loop.stack.preview("--show-full-output")
    assert "Microsoft.KeyVault, Microsoft.ManagedIdentity, Microsoft.Web" in shown
    assert f"ForAnyOfAnyValues:GuidEquals {{{OFFICER}, {USER}}}" in shown
    assert "az provider register --namespace Microsoft.ManagedIdentity --wait" in shown
