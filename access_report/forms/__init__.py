"""Every form in which access is given: one reader each, found by the type of the resource."""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from access_report.following import Directory
from access_report.forms.in_force import InForce
from access_report.forms.readers import READERS, Reader
from access_report.forms.templates import deployment, generic_resource
from access_report.grants import Grant
from access_report.resources import Resource

DEPLOYMENTS: Final = (
    "resources:Deployment",
    "resources:DeploymentAtManagementGroupScope",
    "resources:DeploymentAtScope",
    "resources:DeploymentAtSubscriptionScope",
    "resources:DeploymentAtTenantScope",
    "resources:DeploymentStackAtManagementGroup",
    "resources:DeploymentStackAtResourceGroup",
    "resources:DeploymentStackAtSubscription",
)
"""azure-native's types that deploy a template."""
FORMS: Final[Mapping[str, Reader]] = MappingProxyType(
    {**READERS, **dict.fromkeys(DEPLOYMENTS, deployment), "resources:Resource": generic_resource}
)


def grants(directory: Directory, deaf: Iterable[Resource] = ()) -> Iterator[Grant]:
    """All that the resources of one moment grant. `deaf` are the vaults on which no role has a hold."""
    force = InForce(directory, deaf)
    for resource in directory.snapshot.values():
        reader = FORMS.get(resource.key_of_type)
        if reader is not None:
            for grant in reader(directory, resource):
                yield force.of(grant)
