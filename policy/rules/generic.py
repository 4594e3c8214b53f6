"""What no rule can see into: resources that deploy a template, write any body, or run a command."""

from collections.abc import Iterator
from typing import Final

from access_report.resources import Resource
from policy.rule import Options, ResourceRule, Rule

_DEPLOYS: Final = (
    *(f"resources:Deployment{scope}" for scope in ("", "AtManagementGroupScope", "AtScope")),
    *(f"resources:DeploymentAt{scope}Scope" for scope in ("Subscription", "Tenant")),
    *(
        f"resources:DeploymentStackAt{scope}"
        for scope in ("ManagementGroup", "ResourceGroup", "Subscription")
    ),
)
_WRITES: Final = "resources:Resource"
_RUNS: Final = ("resources:AzureCliScript", "resources:AzurePowerShellScript")
_PACKAGES: Final = {
    "azapi": "writes any body to Resource Manager",
    "command": "runs a command",
    "pulumi-nodejs": "runs code of the program",
    "pulumi-python": "runs code of the program",
}
"""Of providers whose resources are no type of Azure: what each does."""


def _generic(resource: Resource, _: Options) -> Iterator[str]:
    what = _PACKAGES.get(resource.type.partition(":")[0], "")
    if resource.is_of(*_DEPLOYS):
        what = "deploys a template"
    elif resource.is_of(_WRITES):
        what = "writes any body to Resource Manager"
    elif resource.is_of(*_RUNS):
        what = "runs a script with an identity"
    if what:
        yield f"{resource.type.rpartition(':')[2]} {resource.name} {what}: no other rule sees into it"


RULES: Final[tuple[Rule, ...]] = (
    ResourceRule(
        id="no-generic-resource",
        what="No resource deploys a template, writes any body, or runs a command.",
        why="What is granted or opened in there is judged by no rule, and a preview does not show it.",
        source="https://learn.microsoft.com/azure/azure-resource-manager/templates/linked-templates",
        step="Declare what it makes as resources of azure-native; or waive this one with the reason.",
        types=(),
        judge=_generic,
    ),
)
