"""The condition under which a deployer may assign roles: each that is granted here, to those it is for."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from .takes import PrincipalType

DEPLOYER: Final = "$deployer"
"""The deployer's object id, which no program knows: the shell that gives the role fills it in."""
LONGEST: Final = 8 * 1024
"""Characters that Azure takes. https://learn.microsoft.com/azure/role-based-access-control/conditions-faq"""


@dataclass(frozen=True)
class Assignable:
    """A role, by its GUID, that may be given to one kind of principal, or to one principal alone."""

    role: str
    kind: PrincipalType
    principal_id: str | None = None


@dataclass(frozen=True)
class _To:
    """Whom some roles may be given to: a kind of principal, or the principals with these ids."""

    kind: PrincipalType
    ids: tuple[str, ...] = ()


def condition(assignable: Iterable[Assignable]) -> str:
    """For `--condition` with version 2.0; empty where nothing is granted. `$deployer` in it is the deployer's
    object id: to that nothing may be given, whatever it is.

    One that Azure would find too long says less exactly whom each role is for, and in the end only the kind.
    Source: https://learn.microsoft.com/azure/role-based-access-control/delegate-role-assignments-examples
    https://learn.microsoft.com/azure/role-based-access-control/conditions-authorization-actions-attributes
    """
    exact = list(dict.fromkeys(assignable))
    if not exact:
        return ""
    texts = [_text(some) for some in (exact, _all_of_a_kind(exact), _any_of_a_kind(exact))]
    return next((text for text in texts if len(text) <= LONGEST), texts[-1])


def _all_of_a_kind(exact: Sequence[Assignable]) -> list[Assignable]:
    """Each role that only some may be given, to all of their kind that are named for any."""
    named = [one for one in exact if one.principal_id is not None]
    wider = [
        replace(one, principal_id=other.principal_id)
        for one in named
        for other in named
        if one.kind is other.kind
    ]
    return [*exact, *wider]


def _any_of_a_kind(exact: Sequence[Assignable]) -> list[Assignable]:
    return [replace(one, principal_id=None) for one in exact]


def _text(assignable: Sequence[Assignable]) -> str:
    paired = _paired(assignable)
    never = f"{_attribute('Request', 'PrincipalId')} ForAnyOfAllValues:GuidNotEquals {{{DEPLOYER}}}"
    write = ["  " + never, "  AND", "  (", *_either("Request", paired, "   "), "  )"]
    return "\nAND\n".join((_limit("write", write), _limit("delete", _either("Resource", paired, "  "))))


def _paired(assignable: Sequence[Assignable]) -> Mapping[_To, Sequence[str]]:
    """The roles that may be given to the same principals, together."""
    ids: dict[tuple[str, PrincipalType], list[str | None]] = {}
    for one in assignable:
        ids.setdefault((one.role, one.kind), []).append(one.principal_id)
    paired: dict[_To, list[str]] = {}
    for (role, kind), some in ids.items():
        named = sorted({id.lower() for id in some if id is not None})
        paired.setdefault(_To(kind) if None in some else _To(kind, tuple(named)), []).append(role)
    return paired


def _either(source: str, paired: Mapping[_To, Sequence[str]], indent: str) -> list[str]:
    lines: list[str] = []
    for to, roles in paired.items():
        pair = [
            f"{indent}(",
            f"{indent} {_attribute(source, 'RoleDefinitionId')} ForAnyOfAnyValues:GuidEquals {_set(roles)}",
            f"{indent} AND",
            f"{indent} {_whom(source, to)}",
            f"{indent})",
        ]
        lines += [f"{indent}OR", *pair] if lines else pair
    return lines


def _whom(source: str, to: _To) -> str:
    """An id says the kind as well: Azure refuses another one beside it."""
    if to.ids:
        return f"{_attribute(source, 'PrincipalId')} ForAnyOfAnyValues:GuidEquals {_set(to.ids)}"
    kind = f"{{'{to.kind.value}'}}"
    return f"{_attribute(source, 'PrincipalType')} ForAnyOfAnyValues:StringEqualsIgnoreCase {kind}"


def _set(values: Sequence[str]) -> str:
    return f"{{{', '.join(values)}}}"


def _attribute(source: str, name: str) -> str:
    return f"@{source}[Microsoft.Authorization/roleAssignments:{name}]"


def _limit(verb: str, allowed: Sequence[str]) -> str:
    action = f"Microsoft.Authorization/roleAssignments/{verb}"
    lines = ["(", f" (!(ActionMatches{{'{action}'}}))", " OR", " (", *allowed, " )", ")"]
    return "\n".join(lines)
