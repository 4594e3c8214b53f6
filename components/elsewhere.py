"""What was made elsewhere: the arguments that name it, and the role that using it takes."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

import pulumi

from .arguments import Arguments

ELSEWHERE: Final = {
    "action_group_id": ("Monitoring Contributor", "has it told of alerts"),
    "application_insights_id": ("Reader", "reads its connection string"),
    "application_insights_workspace_id": ("Log Analytics Contributor", "sends telemetry there"),
    "allowed_subnet_ids": ("Network Contributor", "lets it in"),
    "disk_encryption_set_id": ("Reader", "has disks encrypted with its key"),
    "diagnostics_workspace_id": ("Log Analytics Contributor", "sends logs there"),
    "environment_id": ("Container Apps ManagedEnvironments Contributor", "puts it into the environment"),
    "existing_id": ("Reader", "reads what is adopted"),
    "host_storage_id": ("Reader", "reads the addresses of its services"),
    "federated_identity_id": ("Managed Identity Contributor", "writes its federated credential"),
    "further_identity_ids": ("Managed Identity Operator", "attaches the identity"),
    "identity_id": ("Managed Identity Operator", "attaches the identity"),
    "namespace_allowed_subnet_ids": ("Network Contributor", "lets it into the namespace"),
    "namespace_private_dns_zone_id": ("Private DNS Zone Contributor", "writes the namespace's address"),
    "namespace_private_endpoint_subnet_id": ("Network Contributor", "puts an endpoint there"),
    "plan_id": ("Web Plan Contributor", "puts the app on the plan"),
    "postgres_private_dns_zone_id": ("Private DNS Zone Contributor", "writes the server's address"),
    "postgres_private_endpoint_subnet_id": ("Network Contributor", "puts an endpoint there"),
    "pull_identity_id": ("Managed Identity Operator", "attaches the identity"),
    "private_dns_zone_id": ("Private DNS Zone Contributor", "writes its address"),
    "private_dns_zone_ids": ("Private DNS Zone Contributor", "writes its address"),
    "private_endpoint_subnet_id": ("Network Contributor", "puts an endpoint there"),
    "storage_allowed_subnet_ids": ("Network Contributor", "lets it into the storage account"),
    "storage_private_dns_zone_ids": ("Private DNS Zone Contributor", "writes the storage account's address"),
    "storage_private_endpoint_subnet_id": ("Network Contributor", "puts an endpoint there"),
    "subnet_id": ("Network Contributor", "joins the app to it"),
    "vault_allowed_subnet_ids": ("Network Contributor", "lets it into the vault"),
    "vault_private_dns_zone_id": ("Private DNS Zone Contributor", "writes the vault's address"),
    "vault_private_endpoint_subnet_id": ("Network Contributor", "puts an endpoint there"),
    "workspace_id": ("Log Analytics Contributor", "makes the table there"),
}
"""Argument that names something made elsewhere, to the built-in role that using it takes, and why.
https://learn.microsoft.com/azure/role-based-access-control/built-in-roles"""
Elsewhere = Sequence[tuple[str, pulumi.Input[str]]]
"""Arguments that name something made elsewhere, each with its id."""


def read_elsewhere(arguments: Arguments, known: type) -> Elsewhere:
    """`known` are the arguments of the component whose contract it is, among those of a whole."""
    keys = [key for key in ELSEWHERE if key in known.__annotations__]
    return [(key, id) for key in keys for id in _ids(arguments.raw(key))]


def _ids(argument: Any) -> Sequence[pulumi.Input[str]]:
    """The ids in an argument: one, those of a map, or none."""
    if isinstance(argument, Mapping):
        return list(cast(Mapping[str, pulumi.Input[str]], argument).values())
    return [] if argument is None else [argument]
