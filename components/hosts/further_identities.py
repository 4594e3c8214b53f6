"""User-assigned identities that a host has besides the one it runs as, and how its code names them."""

from collections.abc import Collection, Mapping
from typing import Final, NotRequired, TypedDict

import pulumi

from ..arguments import Arguments
from ..form import Form
from ..identity import IdentityKind
from ..references import IDENTITY, id_form
from ..shown import entry

CLIENT_ID: Final = "AZURE_CLIENT_ID"
"""Tells code what it names to get a token; code that names no identity gets the system-assigned one."""

_NAME: Final = Form.matching(
    "letters, digits, hyphens and underscores, starting with a letter",
    r"[A-Za-z][0-9A-Za-z_-]*",
    r"(?:[A-Za-z][0-9A-Za-z_-]*)?",
)


class FurtherIdentitiesArgs(TypedDict):
    """Identities besides the main one, each for its own purpose."""

    further_identity_ids: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Further identities, as name to resource id; code finds AZURE_CLIENT_ID_<NAME>; left out, none."""


def further_identity(name: str, names: Collection[str]) -> str:
    """What messages call the further identity of that name."""
    return entry("further_identity_ids", name, names)


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
    subjects_by_id: dict[str, str] = {}
    for name, id in given.items():
        subject = further_identity(name, given)
        if not _NAME.holds(name):
            step = "choose a name of what the identity is for"
            arguments.refuse(subject, _NAME.refused(name), _NAME.words, step)
        if isinstance(id, str):
            _check_once(arguments, subject, id, subjects_by_id)
    return {
        name: arguments.checked(further_identity(name, given), id, id_form(IDENTITY))
        for name, id in given.items()
    }


def _check_once(arguments: Arguments, subject: str, id: str, subjects_by_id: dict[str, str]) -> None:
    main = arguments.raw("identity_id")
    if isinstance(main, str) and main.lower() == id.lower():
        step = f"take {subject} out: the app runs as it already"
        arguments.refuse(subject, "the identity_id", "an identity besides the main one", step)
    elif earlier := subjects_by_id.get(id.lower()):
        step = f"keep one of {earlier} and {subject}"
        arguments.refuse(subject, f"the id in {earlier}", "an identity of its own for each name", step)
    subjects_by_id.setdefault(id.lower(), subject)
