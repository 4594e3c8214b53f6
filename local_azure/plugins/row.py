"""What the azure-native stand-in has to know of one resource type."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal


@dataclass(frozen=True)
class Row:
    """One resource type.

    `path` is the ARM id with `{parameter}` for each input that is part of it; `body` are the other inputs,
    `outputs` what only Azure knows, with dotted names for what Azure adds inside an input object.
    """

    api_version: str
    path: str
    body: frozenset[str]
    outputs: frozenset[str]
    required: frozenset[str] = frozenset()
    replaces: frozenset[str] = frozenset()
    """Body inputs whose change replaces the resource, dotted for a part; every path parameter does, too."""
    autoname: Literal["hex", "uuid"] | None = "hex"
    """How the last path parameter is named when it is left out; None: it must be given."""
    has_location: bool = True
    """Whether a missing location is filled from the resource group's."""
    write_only: frozenset[str] = frozenset()
    """Body inputs that Azure never answers."""
    default_body: Mapping[str, Any] | None = None
    """For a resource that exists as long as its parent: deleting it writes this body."""
    read: Literal["get", "list", "site"] = "get"
    """`list`: POST `<id>/list`; `site`: GET, with `siteConfig` from `<id>/config/web`."""
    delete: Literal["delete", "in the vault"] = "delete"
    """`in the vault`: there is no ARM delete, the vault's data plane is asked."""
    delete_query: Mapping[str, str] = field(default_factory=dict[str, str])
    renames: Mapping[str, str] = field(default_factory=dict[str, str])
    """Dotted SDK name to the last segment of its name in a body."""
    wrapped: tuple[str, ...] = ()
    """Dotted body inputs, outer ones first, that are lists of what is itself a resource in Azure: everything
    but an item's id, name and type goes below `properties`."""
    own_resources: frozenset[str] = frozenset()
    """Body inputs that list what can also be resources of their own: where they were left out, a refresh does
    not take those for inputs."""
    below_properties: frozenset[str] = frozenset()
    """Body inputs that this type keeps below `properties`, though others have them at the top; dotted, of the
    items of a list in `wrapped`."""

    @property
    def parameters(self) -> tuple[str, ...]:
        """The inputs in the path, in order."""
        segments = [segment[1:-1] for segment in self.path.split("/") if segment.startswith("{")]
        return tuple(name for name in segments if name != "subscriptionId")

    @property
    def replace_keys(self) -> frozenset[str]:
        return self.replaces.union(self.parameters)

    @property
    def output_names(self) -> frozenset[str]:
        """The outputs of the SDK's class, its API version aside."""
        return frozenset(name for name in self.outputs if "." not in name) | (self.body - self.write_only)

    @property
    def flattened(self) -> bool:
        """Whether the SDK shows what is under `properties` at the top."""
        return "properties" not in (self.body - self.write_only) | self.outputs


def names(text: str) -> frozenset[str]:
    """Property names, written with spaces between them."""
    return frozenset(text.split())


GROUP: Final = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}"
