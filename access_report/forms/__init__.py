"""Every form in which access is given: one reader each, found by the type of the resource."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from access_report.following import Directory
from access_report.forms.role_assignments import role_assignment
from access_report.grants import Grant
from access_report.resources import Resource

Reader = Callable[[Directory, Resource], Iterable[Grant]]
"""What one resource of a type grants."""

FORMS: Final[Mapping[str, Reader]] = MappingProxyType(
    {
        "authorization:RoleAssignment": role_assignment,
    }
)
"""azure-native's types in whatever version, and other packages' by the whole type."""


def grants(directory: Directory) -> Iterator[Grant]:
    """All that the resources of one moment grant."""
    for resource in directory.snapshot.values():
        reader = FORMS.get(resource.key_of_type)
        if reader is not None:
            yield from reader(directory, resource)
