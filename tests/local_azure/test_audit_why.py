"""`python -m audit why` says of each call what the data plane, or Resource Manager, then really does."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError
from azure.mgmt.resource.locks import ManagementLockClient

from audit.why.command_line import answered, main
from audit.why.question import Answer, Question, Step, together
from local_azure.constants import DEPLOYER, SUBSCRIPTION_ID
from local_azure.entra.directory import Principal
from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure.vault_stage import GROUP, VaultStage

READ = "Microsoft.KeyVault/vaults/secrets/getSecret/action"
DELETE = "Microsoft.KeyVault/vaults/delete"
USER = "Key Vault Secrets User"
OUTSIDE = "203.0.113.9"
HERE = "198.51.100.7"
"""The address that a person at this machine has for the local Azure."""


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VaultStage]:
    with LocalAzure(begun(tmp_path_factory.mktemp("azure"))) as local:
        yield VaultStage(local)


def why(stage: VaultStage, who: Principal, vault: str, **more: str) -> tuple[Answer, list[Step]]:
    """The answer for a read of the vault's secret `password`."""
    scope = f"{stage.id(vault)}/secrets/password"
    asked = Question(
        who.object_id, more.pop("action", READ), more.pop("scope", scope), more.pop("address", HERE)
    )
    steps = answered(asked, stage.holder(deployer(stage)), **stage.trust)
    return together(steps), steps


def deployer(stage: VaultStage) -> Principal:
    return stage.person(DEPLOYER)


def reads(stage: VaultStage, who: Principal, vault: str) -> bool:
    """Whether the data plane lets somebody read it."""
    try:
        stage.secrets(vault, who).get_secret("password")
    except HttpResponseError as error:
        if error.status_code == 403:
            return False
        raise
    return True


def kept(stage: VaultStage, **properties: Any) -> str:
    vault = stage.vault()
    stage.officer_of(vault).set_secret("password", "a value")
    if properties:
        stage.vault(vault, **properties)
    return vault


def test_the_answer_is_what_the_data_plane_does_wherever_and_as_what_somebody_is_let_in(
    stage: VaultStage,
) -> None:
    vault = kept(stage)
    secret, id = f"{stage.id(vault)}/secrets/password", stage.id(vault)
    callers = {
        "nobody": stage.identity(),
        "on the secret": stage.with_role(USER, secret),
        "on the vault": stage.with_role(USER, id),
        "on the group": stage.with_role(USER, stage.group),
        "another secret": stage.with_role(USER, f"{id}/secrets/other"),
        "another role": stage.with_role("Key Vault Reader", id),
        "an owner": stage.with_role("Owner", id),
        "a role of one's own": stage.with_actions(vault, ["secrets/getSecret/action"]),
        "a role without it": stage.with_actions(vault, ["secrets/setSecret/action"]),
    }
    said = {name: why(stage, who, vault)[0] for name, who in callers.items()}
    done = {name: reads(stage, who, vault) for name, who in callers.items()}
    assert done == {name: answer is Answer.ALLOWED for name, answer in said.items()}
    assert {name for name, is_read in done.items() if is_read} == {
        "on the secret", "on the vault", "on the group", "a role of one's own",
    }  # fmt: skip


def test_it_names_the_assignment_that_let_somebody_in_and_those_that_did_not(stage: VaultStage) -> None:
    vault = kept(stage)
    who = stage.identity()
    reader = stage.grant(stage.id(vault), "Owner", who.object_id)
    grant = stage.grant(f"{stage.id(vault)}/secrets/password", USER, who.object_id)
    answer, steps = why(stage, who, vault)
    by_subject = {step.subject: step for step in steps}
    assert answer is Answer.ALLOWED
    assert by_subject[f"role assignment {grant.name}"].answer is Answer.ALLOWED
    idle = by_subject[f"role assignment {reader.name}"]
    assert (idle.answer, idle.words.startswith("Owner on ")) == (None, True)
    assert idle.words.endswith("does not allow it, whose action of this name is not one on data")
    assert [step.subject for step in steps][-1] == "network"


def test_a_member_of_a_group_is_let_in_by_the_groups_assignment(stage: VaultStage) -> None:
    vault = kept(stage)
    who, group = stage.identity(), stage.identity()
    stage.azure.entra.add_member(group.object_id, who.object_id)
    grant = stage.grant(stage.id(vault), USER, group.object_id)
    answer, steps = why(stage, who, vault)
    assert answer is Answer.ALLOWED
    assert reads(stage, who, vault)
    assert [s.subject for s in steps if s.answer][:1] == [f"role assignment {grant.name} by a group"]


def test_a_vault_by_access_policies_looks_at_no_role(stage: VaultStage) -> None:
    who = stage.identity()
    vault = kept(stage)
    stage.grant(stage.id(vault), USER, who.object_id)
    assert why(stage, who, vault)[0] is Answer.ALLOWED
    stage.vault(vault, enableRbacAuthorization=False, accessPolicies=[])
    answer, steps = why(stage, who, vault)
    assert answer is Answer.REFUSED
    assert not reads(stage, who, vault)
    assert [step.subject for step in steps] == ["permission model", "network"]
    assert steps[0].words.endswith("the principal has none. Those of groups are not seen here")


def test_a_closed_network_refuses_whoever_has_the_role(stage: VaultStage) -> None:
    vault = kept(stage, networkAcls={"defaultAction": "Deny", "ipRules": [{"value": "192.0.2.0/24"}]})
    who = stage.with_role(USER, stage.id(vault))
    answer, steps = why(stage, who, vault)
    assert (answer, steps[-1].words) == (Answer.REFUSED, f"no rule lets {HERE} in")
    assert not reads(stage, who, vault)
    assert why(stage, who, vault, address="")[0] is Answer.DEPENDS
    assert why(stage, who, vault, address="192.0.2.9")[0] is Answer.ALLOWED
    stage.vault(vault, networkAcls={"defaultAction": "Deny", "ipRules": [{"value": HERE}]})
    assert why(stage, who, vault)[0] is Answer.ALLOWED
    assert reads(stage, who, vault)
    stage.vault(vault, publicNetworkAccess="Disabled")
    assert why(stage, who, vault)[0] is Answer.REFUSED
    assert not reads(stage, who, vault)


def test_a_lock_refuses_a_change_and_leaves_data_alone(stage: VaultStage) -> None:
    vault = kept(stage)
    who = stage.with_role("Owner", stage.id(vault))
    stage.grant(stage.id(vault), USER, who.object_id)
    asked = {"action": DELETE, "scope": stage.id(vault)}
    assert why(stage, who, vault, **asked)[0] is Answer.ALLOWED
    client: Any = ManagementLockClient(stage.holder(deployer(stage)), SUBSCRIPTION_ID, **stage.trust)
    client.management_locks.create_or_update_by_scope(stage.id(vault), "keep", {"level": "CanNotDelete"})
    answer, steps = why(stage, who, vault, **asked)
    assert (answer, steps[-1].subject) == (Answer.REFUSED, "lock keep")
    with pytest.raises(HttpResponseError) as refused:
        stage.vault_clients(stage.holder(who))[0].delete(GROUP, vault)
    assert refused.value.status_code == 409
    assert why(stage, who, vault)[0] is Answer.ALLOWED
    assert reads(stage, who, vault)


def test_a_condition_depends_only_where_it_speaks_of_the_action(stage: VaultStage) -> None:
    account = f"{stage.group}/providers/Microsoft.Storage/storageAccounts/stwhy{stage.name('x')[-6:]}"
    stage.arm(
        "PUT", account, {"location": "westeurope", "sku": {"name": "Standard_LRS"}, "kind": "StorageV2"}
    )
    blobs = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs"
    named = "@Resource[Microsoft.Storage/storageAccounts/blobServices/containers:name]"
    condition = f"((!(ActionMatches{{'{blobs}/read'}})) OR ({named} StringEquals 'reports'))"
    who = stage.identity()
    stage.grant(
        account, "Storage Blob Data Contributor", who.object_id, condition=condition, conditionVersion="2.0"
    )
    container = f"{account}/blobServices/default/containers/reports"
    answers = {
        verb: together(
            answered(
                Question(who.object_id, f"{blobs}/{verb}", container),
                stage.holder(deployer(stage)),
                **stage.trust,
            )
        )
        for verb in ("read", "write")
    }
    assert answers == {"read": Answer.DEPENDS, "write": Answer.ALLOWED}


def test_the_command_prints_the_answer_and_each_thing_that_decides(
    stage: VaultStage, capsys: pytest.CaptureFixture[str]
) -> None:
    vault = kept(stage)
    who = stage.with_role(USER, stage.id(vault))
    scope = f"{stage.id(vault)}/secrets/password"
    options = ["--principal", who.object_id, "--action", READ, "--scope", scope]
    assert main(options, lambda: stage.holder(deployer(stage)), **stage.trust) == 0
    first, *rest = capsys.readouterr().out.splitlines()
    assert first == f"allowed: {who.object_id} {READ} on {scope}"
    assert [line[:2] for line in rest] == ["+ ", "+ "]
    assert main([*options, "--format", "json"], lambda: stage.holder(deployer(stage)), **stage.trust) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["answer"], told["isOnData"], [s["answer"] for s in told["steps"]]) == (
        "allowed", True, ["allowed", "allowed"],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("principal", "action", "scope", "said"),
    [
        ("web", READ, "/subscriptions/x", "--principal to be an object id in Entra, a GUID"),
        (DEPLOYER.object_id, "read", "/subscriptions/x", "--action to be as Microsoft."),
        (DEPLOYER.object_id, READ, "kv-shop", "--scope to be a resource id"),
    ],
)
def test_a_question_that_is_none_is_refused_with_what_is_expected(
    principal: str, action: str, scope: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert (
        main(["--principal", principal, "--action", action, "--scope", scope], lambda: pytest.fail(said)) == 2
    )
    assert said in capsys.readouterr().err
