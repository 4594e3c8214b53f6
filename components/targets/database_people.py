"""The Entra groups whose members are let into databases: declared for each of them, and given by SQL."""

from collections.abc import Mapping, Sequence
from typing import Final, NotRequired, TypedDict

import pulumi

from ..arguments import Arguments
from ..database_grant import DatabaseGrant, Holder, Place
from ..takes import PrincipalType
from .groups import Groups

PARTS: Final = {"database_readers": ("reader", "read"), "database_writers": ("writer", "write")}
"""The arguments, each with its part in the names of grants and its verb."""


class DatabasePeopleArgs(TypedDict):
    """The people who are let into the databases that a component creates."""

    databases: NotRequired[Sequence[str]]
    """Names of the databases to create, plain; left out, none."""
    database_readers: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Entra groups whose members may read the databases, as display name to object id; left out, none."""
    database_writers: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Entra groups whose members may write the databases, as display name to object id; left out, none."""


def refuse_people_without_databases(arguments: Arguments, databases: Sequence[str]) -> None:
    """Problems are noted in `arguments`."""
    for people in PARTS:
        if arguments.has(people) and not databases:
            step = f"name the databases in databases, or take {people} out"
            arguments.refuse(people, "people, and no database of this component", "databases with it", step)


def grant_databases(
    server: pulumi.ComponentResource, name: str, people: Mapping[str, Groups], places: Mapping[str, Place]
) -> list[DatabaseGrant]:
    """One grant for each group and database. `people` are the groups by argument, `places` are by the name of
    their database.
    """
    return [
        DatabaseGrant(
            f"{name}-{part}-{database}-{group}",
            place,
            Holder(id, group, PrincipalType.GROUP),
            verb,
            f"{type(server).__name__} '{name}'",
            pulumi.ResourceOptions(parent=server),
        )
        for key, (part, verb) in PARTS.items()
        for database, place in places.items()
        for group, id in people[key].items()
    ]
