"""What has to be granted for a link to work, whatever form the grant has."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import pulumi


@dataclass(frozen=True)
class Grantee:
    """Who is let in, and what lets them in. The client id, where there is one, is never what is granted."""

    principal_id: pulumi.Output[str]
    principal_name: pulumi.Input[str]
    granted_by: str
    client_id: pulumi.Output[str] | None = None


@dataclass(frozen=True)
class Granted:
    """A grant that was declared. The URN of `gate` promises it, and a preview knows URNs."""

    resource: pulumi.ComponentResource
    gate: pulumi.Resource
    access: pulumi.Output[str]


class Need(Protocol):
    """Something that a workload's identity has to be granted, and that knows how.

    `key` ends the name of the grant's resource, so it is fixed once a stack has one.
    """

    @property
    def key(self) -> str: ...

    @property
    def source(self) -> str:
        """How a message calls the arguments that the need is from."""
        ...

    @property
    def same(self) -> tuple[object, ...]:
        """What equal needs have in common. Of a need that holds an Output, the Output's own identity."""
        ...

    def told_apart(self, component: str, earlier: Sequence["Need"]) -> "Need":
        """The same need, refused as soon as it turns out to be one of the `earlier`."""
        ...

    def grant(self, name: str, to: Grantee, opts: pulumi.ResourceOptions) -> Granted: ...

    def words(self) -> pulumi.Output[str]:
        """What has to be granted where, for whoever owns the target."""
        ...


def is_left_to_owner(need: Need) -> bool:
    """Whether declaring a need lets nobody in, and the owner of the target has to: such a need says so."""
    return bool(getattr(need, "left_to_owner", False))


def link_in(*sources: str) -> str:
    """`links[orders]`, of the first source that is a link of the user's, such as `links[orders].queues`."""
    found = [source.partition("]")[0] + "]" for source in sources if source.startswith("links[")]
    return found[0] if found else ""
