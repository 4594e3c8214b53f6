"""ContainerApp, ContainerAppJob and their environment: everything by identity, and nothing before its
grant."""

import asyncio
from typing import Any, cast

import pulumi
import pytest

from components.hosts.container_apps.secrets import secret_name
from components.hosts.container_apps.workload import _explain, _until_let_in  # pyright: ignore[reportPrivateUsage]
from tests.unit.components.answering_azure import (
    CLIENT,
    ENDPOINT,
    IDENTITY,
    STORAGE,
    STORAGE_ENDPOINT,
    SUFFIX,
    WORKSPACE,
)
from tests.unit.components.container_apps import (
    ENVIRONMENT,
    PULLED,
    PULLER,
    SECRETS,
    container_app,
    environment,
    environment_problems,
    job,
    job_problems,
    problems,
)
from tests.unit.components.recorded_azure import Deployment

OWN = IDENTITY.replace("id-team", f"id-shop-dev-{SUFFIX}")
BLOBS: dict[str, Any] = {"blobs": {"id": STORAGE, "endpoint": STORAGE_ENDPOINT}}
QUEUE = {"type": "azure-servicebus", "metadata": {"queueName": "orders", "namespace": "sbns-team"}}


def written(deployment: Deployment, type_: str = "app:ContainerApp") -> dict[str, Any]:
    (one,) = deployment.all(type_)
    return dict(one.inputs)


def env(inputs: dict[str, Any]) -> dict[str, dict[str, Any]]:
    (container,) = inputs["template"]["containers"]
    return {one["name"]: one for one in container["env"]}


def test_an_app_is_an_identity_its_grants_and_a_container_app_and_nothing_else() -> None:
    deployment = container_app(**SECRETS, **PULLED)
    assert deployment.counts() == {
        "app:ContainerApp": 1,
        "authorization:RoleAssignment": 2,
        "managedidentity:UserAssignedIdentity": 1,
    }
    who = f"Identity id-shop-dev-{SUFFIX} may"
    assert sorted(deployment.plain_outputs["access"]) == [
        f"{who} pull images in container registry crteam (AcrPull).",
        f"{who} read the values of secrets in key vault kv-team (Key Vault Secrets User).",
    ]


def test_the_app_is_written_after_each_grant_that_its_write_reads_with() -> None:
    deployment = container_app(**SECRETS, **PULLED)
    (app,) = deployment.all("app:ContainerApp")
    order = [one.type for one in deployment.resources]
    assert max(i for i, one in enumerate(order) if "RoleAssignment" in one) < order.index(app.type)


def test_secrets_are_addresses_in_a_vault_with_the_identity_and_never_values() -> None:
    inputs = written(container_app(**SECRETS))
    assert inputs["configuration"]["secrets"] == [
        {"identity": OWN, "keyVaultUrl": f"{ENDPOINT.rstrip('/')}/secrets/db", "name": "db-password"}
    ]
    assert env(inputs) == {
        "AZURE_CLIENT_ID": {"name": "AZURE_CLIENT_ID", "value": CLIENT},
        "AZURE_KEY_VAULT_ENDPOINT": {"name": "AZURE_KEY_VAULT_ENDPOINT", "value": ENDPOINT},
        "DB_PASSWORD": {"name": "DB_PASSWORD", "secretRef": "db-password"},
    }


def test_two_variables_never_share_a_secret() -> None:
    names = ["DB_PASSWORD", "db_password", "DB__PASSWORD", "_DB_PASSWORD", "DB_PASSWORD_", "Db_Password", "_"]
    called = [secret_name(name) for name in names]
    assert called[0] == "db-password"
    assert len(set(called)) == len(names)
    assert all(one == one.lower() and one[0] != "-" and one[-1] != "-" for one in called)


def test_the_registry_is_opened_by_identity_and_has_no_password() -> None:
    inputs = written(container_app(**PULLED))
    assert inputs["configuration"]["registries"] == [{"identity": OWN, "server": "crteam.azurecr.io"}]
    assert "identitySettings" not in inputs["configuration"]


def test_an_identity_that_only_pulls_is_none_that_code_can_use() -> None:
    deployment = container_app(**PULLED, pull_identity_id=PULLER)
    inputs = written(deployment)
    assert inputs["configuration"]["registries"] == [{"identity": PULLER, "server": "crteam.azurecr.io"}]
    assert inputs["configuration"]["identitySettings"] == [{"identity": PULLER, "lifecycle": "None"}]
    assert inputs["identity"] == {"type": "UserAssigned", "userAssignedIdentities": [OWN, PULLER]}
    assert deployment.all("RoleAssignment") == []


def test_a_public_image_is_pulled_by_nobody() -> None:
    assert "registries" not in written(container_app())["configuration"]


def test_nobody_reaches_an_app_without_a_port_and_one_with_a_port_only_under_tls_from_inside() -> None:
    assert "ingress" not in written(container_app())["configuration"]
    inputs = written(container_app(target_port=8000))
    assert inputs["configuration"]["ingress"] == {
        "allowInsecure": False,
        "external": False,
        "targetPort": 8000,
        "traffic": [{"latestRevision": True, "weight": 100}],
        "transport": "auto",
    }
    assert env(inputs)["PORT"] == {"name": "PORT", "value": "8000"}
    assert (
        written(container_app(target_port=8000, external=True))["configuration"]["ingress"]["external"]
        is True
    )


def test_a_setting_of_ones_own_is_told_beside_what_is_derived() -> None:
    told = env(written(container_app(target_port=80, settings={"PORT": "81", "WHO": "{AZURE_CLIENT_ID}"})))
    assert {name: one["value"] for name, one in told.items()} == {
        "AZURE_CLIENT_ID": CLIENT,
        "PORT": "81",
        "WHO": CLIENT,
    }


def test_processors_come_with_their_memory_and_replicas_with_their_limits() -> None:
    inputs = written(
        container_app(cpu="1.25", min_replicas=1, max_replicas=3, command=["python"], arguments=["-m", "x"])
    )
    (container,) = inputs["template"]["containers"]
    assert container["resources"] == {"cpu": 1.25, "memory": "2.5Gi"}
    assert (container["command"], container["args"]) == (["python"], ["-m", "x"])
    assert inputs["template"]["scale"] == {"maxReplicas": 3, "minReplicas": 1}
    assert inputs["environmentId"] == ENVIRONMENT
    (least,) = written(container_app())["template"]["containers"]
    assert least["resources"] == {"cpu": 0.5, "memory": "1Gi"}
    assert "command" not in least


def test_a_scale_rule_asks_with_the_identity_and_one_that_asks_nobody_has_none() -> None:
    rules = {"orders": QUEUE, "busy": {"type": "http", "metadata": {"concurrentRequests": "20"}}}
    inputs = written(container_app(scale_rules=rules))
    assert inputs["template"]["scale"]["rules"] == [
        {
            "custom": {"identity": OWN, "metadata": QUEUE["metadata"], "type": "azure-servicebus"},
            "name": "orders",
        },
        {"http": {"metadata": {"concurrentRequests": "20"}}, "name": "busy"},
    ]


@pytest.mark.parametrize(
    "key", ["connection", "connectionFromEnv", "passwordFromEnv", "accountKey", "hostFromEnv"]
)
def test_a_scale_rule_with_a_key_is_refused(key: str) -> None:
    said = problems(scale_rules={"orders": {"type": "azure-queue", "metadata": {key: "x"}}})
    assert "no key: the rule is asked with the identity" in said


def test_probes_ask_the_path_and_without_one_azure_looks_whether_the_port_answers() -> None:
    (container,) = written(container_app(target_port=80, health_path="/health"))["template"]["containers"]
    assert [(one["type"], one["httpGet"]) for one in container["probes"]] == [
        (kind, {"path": "/health", "port": 80}) for kind in ("Liveness", "Readiness", "Startup")
    ]
    # Code that takes its time to start is not stopped before it has.
    assert [(one.get("failureThreshold"), one.get("periodSeconds")) for one in container["probes"]] == [
        (None, None), (None, None), (10, 10),
    ]  # fmt: skip
    (without,) = written(container_app(target_port=80))["template"]["containers"]
    assert "probes" not in without


def test_a_system_assigned_identity_is_let_in_after_the_app_where_its_write_reads_nothing_with_it() -> None:
    deployment = container_app(identity="system-assigned", links={"data": BLOBS})
    assert written(deployment)["identity"] == {"type": "SystemAssigned"}
    assert len(deployment.all("RoleAssignment")) == 1
    assert "AZURE_CLIENT_ID" not in env(written(deployment))


@pytest.mark.parametrize("given", [SECRETS, PULLED])
def test_a_system_assigned_identity_is_refused_with_what_the_write_reads(given: dict[str, Any]) -> None:
    said = problems(identity="system-assigned", **given)
    assert "an identity that exists before the host, whose create reads what it is let in to" in said
    assert ("secrets" in said) is ("secrets" in given)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"environment_id": None}, "environment_id"),
        ({"container_image": None}, "the image to run"),
        ({"external": True}, "target_port with it"),
        ({"health_path": "/x"}, "target_port with it"),
        ({"health_path": "x", "target_port": 80}, "a path such as /health"),
        ({"cpu": "0.3"}, "0.25 to 4 in steps of 0.25"),
        ({"cpu": 1}, "a text"),
        ({"command": "python app.py"}, "a plain list of texts"),
        ({"min_replicas": 5, "max_replicas": 2}, "no more at least than at most"),
        ({"pull_identity_id": PULLER}, "the registry that it pulls from"),
        ({"settings": {"IDENTITY_ENDPOINT": "x"}}, "a variable that the platform does not set itself"),
        ({"settings": {"CONTAINER_APP_NAME": "x"}}, "a variable that the platform does not set itself"),
        ({"identity": "none", **PULLED}, "an identity that can pull the image"),
        ({"identity": "none", "scale_rules": {"o": QUEUE}}, "an identity that the rule is asked with"),
        ({"app_name": "Shop"}, "2 to 32 lower-case letters"),
    ],
)
def test_what_contradicts_itself_is_refused_with_what_is_expected(given: dict[str, Any], said: str) -> None:
    assert said in problems(**given)


def test_none_pulls_with_an_identity_that_only_pulls() -> None:
    inputs = written(container_app(identity="none", **PULLED, pull_identity_id=PULLER))
    assert inputs["identity"] == {"type": "UserAssigned", "userAssignedIdentities": [PULLER]}


def test_a_job_is_started_by_hand_by_the_clock_or_by_events() -> None:
    by_hand = written(job(**PULLED), "app:Job")["configuration"]
    assert by_hand["triggerType"] == "Manual"
    assert by_hand["manualTriggerConfig"] == {"parallelism": 1, "replicaCompletionCount": 1}
    assert (by_hand["replicaTimeout"], by_hand["replicaRetryLimit"]) == (1800, 0)
    by_clock = written(job(schedule="0 3 * * *", parallelism=2), "app:Job")["configuration"]
    assert by_clock["triggerType"] == "Schedule"
    assert by_clock["scheduleTriggerConfig"] == {
        "cronExpression": "0 3 * * *",
        "parallelism": 2,
        "replicaCompletionCount": 2,
    }
    assert "manualTriggerConfig" not in by_clock
    by_event = written(job(scale_rules={"orders": QUEUE}, max_executions=3), "app:Job")["configuration"]
    assert by_event["triggerType"] == "Event"
    assert by_event["eventTriggerConfig"]["scale"] == {
        "maxExecutions": 3,
        "minExecutions": 0,
        "rules": [
            {"identity": OWN, "metadata": QUEUE["metadata"], "name": "orders", "type": "azure-servicebus"}
        ],
    }


def test_a_job_has_its_secrets_and_its_image_by_identity_as_an_app_has() -> None:
    deployment = job(**SECRETS, **PULLED, links={"data": BLOBS})
    assert deployment.counts()["authorization:RoleAssignment"] == 3
    inputs = written(deployment, "app:Job")
    assert [one["name"] for one in inputs["configuration"]["secrets"]] == ["db-password"]
    assert inputs["configuration"]["registries"] == [{"identity": OWN, "server": "crteam.azurecr.io"}]
    assert env(inputs)["DB_PASSWORD"] == {"name": "DB_PASSWORD", "secretRef": "db-password"}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"schedule": "at three"}, "five fields of cron"),
        ({"schedule": "0 3 * * *", "scale_rules": {"o": QUEUE}}, "by the clock or by events"),
        ({"max_executions": 2}, "scale_rules with it"),
        ({"timeout_seconds": 0}, "a whole number from 1 to 604800"),
    ],
)
def test_what_starts_a_job_is_one_thing(given: dict[str, Any], said: str) -> None:
    assert said in job_problems(**given)


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ({"schedule": "0 3 * * *", "scale_rules": {}}, "Schedule"),
        ({"schedule": "", "scale_rules": {"o": QUEUE}}, "Event"),
        ({"schedule": "", "scale_rules": {}}, "Manual"),
    ],
)
def test_what_is_empty_starts_nothing_and_contradicts_nothing(given: dict[str, Any], kind: str) -> None:
    assert written(job(**PULLED, **given), "app:Job")["configuration"]["triggerType"] == kind


@pytest.mark.parametrize(
    "schedule",
    [
        "* * * * *",
        "*/15 0,12 1-7 */3 1-5",
        "59 23 31 12 6",
        "0 0 1 1 0",
        "5/10 8-18/2 * * 0,6",
        "0,1-3,30/5 * * * *",
    ],
)
def test_a_schedule_within_crons_ranges_is_written_as_it_stands(schedule: str) -> None:
    by_clock = written(job(**PULLED, schedule=schedule), "app:Job")["configuration"]
    assert by_clock["scheduleTriggerConfig"]["cronExpression"] == schedule


@pytest.mark.parametrize(
    ("schedule", "said"),
    [
        ("60 * * * *", "its minute is not of 0 to 59"),
        ("* 24 * * *", "its hour is not of 0 to 23"),
        ("* * 0 * *", "its day of the month is not of 1 to 31"),
        ("* * 32 * *", "its day of the month is not of 1 to 31"),
        ("* * * 13 *", "its month is not of 1 to 12"),
        ("* * * * 7", "its day of the week is not of 0 to 6, from Sunday on"),
        ("30-10 * * * *", "its minute is not of 0 to 59"),
        ("*/0 * * * *", "its minute is not of 0 to 59"),
        ("*-5 * * * *", "its minute is not of 0 to 59"),
        ("1,, * * * *", "its minute is not of 0 to 59"),
        (", * * * *", "its minute is not of 0 to 59"),
        ("* * * * MON", "its day of the week is not of 0 to 6, from Sunday on"),
        ("0 0 3 * * *", "6 fields"),
        ("0  3 * * *", "6 fields"),
        ("@daily", "one field"),
        ("60 24 * * *", "its minute is not of 0 to 59 and its hour is not of 0 to 23"),
        ("\u0663 3 * * *", "its minute is not of 0 to 59"),
    ],
)
def test_a_schedule_out_of_crons_ranges_is_refused_with_the_field_and_never_repeated(
    schedule: str, said: str
) -> None:
    told = job_problems(schedule=schedule)
    assert f"{said}, a text of {len(schedule)} characters" in told
    assert schedule not in told


def test_an_environment_takes_no_key_of_a_workspace_and_encrypts_between_its_apps() -> None:
    deployment = environment(diagnostics_workspace_id=WORKSPACE)
    inputs = written(deployment, "app:ManagedEnvironment")
    assert inputs["appLogsConfiguration"] == {"destination": "azure-monitor"}
    assert inputs["peerTrafficConfiguration"] == {"encryption": {"enabled": True}}
    assert inputs["publicNetworkAccess"] == "Enabled"
    assert deployment.counts() == {"app:ManagedEnvironment": 1, "monitor:DiagnosticSetting": 1}
    without = environment()
    assert written(without, "app:ManagedEnvironment")["appLogsConfiguration"] == {"destination": "none"}
    assert without.counts() == {"app:ManagedEnvironment": 1}


def test_an_internal_environment_has_no_public_address_and_a_subnet() -> None:
    subnet = (
        ENVIRONMENT.partition("/providers/")[0] + "/providers/Microsoft.Network/virtualNetworks/v/subnets/s"
    )
    inputs = written(
        environment(subnet_id=subnet, internal=True, zone_redundant=True), "app:ManagedEnvironment"
    )
    assert inputs["publicNetworkAccess"] == "Disabled"
    assert inputs["vnetConfiguration"] == {"infrastructureSubnetId": subnet, "internal": True}
    assert inputs["zoneRedundant"] is True
    for key in ("internal", "zone_redundant"):
        assert "a network of your own with it" in environment_problems(**{key: True})


class _About(pulumi.Resource):
    def __init__(self) -> None:
        """Is registered nowhere."""


def failed(*errors: str, operation: str = "create") -> pulumi.ErrorHookArgs:
    about: dict[str, object] = {"errors": list(errors), "failed_operation": operation, "new_inputs": {}}
    return cast(pulumi.ErrorHookArgs, type("Failed", (), about)())


def test_only_the_refusal_to_read_with_the_identity_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    monkeypatch.setattr("components.tried_again.asyncio.sleep", sleep)
    monkeypatch.setattr(pulumi.log, "info", print)
    again = _until_let_in(_About())
    secret = "Unable to get value using Managed identity /subscriptions/x for secret db-password"
    image = "unable to pull image using Managed identity /subscriptions/x for registry crteam.azurecr.io"
    assert asyncio.run(cast(Any, again(failed(secret)))) is True
    assert asyncio.run(cast(Any, again(failed(image, secret)))) is True
    assert asyncio.run(cast(Any, again(failed('Code="ManagedEnvironmentNotFound"', secret)))) is False
    assert waits == [1, 2]
    words = _explain(failed(secret))
    assert words is not None
    assert "the subnet of the environment" in words
    assert _explain(failed("another")) is None


def test_what_azure_made_and_could_not_start_is_not_created_again_but_written_by_the_next_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def sleep(seconds: float) -> None:
        assert seconds

    monkeypatch.setattr("components.tried_again.asyncio.sleep", sleep)
    monkeypatch.setattr(pulumi.log, "info", print)
    image = 'Code="ContainerAppOperationError" unable to pull image using Managed identity /subscriptions/x'
    again = _until_let_in(_About())
    assert asyncio.run(cast(Any, again(failed(image)))) is False
    assert asyncio.run(cast(Any, again(failed(image, operation="update")))) is True
    words = _explain(failed(image))
    assert words is not None
    assert "run the same command again" in words
    updated = _explain(failed(image, operation="update"))
    assert updated is not None
    assert "has not been let in for ten minutes" in updated
