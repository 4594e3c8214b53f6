"""The settings and connection strings that a program gives its sites, wherever azure-native takes them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

from access_report.following import SITES
from access_report.resources import UNKNOWN, Resource
from policy.reading import at

SETTINGS: Final = ("web:WebAppApplicationSettings", "web:WebAppApplicationSettingsSlot")
CONNECTIONS: Final = ("web:WebAppConnectionStrings", "web:WebAppConnectionStringsSlot")
HOLDERS: Final = (*SITES, *SETTINGS, *CONNECTIONS)


@dataclass(frozen=True)
class Setting:
    """`value` is UNKNOWN until it is known. No finding ever repeats it."""

    name: str
    value: str
    kind: str = "setting"
    is_secret: bool = False
    """Whether whatever stands there is a secret, however it is called."""


def settings_in(resource: Resource) -> Iterator[Setting]:
    """All that one resource gives, in its own order; nothing of a whole that is not known yet."""
    if resource.is_of(*SETTINGS):
        for name, value in _map(at(resource, "properties")).items():
            yield Setting(name, _text(value))
    elif resource.is_of(*CONNECTIONS):
        for name, value in _map(at(resource, "properties")).items():
            yield Setting(name, _text(_map(value).get("value", value)), "connection string")
    elif resource.is_of(*SITES):
        for entry in _list(at(resource, "siteConfig.appSettings")):
            yield Setting(str(_map(entry).get("name")), _text(_map(entry).get("value")))
        for entry in _list(at(resource, "siteConfig.connectionStrings")):
            value = _map(entry).get("connectionString")
            yield Setting(str(_map(entry).get("name")), _text(value), "connection string")


def is_known(setting: Setting) -> bool:
    return setting.value != UNKNOWN


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _map(value: Any) -> Mapping[str, Any]:
    return cast(Mapping[str, Any], value) if isinstance(value, Mapping) else {}


def _list(value: Any) -> list[Any]:
    return cast(list[Any], value) if isinstance(value, list) else []
