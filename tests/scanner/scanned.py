"""What the scanner reads: all that is ours, once as it is left alone, and once as closed as it can be."""

from collections.abc import Mapping
from typing import Any, Final

from components import FunctionApp, KeylessWebApp, StorageAccount
from tests.unit.components.answering_azure import ENDPOINTS_SUBNET, SITES_ZONE, SUBNET, VAULT_ZONE, WORKSPACE
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
_STORAGE: Final = {"containers": ["reports"], "queues": ["orders"], "tables": ["audit"]}
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
}
OPEN: Final[Mapping[Any, Mapping[str, Any]]] = {
    FunctionApp: {"resource_group_name": "rg-team"},
    KeylessWebApp: {**_SECRETS, "size": "S1", "slots": ["staging"]},
    StorageAccount: {**_STORAGE, "resource_group_name": "rg-team"},
}


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
