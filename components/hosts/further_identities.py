"""User-assigned identities that a host has besides the one it runs as, and how its code names them."""

import re
from collections.abc import Mapping
from typing import Final, NotRequired, TypedDict

import pulumi

from ..arguments import Arguments
from ..identity import IdentityKind
from ..references import IDENTITY, expected_id, is_id_of

CLIENT_ID: Final = "AZURE_CLIENT_ID"
"""Tells code what it names to get a token; code that names no identity gets the system-assigned one."""

_NAME: Final = re.compile(r"[A-Za-z][0-9A-Za-z_-]*")


class FurtherIdentitiesArgs(TypedDict):
    """Identities besides the main one, each for its own purpose."""

    further_identity_ids: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Further identities, as name to resource id; code finds AZURE_CLIENT_ID_<NAME>; left out, none."""


def client_id_variable(name: str) -> str:
    """The setting that tells the code the client id of the further identity of that name."""
    return f"{CLIENT_ID}_{name.replace('-', '_').upper()}"


def read_further_identities(arguments: Arguments, kind: IdentityKind) -> Mapping[str, pulumi.Output[str]]:
    """Resource ids by name. Whoever owns such an identity grants it; references never use one.

    Source: https://learn.microsoft.com/azure/app-service/overview-managed-identity#add-a-user-assigned-identity
    """
    given = arguments.plain_map("further_identity_ids", "names to the resource ids of identities")
    if given and kind is IdentityKind.NONE:
        arguments.refuse(
            "identity and further_identity_ids",
            "none, with further_identity_ids",
            "an identity to run as, besides the further ones",
            "set identity to existing and identity_id to one of them, or take further_identity_ids out",
        )
    names_by_id: dict[str, str] = {}
    for name, id in given.items():
        subject = f"further_identity_ids[{name}]"
        if not _NAME.fullmatch(name):
            expected = "letters, digits, hyphens and underscores, starting with a letter"
            arguments.refuse(subject, repr(name), expected, "choose a name of what the identity is for")
        if isinstance(id, str):
            _check_once(arguments, subject, name, id, names_by_id)
    return {
        name: arguments.checked(f"further_identity_ids[{name}]", id, is_identity, expected_id(IDENTITY))
        for name, id in given.items()
    }


def _check_once(arguments: Arguments, subject: str, name: str, id: str, names_by_id: dict[str, str]) -> None:
    main = arguments.raw("identity_id")
    if isinstance(main, str) and main.lower() == id.lower():
        step = f"take {name} out: the app runs as it already"
        arguments.refuse(subject, "the identity_id", "an identity besides the main one", step)
    elif id.lower() in names_by_id:
        step = f"keep one of {names_by_id[id.lower()]} and {name}"
        arguments.refuse(subject, f"{id} once more", "an identity of its own for each name", step)
    names_by_id.setdefault(id.lower(), name)


def is_identity(text: str) -> bool:
    return is_id_of(IDENTITY, text)
