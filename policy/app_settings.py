"""Settings, connection strings and secrets that a program gives its resources, and what stands there."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from access_report.carried_values import values_of
from access_report.resources import UNKNOWN, Resource
from policy.kept import Kept
from policy.site_parts import CONFIGURED

SETTINGS: Final = ("web:WebAppApplicationSettings", "web:WebAppApplicationSettingsSlot")
_CONNECTIONS: Final = ("web:WebAppConnectionStrings", "web:WebAppConnectionStringsSlot")
HOLDERS: Final = (*CONFIGURED, *SETTINGS, *_CONNECTIONS)
_READ_BY_CODE: Final = ("setting", "connection string")


@dataclass(frozen=True)
class Setting:
    """`value` is UNKNOWN until it is known. No finding ever repeats it."""

    name: str
    value: str
    kind: str = "setting"
    is_secret: bool = False
    """Whether whatever stands there is a secret, however it is called."""

    @property
    def is_known(self) -> bool:
        return self.value != UNKNOWN


def settings_of(resource: Resource) -> Iterator[Setting]:
    """All that one resource carries, but what the program keeps secret and Azure shows to nobody, such as a
    password, or what a vault keeps.
    """
    for one in values_of(resource):
        if one.place.is_shown or not isinstance(one.value, Kept):
            yield Setting(one.name, one.text, one.place.kind, one.place.is_secret)


def told_to_code(resource: Resource) -> Iterator[Setting]:
    """What a site's code is told, in which App Service replaces references."""
    if resource.is_of(*HOLDERS):
        yield from (one for one in settings_of(resource) if one.kind in _READ_BY_CODE)
