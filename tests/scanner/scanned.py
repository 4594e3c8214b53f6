"""What the scanner reads: all that is ours, once as it is left alone, and once as closed as it can be."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from components import (
    ContainerApp,
    ContainerAppEnvironment,
    ContainerAppJob,
    ContainerGroup,
    FunctionApp,
    KeylessWebApp,
    KubernetesCluster,
    StorageAccount,
    VirtualMachine,
    VirtualMachineScaleSet,
)
from tests.unit.components.answering_azure import (
    ENDPOINTS_SUBNET,
    REGISTRY,
    SITES_ZONE,
    SUBNET,
    VAULT_ZONE,
    WORKSPACE,
)
from tests.unit.components.container_apps import ENVIRONMENT
from tests.unit.components.recorded_azure import deploy_component
from tests.unit.components.recorder import Recorded
from tests.unit.examples.example_on_mocks import PROGRAMS, run_example

_SECRETS: Final = {"secrets": {"API_KEY": "api-key"}, "generated_secrets": {"session-key": 48}}
_SITE: Final = {
    "health_check_path": "/health",
    "private_dns_zone_id": SITES_ZONE,
    "private_endpoint_subnet_id": ENDPOINTS_SUBNET,
    "size": "P1v3",
    "subnet_id": SUBNET,
    "workers": 3,
    "zone_redundant": True,
}
_STORAGE: Final = {
    "containers": ["reports"],
    "queues": ["orders"],
    "tables": ["audit"],
    "shares": ["exports"],
}
_IN_GROUP: Final = {"resource_group_name": "rg-team"}
_IMAGE: Final = "team.azurecr.io/shop:1"
_PULLED: Final = {**_IN_GROUP, "container_registry_id": REGISTRY}
_CONTAINER: Final = {**_PULLED, "container_image": _IMAGE, "environment_id": ENVIRONMENT}
_CONTAINERS: Final[Mapping[Any, Mapping[str, Any]]] = {
    ContainerApp: {**_CONTAINER, "target_port": 8080},
    ContainerAppJob: _CONTAINER,
    VirtualMachineScaleSet: {**_IN_GROUP, "subnet_id": SUBNET},
}
"""As closed as they can be, as they are left alone."""
CLOSED: Final[Mapping[Any, Mapping[str, Any]]] = {
    KeylessWebApp: {
        **_SECRETS,
        **_SITE,
        "diagnostics_workspace_id": WORKSPACE,
        "sign_in": {"client_id": "c11e4700-0000-4000-8000-0000000000aa", "excluded_paths": ["/health"]},
        "slots": ["staging"],
        "vault_private_dns_zone_id": VAULT_ZONE,
        "vault_private_endpoint_subnet_id": ENDPOINTS_SUBNET,
    },
    StorageAccount: {
        **_STORAGE,
        "redundancy": "geo-zone",
        "resource_group_name": "rg-team",
        "storage_private_endpoint_subnet_id": ENDPOINTS_SUBNET,
    },
    VirtualMachine: {"resource_group_name": "rg-team", "subnet_id": SUBNET},
    ContainerAppEnvironment: {**_IN_GROUP, "internal": True, "subnet_id": SUBNET},
    ContainerGroup: {
        **_PULLED,
        "containers": {"shop": {"image": _IMAGE, "ports": [8080]}},
        "subnet_id": SUBNET,
    },
    KubernetesCluster: {
        **_PULLED,
        "allowed_ip_ranges": {},
        "diagnostics_workspace_id": WORKSPACE,
        "ssh_server": False,
        "subnet_id": SUBNET,
        "tier": "standard",
    },
    **_CONTAINERS,
}
OPEN: Final[Mapping[Any, Mapping[str, Any]]] = {
    FunctionApp: {"resource_group_name": "rg-team"},
    KeylessWebApp: {**_SECRETS, "size": "S1", "slots": ["staging"]},
    StorageAccount: {**_STORAGE, "resource_group_name": "rg-team"},
    ContainerAppEnvironment: _IN_GROUP,
    ContainerGroup: {**_PULLED, "containers": {"shop": {"image": _IMAGE}}},
    **_CONTAINERS,
}


_CREDENTIAL: Final = "#cloud-config\nruncmd: [[login, c11e4700-0000-4000-8000-0000000000aa]]"


def careless() -> list[Recorded]:
    """An account and a machine as nobody here would write them: the scanner has to see it."""
    opened = {"enableHttpsTrafficOnly": False, "minimumTlsVersion": "TLS1_0"}
    accounts = [
        replace(one, inputs={**one.inputs, **opened})
        for one in _all_of({StorageAccount: OPEN[StorageAccount]})
        if one.type == "azure-native:storage:StorageAccount"
    ]
    machine = {**CLOSED[VirtualMachine], "cloud_init": _CREDENTIAL}
    return [*accounts, *_all_of({VirtualMachine: machine})]


def closed() -> list[Recorded]:
    return _all_of(CLOSED)


def left_alone() -> list[Recorded]:
    """With the examples, which are what people copy."""
    examples = [resource for example in PROGRAMS for resource in run_example(example).resources]
    return [*_all_of(OPEN), *examples]


def _all_of(components: Mapping[Any, Mapping[str, Any]]) -> list[Recorded]:
    return [
        resource
        for component, args in components.items()
        for resource in deploy_component(component, dict(args), "up").resources
    ]
