"""How actions prove who they are: as the workflow's identity, and never with a secret in the definition.

`authentication: {"link": "reports"}` of an HTTP action is spelt as Azure reads it: the identity, and what a
token for that link's target is for. Source:
https://learn.microsoft.com/azure/logic-apps/authenticate-with-managed-identity#authenticate-access-with-identity
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Final

import pulumi

from ...arguments import Arguments
from ...errors import Give, Step
from ...identity import IdentityKind
from ...plain import is_plain
from .http_targets import ANY_AUDIENCE, OF_VAULTS, OWN_AUDIENCE, audience_of, is_of_vaults
from .operations import Content, Operation, map_in

BY_IDENTITY: Final = "ManagedServiceIdentity"
_KEY: Final = "authentication"
_LINK: Final = "link"
_SECRETS: Final = ("password", "pfx", "secret", "value")
"""Of an authentication of another type: https://learn.microsoft.com/azure/logic-apps/logic-apps-securing-a-logic-app#add-authentication-outbound"""
_SUBSCRIPTION: Final = "subscriptionKey"
_HEADERS: Final = frozenset(
    {"aeg-sas-key", "api-key", "authorization", "ocp-apim-subscription-key", "x-api-key", "x-functions-key"}
)
_QUERIES: Final = "sig|code|api-?key|subscription-key"
_QUERY: Final = re.compile(_QUERIES, re.IGNORECASE)
_IN_QUERY: Final = re.compile(rf"[?&](?:{_QUERIES})=(?!@)[^&@]", re.IGNORECASE)
_READ_IT: Final = (
    "use the identity: authentication with a link, or with ManagedServiceIdentity and an audience; where the "
    "service takes no tokens, write an expression that reads the secret from what an action got of a vault"
)


@dataclass(frozen=True)
class Authentication:
    """How the actions of one workflow authenticate. `targets` are those of its links by name, `audiences`
    what links say themselves whose target is an app.
    """

    targets: Mapping[str, str]
    audiences: Mapping[str, Any]

    def check(self, arguments: Arguments, one: Operation, kind: IdentityKind) -> None:
        """Refuse what no action may say of who it is."""
        given, subject = map_in(one.inputs, _KEY), f"{one.subject}.inputs.{_KEY}"
        self._check_record(arguments, given, subject, kind)
        for name, value, where in _carried(one):
            if isinstance(value, str) and not value.startswith("@") and "@{" not in value:
                expected = "no secret, which everyone who may read the workflow would see in it"
                arguments.refuse(where, f"a text as {name}", expected, _READ_IT)

    def names(self, one: Operation) -> str | None:
        """The link that an operation authenticates for."""
        name = map_in(one.inputs, _KEY).get(_LINK)
        return name if isinstance(name, str) and name in self.targets else None

    def opens_vault(self, one: Operation) -> bool:
        """Whether an operation reads a vault, by a link or by the audience that it says."""
        is_linked = self.targets.get(self.names(one) or "") in OF_VAULTS
        return is_linked or is_of_vaults(map_in(one.inputs, _KEY).get("audience"))

    def spelt(self, one: Operation, identity_id: pulumi.Output[str] | None) -> dict[str, Any]:
        """The operation with its authentication as Azure reads it."""
        said = dict(map_in(one.inputs, _KEY))
        if (name := self.names(one)) is not None:
            said = {"type": BY_IDENTITY, "audience": self._audience(name)}
        if _is_by_identity(said) and identity_id is not None:
            # Left out, it would be the system-assigned identity, which this workflow does not have.
            said["identity"] = identity_id
        return {**one.content, "inputs": {**one.inputs, _KEY: said}} if said else dict(one.content)

    def _audience(self, name: str) -> Any:
        target = self.targets[name]
        return self.audiences.get(name) if target == OWN_AUDIENCE else audience_of(target)

    def _check_record(self, arguments: Arguments, given: Content, subject: str, kind: IdentityKind) -> None:
        by_link = _LINK in given
        if not by_link and not _is_by_identity(given):
            return
        if kind is IdentityKind.NONE:
            steps = Step(
                "set identity to user-assigned", (Give("identity", IdentityKind.USER_ASSIGNED.value),)
            )
            expected = "an identity that the action gets a token as"
            arguments.refuse(
                f"identity and {subject}", "none, with an action that needs one", expected, steps
            )
        if "identity" in given:
            step = f"take {subject}.identity out"
            expected = "no identity: a workflow has one, and it is written here"
            arguments.refuse(f"{subject}.identity", "an identity", expected, step)
        if by_link:
            self._check_link(arguments, given, subject)
        elif not given.get("audience"):
            step = f"give {subject}.audience, such as https://management.azure.com, or name a link"
            arguments.refuse(subject, "no audience", "what the token is for", step)

    def _check_link(self, arguments: Arguments, given: Content, subject: str) -> None:
        name = given[_LINK]
        if len(given) > 1:
            step = f"take everything but link out of {subject}"
            arguments.refuse(subject, "link, and more", "link alone, which says type and audience", step)
        if not isinstance(name, str) or name not in self.targets:
            known = ", ".join(self.targets) or "none"
            close = get_close_matches(str(name), self.targets, 1) if is_plain(name) else []
            step = f"write {close[0]}" if close else "give links a link of that name"
            arguments.refuse(f"{subject}.link", "no link of that name", f"one of the links: {known}", step)
        elif self.targets[name] == ANY_AUDIENCE:
            step = f"write type {BY_IDENTITY} and the audience of the service"
            expected = "a link whose target says what a token for it is for"
            arguments.refuse(f"{subject}.link", "a link with role", expected, step)


def _is_by_identity(said: Content) -> bool:
    """Azure tells types apart without case."""
    return str(said.get("type")).lower() == BY_IDENTITY.lower()


def _carried(one: Operation) -> Iterator[tuple[str, Any, str]]:
    """Values of an operation that are secrets where they are no expressions: name, value and place."""
    where = f"{one.subject}.inputs"
    given = map_in(one.inputs, _KEY)
    for key in _SECRETS:
        if key in given:
            yield key, given[key], f"{where}.{_KEY}.{key}"
    for name, value in map_in(one.inputs, "headers").items():
        if name.lower() in _HEADERS:
            yield f"the header {name}", value, f"{where}.headers[{name}]"
    for name, value in map_in(one.inputs, "queries").items():
        if _QUERY.fullmatch(name):
            yield f"{name} in its query", value, f"{where}.queries[{name}]"
    if _SUBSCRIPTION in one.inputs:
        yield "a key of API Management", one.inputs[_SUBSCRIPTION], f"{where}.{_SUBSCRIPTION}"
    uri = one.inputs.get("uri")
    if isinstance(uri, str) and _IN_QUERY.search(uri):
        yield "a key in its query", "in clear", f"{where}.uri"
