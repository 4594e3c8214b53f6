"""Conditions of role assignments: the part of the language in which assigning roles is delegated, and roles
on a registry are for some of its repositories.

Attributes are the role definition, the principal and its type, of the assignment that is asked for
(`@Request`) or that is there (`@Resource`), and the name of a repository.
https://learn.microsoft.com/azure/role-based-access-control/conditions-format
https://learn.microsoft.com/azure/role-based-access-control/conditions-authorization-actions-attributes
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from local_azure.http import JsonObject

_TOKEN: Final = re.compile(
    r"""\s*(?:
        (?P<action>!?\s*ActionMatches\s*\{\s*'(?P<pattern>[^']*)'\s*\})
      | (?P<attribute>@(?P<source>Request|Resource)\[
          (?P<of>Microsoft\.Authorization/roleAssignments|Microsoft\.ContainerRegistry/registries/repositories)
          :(?P<name>\w+)\])
      | (?P<operator>(?:ForAnyOfAnyValues:|ForAnyOfAllValues:)?
          (?:(?:Guid|String)(?:Not)?Equals(?:IgnoreCase)?|String(?:Not)?StartsWith(?:IgnoreCase)?))
      | (?P<values>\{[^{}]*\}|'[^']*')
      | (?P<word>AND\b|OR\b|NOT\b|&&|\|\||[()!])
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_AND: Final = frozenset({"AND", "&&"})
_OR: Final = frozenset({"OR", "||"})
_NOT: Final = frozenset({"NOT", "!"})


@dataclass(frozen=True)
class Asked:
    """What is asked for: the action, and the assignment's properties as requested and as stored, or other
    attributes of the request, by their whole names in lower case."""

    action: str
    request: JsonObject | None = None
    resource: JsonObject | None = None
    attributes: Mapping[str, str] = field(default_factory=dict[str, str])


def is_fulfilled(condition: str, asked: Asked) -> bool:
    """Whether the condition allows it. One that is in another part of the language allows nothing here."""
    try:
        reader = _Reader(_tokens(condition), asked)
        result = reader.either()
        reader.end()
    except ValueError:
        return False
    return result


def _tokens(condition: str) -> list[re.Match[str]]:
    found: list[re.Match[str]] = []
    at = 0
    while condition[at:].strip():
        token = _TOKEN.match(condition, at)
        if token is None:
            raise ValueError(f"it cannot be read from {condition[at:].strip()[:40]!r} on")
        found.append(token)
        at = token.end()
    return found


class _Reader:
    """Reads and evaluates in one pass; OR binds weaker than AND, and both sides are always read."""

    def __init__(self, tokens: list[re.Match[str]], asked: Asked) -> None:
        self._tokens, self._asked, self._at = tokens, asked, 0

    def end(self) -> None:
        if self._at < len(self._tokens):
            raise ValueError(f"{self._tokens[self._at][0].strip()!r} is left over")

    def either(self) -> bool:
        result = self._both()
        while self._takes(_OR):
            other = self._both()
            result = result or other
        return result

    def _both(self) -> bool:
        result = self._one()
        while self._takes(_AND):
            other = self._one()
            result = result and other
        return result

    def _one(self) -> bool:
        if self._takes(_NOT):
            return not self._one()
        if self._takes(frozenset({"("})):
            result = self.either()
            if not self._takes(frozenset({")"})):
                raise ValueError("a parenthesis is not closed")
            return result
        token = self._next("something to compare")
        if token["action"]:
            if "*" in token["pattern"]:
                raise ValueError(f"{token['pattern']!r} is several actions, which are not told apart here")
            matches = token["pattern"].lower() == self._asked.action.lower()
            return not matches if token["action"].startswith("!") else matches
        if not token["attribute"]:
            raise ValueError(f"{token[0].strip()!r} stands where something is compared")
        operator, values = self._next("an operator"), self._next("values")
        if not operator["operator"] or not values["values"]:
            raise ValueError(f"{token['attribute']} is compared with nothing")
        return _compare(self._value(token), operator["operator"], _listed(values["values"]))

    def _value(self, token: re.Match[str]) -> str | None:
        if not token["of"].lower().startswith("microsoft.authorization/"):
            is_request = token["source"].lower() == "request"
            whole = f"{token['of']}:{token['name']}".lower()
            return self._asked.attributes.get(whole) if is_request else None
        side = self._asked.request if token["source"].lower() == "request" else self._asked.resource
        name = token["name"][0].lower() + token["name"][1:]
        value = _properties(side).get(name)
        return None if value is None else str(value).rpartition("/")[2]

    def _takes(self, words: frozenset[str]) -> bool:
        if self._at < len(self._tokens) and (self._tokens[self._at]["word"] or "").upper() in words:
            self._at += 1
            return True
        return False

    def _next(self, what: str) -> re.Match[str]:
        if self._at >= len(self._tokens):
            raise ValueError(f"it ends where {what} is expected")
        self._at += 1
        return self._tokens[self._at - 1]


def _properties(side: JsonObject | None) -> Mapping[str, object]:
    return (side or {}).get("properties") or {}


def _listed(text: str) -> list[str]:
    return [value.strip().strip("'") for value in text.strip("{}").split(",")]


def _compare(value: str | None, operator: str, wanted: list[str]) -> bool:
    """Every attribute has one value, or none, which equals nothing and differs from everything. So it is
    compared with any of the wanted values, or with all of them.
    """
    values, _, kind = operator.lower().rpartition(":")
    differs = "not" in kind
    begins = "startswith" in kind
    holds = [
        (value is not None and _matches(_spelt(value, kind), _spelt(one, kind), begins=begins)) is not differs
        for one in wanted
    ]
    return any(holds) if values == "foranyofanyvalues" else all(holds)


def _matches(value: str, wanted: str, *, begins: bool) -> bool:
    return value.startswith(wanted) if begins else value == wanted


def _spelt(value: str, kind: str) -> str:
    """As the kind of comparison reads it: a GUID with or without hyphens, which Azure's own roles mix."""
    if kind.startswith("string") and not kind.endswith("ignorecase"):
        return value
    return value.lower().replace("-", "") if kind.startswith("guid") else value.lower()
