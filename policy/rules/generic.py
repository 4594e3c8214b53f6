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
_CLASSIC: Final = "azure:core/"
_CLASSIC_DEPLOYS: Final = "TemplateDeployment"
_CLASSIC_RUNS: Final = "azure:core/resourceDeploymentScript"
"""Of the `azure` provider, whose tokens say the same twice: https://www.pulumi.com/registry/packages/azure/api-docs/core/"""
_WRITES: Final = "resources:Resource"
_RUNS: Final = ("resources:AzureCliScript", "resources:AzurePowerShellScript")
_RUNS_IN_MACHINES: Final = (
    "compute:VirtualMachineRunCommandByVirtualMachine",
    "compute:VirtualMachineScaleSetVMRunCommand",
    "hybridcompute:MachineRunCommand",
    "azure:compute/runCommand:RunCommand",
)
_PACKAGES: Final = {
    "azapi": "writes any body to Resource Manager",
    "command": "runs a command",
    "pulumi-dotnet": "runs code of the program",
    "pulumi-nodejs": "runs code of the program",
    "pulumi-python": "runs code of the program",
}
"""Of providers whose resources are no type of Azure: what each does."""


def _generic(resource: Resource, _: Options) -> Iterator[str]:
    what = _PACKAGES.get(resource.type.partition(":")[0], "")
    if resource.is_of(*_DEPLOYS) or _is_classic_deployment(resource.type):
        what = "deploys a template"
    elif resource.is_of(_WRITES):
        what = "writes any body to Resource Manager"
    elif resource.is_of(*_RUNS) or resource.type.startswith(_CLASSIC_RUNS):
        what = "runs a script with an identity"
    elif resource.is_of(*_RUNS_IN_MACHINES) or resource.type in _RUNS_IN_MACHINES:
        what = "runs a command in a machine"
    if what:
        yield f"{resource.type.rpartition(':')[2]} {resource.name} {what}: no other rule sees into it"


def _is_classic_deployment(type_: str) -> bool:
    return type_.startswith(_CLASSIC) and type_.endswith(_CLASSIC_DEPLOYS)


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
