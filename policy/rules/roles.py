"""Custom roles: what they allow is spelt out, and is not to say who has which role."""

from collections.abc import Iterator
from typing import Any, Final

from access_report.resources import Resource, entries, items
from access_report.roles import Role, defined_by
from components.azure_facts.access_giving import gives_roles
from components.azure_facts.roles import Permissions
from policy.assignments import CUSTOM_ROLES
from policy.reading import at
from policy.rule import Options, ResourceRule, Rule


def _spelt_out(resource: Resource, _: Options) -> Iterator[str]:
    wide = [pattern for block in _blocks(resource) for pattern in _wide(block)]
    if wide:
        yield f"custom role {resource.name} allows {', '.join(dict.fromkeys(wide))}"
        return
    role = defined_by(resource)
    if role is not None and role.gives_roles:
        yield f"custom role {resource.name} may {' and '.join(role.gives_roles)}, by {_by(role)}"


def _wide(block: Any) -> Iterator[str]:
    """Patterns that name what several services have. What reads resources may: `*/read` is Reader's."""
    given = entries(block)
    for kind in ("actions", "dataActions"):
        for one in map(str, items(given.get(kind))):
            only_reads = kind == "actions" and one.lower().endswith("/read")
            if "*" in one.partition("/")[0] and not only_reads:
                yield f"{kind} {one}"


def _by(role: Role) -> str:
    """The actions, as they are spelt, by each of which it gives roles."""
    spelt = dict.fromkeys(action for block in role.permissions for action in block.actions)
    return ", ".join(one for one in spelt if gives_roles((Permissions((one,), (), (), (), None),)))


def _blocks(resource: Resource) -> list[Any]:
    return list(items(at(resource, "permissions")))


RULES: Final[tuple[Rule, ...]] = (
    ResourceRule(
        id="role-spelt-out",
        what="A custom role names the services that it is about, and does not decide who has which role.",
        why="A `*` allows what Azure will have next year, and who gives roles has every role.",
        source="https://learn.microsoft.com/azure/role-based-access-control/best-practices#avoid-using-a-wildcard-when-creating-custom-roles",
        step="List in permissions actions that are needed, and leave who has which role to Azure's roles.",
        types=CUSTOM_ROLES,
        judge=_spelt_out,
    ),
)
