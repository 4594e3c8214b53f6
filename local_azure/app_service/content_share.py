"""A function app's storage by connection string: what Azure checks while settings are written.

https://learn.microsoft.com/azure/app-service/app-service-key-vault-references#considerations-for-azure-files-mounting
"""

from collections.abc import Mapping
from typing import Final

from local_azure.app_service.flex_consumption import check_settings
from local_azure.app_service.refusals import bad_request
from local_azure.app_service.site_state import is_function_app
from local_azure.http import JsonObject
from local_azure.rules import Rule

_CONNECTIONS: Final = frozenset({"azurewebjobsstorage", "website_contentazurefileconnectionstring"})
_SKIP: Final = "website_skip_contentshare_validation"

RULES: Final = [
    Rule(
        "F11",
        "refusal",
        "A function app whose storage is a reference is refused (400) unless "
        "WEBSITE_SKIP_CONTENTSHARE_VALIDATION is 1.",
        held_by="f11_a_reference_to_a_function_apps_storage_is_refused",
    ),
]


def check_written_config(site: JsonObject, config: JsonObject) -> None:
    """The same for settings that come within a `siteConfig`."""
    entries: list[JsonObject] = config.get("appSettings") or []
    check_written_settings(site, {str(entry["name"]): str(entry.get("value")) for entry in entries})


def check_written_settings(site: JsonObject, settings: Mapping[str, str]) -> None:
    """Raises Refusal 400 for settings that a function app may not have as they are."""
    check_content_share(site, settings)
    check_settings(site, settings)


def check_content_share(site: JsonObject, settings: Mapping[str, str]) -> None:
    """Raises Refusal 400 for a connection string that Azure cannot read while it writes the settings."""
    if not is_function_app(site):
        return
    values = {name.lower(): value for name, value in settings.items()}
    if values.get(_SKIP) == "1":
        return
    for name, value in values.items():
        if name in _CONNECTIONS and value.lower().startswith("@microsoft.keyvault("):
            raise bad_request("The storage account of the app setting {0} could not be checked.", name)
