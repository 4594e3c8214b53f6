"""What only the configuration of a stack knows to be wrong. What an app's arguments may be, the app knows."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from components.errors import Give, Problem, Rename, TakeOut
from components.references import is_guid

from . import sample_app
from .commands import step
from .model import DEFAULTS, Settings

_GROUP: Final = "1 to 64 letters, digits, dots, hyphens, underscores and spaces, a letter or digit first"
_NAME: Final = "1 to 40 letters, digits and hyphens, a letter first"
_TAG: Final = r"a name of 1 to 512 characters without < > % & \ ? / that does not begin as Azure's own"


def name(s: Settings) -> Iterator[Problem]:
    """It is a part of names in Azure and of the names by which the engine knows what there is."""
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9-]{0,39}", s.name):
        meant = re.sub(r"[^A-Za-z0-9]+", "-", s.name).strip("-0123456789")[:40] or DEFAULTS.name
        yield Problem("name", repr(s.name), _NAME, step(f"write {meant}", Give("name", meant)))


def location(s: Settings) -> Iterator[Problem]:
    """The short form, as `az account list-locations` names regions."""
    if not re.fullmatch(r"[a-z0-9]+", s.location):
        region = re.sub(r"[^a-z0-9]", "", s.location.lower()) or DEFAULTS.location
        expected = "a region's short name in lower case"
        yield Problem(
            "location", repr(s.location), expected, step(f"write {region}", Give("location", region))
        )


def groups(s: Settings) -> Iterator[Problem]:
    """Their names are in names of resources, and two grants to one group are one assignment."""
    for key, given in (("secretReaders", s.secret_readers), ("secretOfficers", s.secret_officers)):
        first: dict[str, str] = {}
        for name, object_id in given.items():
            entry = f"{key}[{name}]"
            if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._ -]{0,63}", name):
                rename = Rename(entry, _suggested_group(name, given))
                yield Problem(f"{key}.{name}", repr(name), _GROUP, step("rename it", rename))
            known = first.setdefault(object_id.lower(), name)
            if known != name and is_guid(object_id):
                expected = f"another group: {known} has the same object id"
                yield Problem(f"{key}.{name}", object_id, expected, step("take it out", TakeOut(entry)))


def _suggested_group(name: str, taken: Mapping[str, str]) -> str:
    meant = re.sub(r"[^A-Za-z0-9._ -]", "-", name).lstrip("._ -")[:64]
    return meant if meant and meant not in taken else "<name>"


def tags(s: Settings) -> Iterator[Problem]:
    """https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources#limitations"""
    if len(s.tags) > 50:
        fewer = step("take one out", TakeOut("tags[<name>]"))
        yield Problem("tags", f"{len(s.tags)} tags", "at most 50 tags", fewer)
    seen: set[str] = set()
    for name, value in s.tags.items():
        key, entry = f"tags.{name}", f"tags[{name}]"
        take_out = step("take it out", TakeOut(entry))
        reserved = name.lower().startswith(("microsoft", "azure", "windows"))
        if reserved or not 1 <= len(name) <= 512 or re.search(r"[<>%&\\?/]", name):
            yield Problem(key, repr(name), _TAG, take_out)
        if name.lower() in seen:
            expected = "a name that differs in more than upper and lower case"
            yield Problem(key, repr(name), expected, take_out)
        if len(value) > 256:
            shorter = step("write a shorter one", Give(entry, value[:256]))
            yield Problem(key, f"{len(value)} characters", "at most 256 characters", shorter)
        seen.add(name.lower())


def subscription(s: Settings) -> Iterator[Problem]:
    for key, value in (("tenantId", s.tenant_id), ("subscriptionId", s.subscription_id)):
        signed_in = step("give the one that you are signed in to", Give(key))
        if value and not is_guid(value):
            yield Problem(key, repr(value), "a GUID", signed_in)
        if not value and (s.tenant_id or s.subscription_id):
            yield Problem(key, "nothing", "both of tenantId and subscriptionId, or neither", signed_in)


RULES: Final[tuple[Callable[[Settings], Iterator[Problem]], ...]] = (
    name, location, sample_app.refused, groups, tags, subscription,
)  # fmt: skip
"""Every rule, in the order in which problems are shown."""
