"""What whoever deploys needs after a change that was not needed before."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from access_report.grants import Grant
from access_report.resources import Snapshot

_NAMESPACES: Final[Mapping[str, str]] = {
    "applicationinsights": "Microsoft.Insights",
    "authorization": "Microsoft.Authorization",
    "containerregistry": "Microsoft.ContainerRegistry",
    "keyvault": "Microsoft.KeyVault",
    "managedidentity": "Microsoft.ManagedIdentity",
    "monitor": "Microsoft.Insights",
    "network": "Microsoft.Network",
    "operationalinsights": "Microsoft.OperationalInsights",
    "privatedns": "Microsoft.Network",
    "resources": "Microsoft.Resources",
    "storage": "Microsoft.Storage",
    "web": "Microsoft.Web",
}
"""azure-native's modules to the resource providers that have to be registered."""


@dataclass(frozen=True)
class Needs:
    """Roles to be allowed to grant, and resource providers to have registered, which the stack so far did
    not need.
    """

    roles: Sequence[str]
    providers: Sequence[str]


def needs(before: Snapshot, after: Snapshot, old: Iterable[Grant], new: Iterable[Grant]) -> Needs:
    roles = {grant.role for grant in new} - {grant.role for grant in old}
    return Needs(sorted(roles), sorted(_providers(after) - _providers(before)))


def _providers(snapshot: Snapshot) -> set[str]:
    found: set[str] = set()
    for resource in snapshot.values():
        package, _, rest = resource.type.partition(":")
        module = rest.partition(":")[0].partition("/")[0]
        if package == "azure-native" and module in _NAMESPACES:
            found.add(_NAMESPACES[module])
    return found
