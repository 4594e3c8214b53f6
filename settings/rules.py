"""What only the configuration of a stack knows to be wrong. What an app's arguments may be, the app knows."""

from collections.abc import Callable, Iterator
from typing import Final

from components.errors import Give, Problem, Rename, TakeOut
from components.form import Form
from components.references import guid_form, is_guid
from components.shown import described, entry, entry_name

from . import sample_app
from .commands import step
from .model import DEFAULTS, Settings

_GROUP: Final = Form.matching(
    "1 to 64 letters, digits, dots, hyphens, underscores and spaces, a letter or digit first",
    r"[A-Za-z0-9][A-Za-z0-9._ -]{0,63}",
    r"(?:[A-Za-z0-9][A-Za-z0-9._ -]*)?",
)
_REGION: Final = Form.matching("a region's short name in lower case", r"[a-z0-9]+", r"[a-z0-9]*")
_ID: Final = guid_form("a GUID")
_NAME: Final = Form.matching(
    "1 to 40 letters, digits and hyphens, a letter first",
    r"[A-Za-z][A-Za-z0-9-]{0,39}",
    r"(?:[A-Za-z][A-Za-z0-9-]*)?",
)


def name(s: Settings) -> Iterator[Problem]:
    """It is a part of names in Azure and of the names by which the engine knows what there is."""
    if not _NAME.holds(s.name):
        given, words = _NAME.refused(s.name), f"write {DEFAULTS.name}, or a name of your own"
        yield Problem("name", given, _NAME.words, step(words, Give("name", DEFAULTS.name)))


def location(s: Settings) -> Iterator[Problem]:
    """The short form, as `az account list-locations` names regions."""
    if not _REGION.holds(s.location):
        instead = step("write the name in `az account list-locations --query [].name`", Give("location"))
        yield Problem("location", _REGION.refused(s.location), _REGION.words, instead)


def groups(s: Settings) -> Iterator[Problem]:
    """Their names are in names of resources, and two grants to one group are one assignment."""
    for key, given in (("secretReaders", s.secret_readers), ("secretOfficers", s.secret_officers)):
        first: dict[str, str] = {}
        for name, object_id in given.items():
            subject, called = f"{key}.{entry_name(name, given)}", entry(key, name, given)
            if not _GROUP.holds(name):
                said = described(name, _GROUP.begins, "name")
                yield Problem(subject, said, _GROUP.words, step("rename it", Rename(called, "<name>")))
            known = first.setdefault(object_id.lower(), name)
            if known != name and is_guid(object_id):
                again = f"the object id of {entry_name(known, given)}"
                take_out = step("take it out", TakeOut(called))
                yield Problem(subject, again, "another group for each name", take_out)


def subscription(s: Settings) -> Iterator[Problem]:
    for key, value in (("tenantId", s.tenant_id), ("subscriptionId", s.subscription_id)):
        signed_in = step("give the one that you are signed in to", Give(key))
        if value and not _ID.holds(value):
            yield Problem(key, _ID.refused(value), _ID.words, signed_in)
        if not value and (s.tenant_id or s.subscription_id):
            yield Problem(key, "nothing", "both of tenantId and subscriptionId, or neither", signed_in)


RULES: Final[tuple[Callable[[Settings], Iterator[Problem]], ...]] = (
    name, location, sample_app.refused, groups, subscription,
)  # fmt: skip
"""Every rule, in the order in which problems are shown."""
