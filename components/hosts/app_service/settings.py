"""App settings: how App Service spells what code is told, and what it sets itself."""

from collections.abc import Mapping
from typing import Final

import pulumi

from ...links.link import SecretRef, Told
from ..key_vault_references import secret_reference
from ..variables import TOKEN_ENDPOINTS, Platform
from .plan import OperatingSystem

_REGISTRY_LOGIN: Final = "DOCKER_REGISTRY_SERVER_"
"""How the settings begin that hold a registry's address, user name and password."""

RUN_FROM_PACKAGE: Final = "WEBSITE_RUN_FROM_PACKAGE"
"""Where App Service finds the code: `1` for what is published, or the address of a package."""

_INJECTED: Final = frozenset(
    {
        "HOME",
        *TOKEN_ENDPOINTS,
        "REGION_NAME",
        "SERVER_PORT",
        "SITE_BITNESS",
        "WEBSITE_COMPUTE_MODE",
        "WEBSITE_HOSTNAME",
        "WEBSITE_INSTANCE_ID",
        "WEBSITE_OWNER_NAME",
        "WEBSITE_PLATFORM_VERSION",
        "WEBSITE_PRIVATE_IP",
        "WEBSITE_RESOURCE_GROUP",
        "WEBSITE_SITE_NAME",
        "WEBSITE_SKU",
    }
)
"""https://learn.microsoft.com/azure/app-service/reference-app-settings"""
_PREFIXES: Final = ("APPSETTING_",)
"""Each setting reaches code a second time, under this prefix."""


def _on_linux(name: str) -> str:
    return name.upper().replace(".", "_")


_ON_LINUX: Final = ("on Linux", _on_linux)
"""Full stops reach code as underscores there.
https://learn.microsoft.com/azure/app-service/configure-common#configure-app-settings"""
_ON_WINDOWS: Final = ("on Windows", str.upper)


def platform_of(os: OperatingSystem, *, pulls_images: bool) -> Platform:
    """Azure itself does not tell settings apart that differ in case only."""
    words, same = _ON_LINUX if os is OperatingSystem.LINUX else _ON_WINDOWS
    instead = "give container_registry_id: the image is pulled with the identity"
    login = instead if pulls_images else "publish code: this host runs no container"
    return Platform(
        words=words,
        same=same,
        injected=_INJECTED,
        injected_prefixes=_PREFIXES,
        refused={_REGISTRY_LOGIN: ("no login to a registry", f"take it out, and {login}")},
    )


def spelt(told: Mapping[str, Told]) -> dict[str, pulumi.Input[str]]:
    """What code is told, as app settings."""
    return {name: _setting(value) for name, value in told.items()}


def _setting(value: Told) -> pulumi.Output[str]:
    if isinstance(value, SecretRef):
        return value.endpoint.apply(lambda endpoint: secret_reference(endpoint, value.secret))
    return value
