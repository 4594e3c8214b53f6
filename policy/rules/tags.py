"""Tags that say whose a resource is."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, cast

from pulumi_policy import EnforcementLevel

from access_report.resources import UNKNOWN, Resource
from policy.reading import at
from policy.rule import Option, Options, ResourceRule, Rule

_TAGGED: Final = (
    "applicationinsights:Component",
    "containerregistry:Registry",
    "keyvault:Vault",
    "managedidentity:UserAssignedIdentity",
    "operationalinsights:Workspace",
    "resources:ResourceGroup",
    "storage:StorageAccount",
    "web:AppServicePlan",
    "web:WebApp",
    "web:WebAppSlot",
)


def _required(resource: Resource, options: Options) -> Iterator[str]:
    tags = at(resource, "tags")
    if tags == UNKNOWN:
        return
    names = {name.lower() for name in (cast(Mapping[str, Any], tags) if isinstance(tags, Mapping) else ())}
    missing = [name for name in options["required"] if name.lower() not in names]
    if missing:
        yield f"{resource.name} has no tag {', '.join(missing)}"


RULES: Final[tuple[Rule, ...]] = (
    ResourceRule(
        id="required-tags",
        what="What can be tagged has the tags that are asked for.",
        why="A tag is how costs, owners and environments are told apart once the program is out of sight.",
        source="https://learn.microsoft.com/azure/cloud-adoption-framework/ready/azure-best-practices/resource-tagging",
        step="Give the tags to the resource, or to the component that makes it.",
        level=EnforcementLevel.ADVISORY,
        options={
            "required": Option(
                {
                    "type": "array",
                    "items": {"type": "string"},
                    "description": "Names of tags, in whatever case.",
                },
                ["environment"],
            )
        },
        types=_TAGGED,
        judge=_required,
    ),
)
