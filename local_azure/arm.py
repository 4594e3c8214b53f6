"""The words of Azure Resource Manager: resource ids, and the base of every resource type's rules.

A service has one `ResourceType` for each type that it serves; Resource Manager does what is the same for all
(authentication, authorization, api-versions, parents, not found) and calls these hooks inside one
transaction.
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import ClassVar

from components.azure_facts.log_categories import categories_of
from components.azure_facts.private_links import groups_of
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request, Response
from local_azure.resource_manager.listed_versions import listed_versions


@dataclass(frozen=True)
class ResourceId:
    """A parsed ARM id. `text` keeps the caller's spelling; compare ids with `.key`.

    `scope` is what an extension resource hangs on (a role assignment's vault, group or subscription),
    `parent` is the id of the enclosing resource or resource group.
    """

    text: str
    type: str
    name: str
    subscription_id: str | None
    resource_group: str | None
    scope: str
    parent: str

    @property
    def key(self) -> str:
        return self.text.lower()

    @staticmethod
    def parse(text: str) -> "ResourceId":
        """Parse an id such as `/subscriptions/S/resourceGroups/G/providers/N/types/name[/child/name…]`, a
        resource group's or a subscription's id. Raises ValueError for anything else."""
        parts = [part for part in text.split("/") if part]
        lowered = [part.lower() for part in parts]
        subscription = parts[1] if len(parts) > 1 and lowered[0] == "subscriptions" else None
        group = parts[3] if len(parts) > 3 and lowered[2] == "resourcegroups" else None
        full = "/" + "/".join(parts)
        if "providers" not in lowered:
            if group and len(parts) == 4:
                parent = "/" + "/".join(parts[:2])
                return ResourceId(
                    full, "Microsoft.Resources/resourceGroups", group, subscription, group, parent, parent
                )
            if subscription and len(parts) == 2:
                return ResourceId(
                    full, "Microsoft.Resources/subscriptions", subscription, subscription, None, "/", "/"
                )
            raise ValueError(f"not a resource id: {text!r}")
        last = len(lowered) - 1 - lowered[::-1].index("providers")
        names = parts[last + 2 :]
        if len(names) < 2 or len(names) % 2:
            raise ValueError(f"not a resource id: {text!r}")
        scope = "/" + "/".join(parts[:last])
        type_ = "/".join([parts[last + 1], *names[0::2]])
        parent = scope if len(names) == 2 else "/" + "/".join(parts[:-2])
        return ResourceId(full, type_, names[-1], subscription, group, scope, parent)


class ResourceType:
    """The rules of one resource type. Every hook may raise `local_azure.errors.Refusal`.

    Bodies are whole ARM bodies ({location, tags, sku, kind, identity, properties}) without id, name and type,
    which the resource manager adds to each answer.
    """

    type: ClassVar[str]
    api_versions: ClassVar[frozenset[str]] = frozenset()
    """Left out, those that Azure lists for the type (`resource_manager/listed_versions.json`)."""
    has_parent: ClassVar[bool] = True
    """False for extension resources, whose scope needs no stored resource (role assignments)."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground

    def versions(self) -> frozenset[str]:
        """The api-versions under which it is served."""
        return self.api_versions or listed_versions(self.type)

    def held(self, id: ResourceId, request: Request) -> AbstractContextManager[None]:
        """What a write of `id`, or an action that writes, holds until its request has ended, outside of the
        transaction."""
        return nullcontext()

    def kept_as(self, id: ResourceId) -> ResourceId:
        """The id under which `id` is kept and answered; override where it is not that of the path."""
        return id

    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        """Validate `new` against `old` (None on create) and return the body to store, outputs included."""
        raise NotImplementedError

    def patch(self, id: ResourceId, old: JsonObject, change: JsonObject, request: Request) -> JsonObject:
        """A PATCH; by default top-level keys and `properties` are merged one level deep, then it is a PUT."""
        merged = {**old, **change}
        if "properties" in change:
            merged["properties"] = {**old.get("properties", {}), **change["properties"]}
        return self.put(id, old, merged, request)

    def get(self, id: ResourceId, request: Request) -> JsonObject | None:
        """The body behind `id` or None (404). By default what is stored; override for what is always there (a
        site's `config/web`) or is kept elsewhere (a deleted vault, a built-in role)."""
        resource = self.ground.store.get(id.text)
        return resource.body if resource else None

    def view(self, id: ResourceId, body: JsonObject) -> JsonObject:
        """The body as GET and PUT answer it; override to hide what Azure does not return."""
        return body

    def before_delete(self, id: ResourceId, body: JsonObject, request: Request) -> None:
        """Called before the resource and all below it are removed."""

    def deleted(self, id: ResourceId, body: JsonObject) -> Response:
        """The answer to a DELETE that removed something; of what was not there it is always 204."""
        return Response(200)

    def action(self, id: ResourceId, body: JsonObject, name: str, request: Request) -> Response | None:
        """A POST `<id>/<name>`; None means there is no such action (404). `name` may have several segments
        (`config/appsettings/list` reaches the `sites/config` type as `list`, and then the site)."""
        return None

    def provider_action(self, scope: str, name: str, request: Request) -> Response | None:
        """A POST `<scope>/providers/<this type's namespace>/<name>`, such as `checkNameAvailability`. The
        first type of the namespace that does not answer None has it."""
        return None

    def private_link_groups(self, id: str, body: JsonObject) -> Sequence[str]:
        """What a private endpoint may reach of the resource; by default what its type has."""
        return groups_of(self.type)

    def log_categories(self) -> frozenset[str]:
        """What a diagnostic setting may send; by default what the type has.
        https://learn.microsoft.com/azure/azure-monitor/reference/logs-index"""
        return categories_of(self.type)

    def subnets_used(self, body: JsonObject) -> Sequence[str]:
        """The ids of the subnets that cannot go before the resource does."""
        return ()

    def created_status(self) -> int:
        """The status of a PUT that created."""
        return 201

    def updated_status(self) -> int:
        """The status of a write of what was there."""
        return 200

    def written(self, id: ResourceId) -> Mapping[str, str]:
        """Headers of the answer to a write: where it is asked for, of one that is an operation."""
        return {}

    def operation(self, verb: str) -> str:
        """The RBAC action of `read`, `write` or `delete`."""
        return f"{self.type}/{verb}"

    def required_action(self, name: str) -> str:
        """The RBAC action that a POST `name` needs."""
        return f"{self.type}/{name}/action"

    def document_in_scope(self, scope: str, request: Request) -> JsonObject | list[JsonObject] | None:
        """Override where `GET <scope>/<this type's last word>` is one document (`config/authsettingsV2/list`)
        or a bare list; None means that it is a list as others are."""
        return None

    def list_in_scope(self, scope: str, request: Request) -> Sequence[JsonObject] | None:
        """Override for a list that is not what is stored below `scope`; None means the default."""
        return None
