"""The documents in `config/` beside `web` and the settings: what each says before anybody wrote it, who may
read it, and what may be written.

https://learn.microsoft.com/rest/api/appservice/web-apps
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, cast

from local_azure.app_service.connection_strings import connection_strings
from local_azure.app_service.refusals import bad_request
from local_azure.app_service.sign_in import OFF
from local_azure.app_service.written_properties import merged
from local_azure.bodies import section
from local_azure.errors import not_served
from local_azure.http import JsonObject
from local_azure.rules import Rule

_MOUNT_TYPES: Final = ("AzureFiles", "AzureBlob")
_MOUNT_NEEDS: Final = ("accountName", "shareName", "mountPath")
_LEVELS: Final = ("Off", "Verbose", "Information", "Warning", "Error")

RULES: Final = [
    Rule(
        "A32",
        "behaviour",
        "What may hold a secret (settings, connection strings, mounted storage, publishing credentials) is "
        "read by POST config/<name>/list only, which needs sites/config/list/action; a GET is refused.",
        held_by="a32_documents_with_secrets_are_listed_by_who_may_list_them",
        source="https://learn.microsoft.com/azure/role-based-access-control/permissions/web-and-mobile",
    ),
    Rule(
        "A32",
        "assumed",
        "Such a document is written whole: a PATCH, which would answer with what it leaves, is refused "
        "(405).",
        held_by="a32_no_write_answers_with_what_was_there",
    ),
    Rule(
        "A32",
        "assumed",
        "A mounted storage account has a type, an account, a share and a path to mount it at: 400.",
        held_by="a32_a_mounted_share_has_a_type_an_account_and_a_path",
        source="https://learn.microsoft.com/azure/app-service/configure-connect-to-azure-storage",
    ),
    Rule(
        "A32",
        "assumed",
        "A site's logs are off until config/logs says otherwise, and their levels are five words: 400.",
        held_by="a32_logs_are_off_until_they_are_asked_for",
    ),
]


def _whole(_before: JsonObject, given: JsonObject) -> JsonObject:
    return given


def _texts(_before: JsonObject, given: JsonObject) -> JsonObject:
    for name, value in given.items():
        if not isinstance(value, str):
            raise bad_request("The value of '{0}' is not a string.", name)
    return given


def _mounts(_before: JsonObject, given: JsonObject) -> JsonObject:
    """Nothing is mounted here: an app finds no folder at `mountPath`."""
    for name, value in given.items():
        mount = cast(JsonObject, value) if isinstance(value, dict) else {}
        if mount.get("type") not in _MOUNT_TYPES:
            raise bad_request(
                "The parameter {0}.type has an invalid value: {1}.", name, str(mount.get("type"))
            )
        for needed in _MOUNT_NEEDS:
            if not isinstance(mount.get(needed), str) or not mount[needed]:
                raise bad_request("The parameter {0}.{1} has no value.", name, needed)
    return given


def _logs(before: JsonObject, given: JsonObject) -> JsonObject:
    after = merged(before, given)
    for place in section(after, "applicationLogs"):
        level = section(section(after, "applicationLogs"), place).get("level")
        if level is not None and level not in _LEVELS:
            raise bad_request("The parameter applicationLogs.level has an invalid value: {0}.", str(level))
    return after


def _first_version(_before: JsonObject, _given: JsonObject) -> JsonObject:
    raise not_served(
        "writes of the first version of sign-in (config/authsettings); write config/authsettingsV2"
    )


def _by_azure(_before: JsonObject, _given: JsonObject) -> JsonObject:
    raise bad_request("The publishing credentials of a site cannot be written.")


@dataclass(frozen=True)
class Document:
    """One document. `before` are its properties until it is written; `written` makes of those it has and
    those of a write the new ones, or raises Refusal; `listed` ones are read by a POST with a permission of
    its own."""

    before: JsonObject
    written: Callable[[JsonObject, JsonObject], JsonObject] = _whole
    listed: bool = False


DOCUMENTS: Final[Mapping[str, Document]] = {
    "authsettings": Document({"enabled": False}, _first_version, listed=True),
    "authsettingsv2": Document(OFF),
    "azurestorageaccounts": Document({}, _mounts, listed=True),
    "connectionstrings": Document({}, connection_strings, listed=True),
    "logs": Document(
        {
            "applicationLogs": {"fileSystem": {"level": "Off"}},
            "detailedErrorMessages": {"enabled": False},
            "failedRequestsTracing": {"enabled": False},
            "httpLogs": {
                "azureBlobStorage": {"enabled": False},
                "fileSystem": {"enabled": False, "retentionInDays": 0, "retentionInMb": 35},
            },
        },
        _logs,
    ),
    "metadata": Document({}, _texts, listed=True),
    "publishingcredentials": Document({}, _by_azure, listed=True),
}
"""By their names in lower case."""


def is_listed(name: str) -> bool:
    """Whether a document is read by `POST config/<name>/list` only."""
    document = DOCUMENTS.get(name.lower())
    return name.lower() == "appsettings" or (document is not None and document.listed)


def sticky_names(given: JsonObject) -> JsonObject:
    """What is written as `config/slotConfigNames`, of the site alone. Raises Refusal 400 for what are no
    lists of names: a swap would take along what was to stay."""
    for key, names in given.items():
        listed = cast(list[object], names) if isinstance(names, list) else [None]
        if names is not None and not all(isinstance(name, str) for name in listed):
            raise bad_request("The parameter {0} is no list of names.", key)
    return given
