"""Who is in the directory."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Principal:
    """A person, a group, an application or a managed identity, whose `resource_id` is its own or its
    host's."""

    object_id: str
    client_id: str | None
    kind: str
    name: str
    resource_id: str | None = None
