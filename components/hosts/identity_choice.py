"""Which identity a host runs as: the arguments, and which of them contradict each other."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import NotRequired, TypedDict

import pulumi

from ..arguments import Arguments
from ..errors import Give, Step, TakeOut
from ..identity import IdentityKind
from ..links.link import IdentityIds, Variables
from ..names.everywhere import IDENTITY as IDENTITY_NAME
from ..naming import read_name
from ..references import IDENTITY, guid_form, id_form
from .further_identities import (
    CLIENT_ID,
    FurtherIdentitiesArgs,
    client_id_variable,
    further_identity,
    read_further_identities,
)


class OneIdentityArgs(TypedDict):
    """The identity to run as."""

    identity: NotRequired[IdentityKind]
    """What the app runs as; left out, user-assigned."""
    identity_name: NotRequired[pulumi.Input[str]]
    """Name of the app's own user-assigned identity; left out, id-<name>-<stack>-<random>."""
    identity_id: NotRequired[pulumi.Input[str]]
    """Resource id of the identity to run as, with identity existing only, where it is required."""
    identity_principal_id: NotRequired[pulumi.Input[str]]
    """Principal id of that identity, with identity_client_id; left out, both are read from Azure."""
    identity_client_id: NotRequired[pulumi.Input[str]]
    """Client id of that identity, with identity_principal_id; left out, both are read from Azure."""


class IdentityArgs(FurtherIdentitiesArgs, OneIdentityArgs):
    """The identity to run as, and those besides it."""


@dataclass(frozen=True)
class IdentityChoices:
    """The arguments of an identity, read and checked. `given` are the ids of an existing one,
    `further` the ids of those besides it, by name.
    """

    kind: IdentityKind
    name: pulumi.Output[str] | None
    given: IdentityIds
    further: Mapping[str, pulumi.Output[str]]

    @property
    def variables(self) -> Variables:
        """What code is told of identities. The main one's client id is nobody else's to tell, even where
        there is none.
        """
        further = [(client_id_variable(name), further_identity(name, self.further)) for name in self.further]
        return [(CLIENT_ID, "identity"), *further]

    @property
    def client_ids(self) -> Collection[str]:
        """The variables that hold a client id, whose names in braces stand for it in a setting."""
        has_own = self.kind in (IdentityKind.USER_ASSIGNED, IdentityKind.EXISTING)
        return [*([CLIENT_ID] if has_own else []), *map(client_id_variable, self.further)]

    @property
    def is_granted_here(self) -> bool:
        """Whether the identity is the host's own: whoever owns an existing one grants it."""
        return self.kind in (IdentityKind.USER_ASSIGNED, IdentityKind.SYSTEM_ASSIGNED)


def read_identity(arguments: Arguments, *, takes_further: bool = True) -> IdentityChoices:
    """`takes_further` is whether the host can have identities besides the one it runs as."""
    kind = arguments.choice("identity", IdentityKind, IdentityKind.USER_ASSIGNED)
    _check_kind(arguments, kind)
    return IdentityChoices(
        kind=kind,
        name=read_name(arguments, "identity_name", IDENTITY_NAME),
        given=IdentityIds(
            identity_id=arguments.text("identity_id", id_form(IDENTITY)),
            principal_id=arguments.text("identity_principal_id", guid_form("a GUID")),
            client_id=arguments.text("identity_client_id", guid_form("a GUID")),
        ),
        further=read_further_identities(arguments, kind) if takes_further else {},
    )


def _check_kind(arguments: Arguments, kind: IdentityKind) -> None:
    if kind is IdentityKind.EXISTING:
        _check_existing(arguments)
    else:
        for key in ("identity_id", "identity_principal_id", "identity_client_id"):
            if arguments.has(key):
                steps = (
                    Step("set identity to existing", (Give("identity", IdentityKind.EXISTING.value),)),
                    Step(f"take {key} out", (TakeOut(key),)),
                )
                arguments.refuse(
                    f"identity and {key}", f"{kind.value}, with {key}", "identity existing", steps
                )
    if kind is not IdentityKind.USER_ASSIGNED and arguments.has("identity_name"):
        step = "set identity to user-assigned, or take identity_name out"
        expected = "identity user-assigned, the only one that is created under a name"
        arguments.refuse("identity and identity_name", f"{kind.value}, with identity_name", expected, step)


def _check_existing(arguments: Arguments) -> None:
    arguments.require(
        "identity_id", "the resource id of the identity to run as, because identity is existing"
    )
    arguments.pair("identity_principal_id", "identity_client_id")
    ids = [arguments.raw(key) for key in ("identity_principal_id", "identity_client_id")]
    if all(isinstance(id, str) for id in ids) and ids[0] == ids[1]:
        step = "give the identity's principal id and client id; they are two different ids"
        subject = "identity_principal_id and identity_client_id"
        arguments.refuse(subject, "one id for both", "the identity's two ids", step)
