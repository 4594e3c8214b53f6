"""Defaults of container apps, jobs, their environments and container groups."""

from collections.abc import Mapping
from typing import Any, Final

from pulumi_azure_native import app, containerinstance

from components import ContainerApp, ContainerAppEnvironment, ContainerAppJob, ContainerGroup
from tests.unit.components.answering_azure import REGISTRY
from tests.unit.components.container_apps import ENVIRONMENT
from tests.unit.reference.stated import IN_GROUP, Decision, Stated, names

_TEST: Final = "test_container_apps.py::test"
_GROUP_TEST: Final = "test_container_group.py::test"
_PULLED: Final[Mapping[str, Any]] = {**IN_GROUP, "container_registry_id": REGISTRY}
_WORK: Final[Mapping[str, Any]] = {
    **_PULLED,
    "container_image": "team.azurecr.io/shop:1",
    "environment_id": ENVIRONMENT,
}
_DECIDED: Final[Mapping[str, Decision]] = {
    "configuration.registries": Decision(
        "Its image is pulled with the identity, and by no password.",
        f"{_TEST}_the_registry_is_opened_by_identity_and_has_no_password",
        ("container_registry_id", "pull_identity_id"),
    ),
}
_OTHERS: Final = "environmentId identity.userAssignedIdentities template.containers"
_INGRESS: Final = "configuration.ingress"
_FROM_INSIDE: Final = (
    f"{_TEST}_nobody_reaches_an_app_without_a_port_and_one_with_a_port_only_under_tls_from_inside"
)
_AN_ENVIRONMENT: Final = f"{_TEST}_an_environment_takes_no_key_of_a_workspace_and_encrypts_between_its_apps"

OF_CONTAINERS: Final[Mapping[str, Stated]] = {
    "app:ContainerApp": Stated(
        ContainerApp,
        {**_WORK, "target_port": 8080},
        lambda: app.ContainerApp(
            "bare",
            configuration=app.ConfigurationArgs(ingress=app.IngressArgs(target_port=8080)),
            container_app_name="bare",
            resource_group_name="rg",
        ),
        {
            **_DECIDED,
            f"{_INGRESS}.allowInsecure": Decision("It answers under TLS alone.", _FROM_INSIDE),
            f"{_INGRESS}.external": Decision(
                "It is reached from its environment alone.", _FROM_INSIDE, ("external",)
            ),
            "identity.type": Decision(
                "It has the identity that code runs as.",
                f"{_TEST}_an_app_is_an_identity_its_grants_and_a_container_app_and_nothing_else",
                ("identity",),
            ),
        },
        names(
            f"configuration.activeRevisionsMode containerAppName {_INGRESS}.targetPort {_INGRESS}.traffic"
            f" {_INGRESS}.transport template.scale.maxReplicas template.scale.minReplicas {_OTHERS}"
        ),
    ),
    "app:Job": Stated(
        ContainerAppJob,
        _WORK,
        lambda: app.Job(
            "bare",
            configuration=app.JobConfigurationArgs(replica_timeout=1800, trigger_type=app.TriggerType.MANUAL),
            environment_id=ENVIRONMENT,
            job_name="bare",
            resource_group_name="rg",
        ),
        {
            **_DECIDED,
            "identity.type": Decision(
                "It has the identity that code runs as.",
                f"{_TEST}_a_job_has_its_secrets_and_its_image_by_identity_as_an_app_has",
                ("identity",),
            ),
        },
        names(
            "configuration.manualTriggerConfig.parallelism"
            " configuration.manualTriggerConfig.replicaCompletionCount configuration.replicaRetryLimit"
            f" configuration.replicaTimeout configuration.triggerType jobName {_OTHERS}"
        ),
    ),
    "app:ManagedEnvironment": Stated(
        ContainerAppEnvironment,
        IN_GROUP,
        lambda: app.ManagedEnvironment("bare", environment_name="bare", resource_group_name="rg"),
        {
            "appLogsConfiguration.destination": Decision(
                "No key of a workspace: logs go where a diagnostic setting says.",
                _AN_ENVIRONMENT,
                ("diagnostics_workspace_id",),
            ),
            "peerTrafficConfiguration.encryption.enabled": Decision(
                "What its apps say to each other is encrypted.", _AN_ENVIRONMENT
            ),
            "publicNetworkAccess": Decision(
                "Its apps that say so are reached from outside; an internal one has no public address.",
                f"{_TEST}_an_internal_environment_has_no_public_address_and_a_subnet",
                ("internal",),
            ),
        },
        names("environmentName workloadProfiles zoneRedundant"),
    ),
    "containerinstance:ContainerGroup": Stated(
        ContainerGroup,
        {**_PULLED, "containers": {"report": {"image": "team.azurecr.io/report:1.2"}}},
        lambda: containerinstance.ContainerGroup(
            "bare", container_group_name="bare", containers=[], os_type="Linux", resource_group_name="rg"
        ),
        {
            "identity.type": Decision(
                "It has the identity that code runs as.",
                f"{_GROUP_TEST}_a_group_is_linux_has_no_address_and_holds_no_secret",
                ("identity",),
            ),
            "imageRegistryCredentials": Decision(
                "Its images are pulled with the identity, and by no password.",
                f"{_GROUP_TEST}_the_identity_may_pull_before_the_group_is_created",
                ("container_registry_id",),
            ),
        },
        names("containerGroupName containers identity.userAssignedIdentities osType restartPolicy"),
    ),
}
