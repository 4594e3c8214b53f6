"""The connection strings of a site: a map of names to a value and what it is for, and the variables in which
an app finds them.

https://learn.microsoft.com/azure/app-service/configure-common#configure-connection-strings
"""

from collections.abc import Iterable
from typing import Final, cast

from local_azure.app_service.refusals import bad_request, conflict
from local_azure.http import JsonObject
from local_azure.rules import Rule

_PREFIXES: Final = {
    "ApiHub": "APIHUBCONNSTR_",
    "Custom": "CUSTOMCONNSTR_",
    "DocDb": "DOCDBCONNSTR_",
    "EventHub": "EVENTHUBCONNSTR_",
    "MySql": "MYSQLCONNSTR_",
    "NotificationHub": "NOTIFICATIONHUBCONNSTR_",
    "PostgreSQL": "POSTGRESQLCONNSTR_",
    "RedisCache": "REDISCACHECONNSTR_",
    "ServiceBus": "SERVICEBUSCONNSTR_",
    "SQLAzure": "SQLAZURECONNSTR_",
    "SQLServer": "SQLCONNSTR_",
}
"""What comes before the name, by the type.
https://learn.microsoft.com/azure/app-service/reference-app-settings
"""

RULES: Final = [
    Rule(
        "A33",
        "behaviour",
        "A connection string reaches the app as a variable whose prefix says its type, such as "
        "SQLAZURECONNSTR_; one that is a reference to Key Vault is resolved.",
        held_by="a33_a_connection_string_reaches_the_app_under_the_prefix_of_its_type",
        source="https://learn.microsoft.com/azure/app-service/reference-app-settings "
        "https://learn.microsoft.com/azure/app-service/app-service-key-vault-references",
    ),
    Rule(
        "A33",
        "assumed",
        "A connection string has a text as its value and one of eleven types: 400; names are compared "
        "without case: 409.",
        held_by="a33_a_connection_string_is_a_text_of_a_known_type",
    ),
]


def connection_strings(_before: JsonObject, given: JsonObject) -> JsonObject:
    """The map of a write. Raises Refusal 400 for a value or a type that is none, 409 for a name that is there
    twice."""
    known: set[str] = set()
    types = {type.lower(): type for type in _PREFIXES}
    written: JsonObject = {}
    for name, entry in given.items():
        one = cast(JsonObject, entry) if isinstance(entry, dict) else {}
        type = types.get(str(one.get("type")).lower())
        if not isinstance(one.get("value"), str):
            raise bad_request("The value of connection string '{0}' is not a string.", name)
        if type is None:
            raise bad_request("The parameter {0}.type has an invalid value: {1}.", name, str(one.get("type")))
        if name.lower() in known:
            raise conflict("Parameter with name {0} already exists.", name)
        known.add(name.lower())
        written[name] = {"value": one["value"], "type": type}
    return written


def connection_strings_of_list(entries: Iterable[JsonObject]) -> JsonObject:
    """The same from the `connectionStrings` of a `siteConfig`."""
    map_ = {
        str(one.get("name")): {"value": one.get("connectionString"), "type": one.get("type")}
        for one in entries
    }
    return connection_strings({}, map_)


def variable(name: str, entry: JsonObject) -> str:
    """The variable in which an app finds a connection string."""
    return f"{_PREFIXES[str(entry['type'])]}{name}"


def variables(connections: JsonObject) -> dict[str, str]:
    """Every connection string by its variable."""
    return {variable(name, entry): str(entry["value"]) for name, entry in connections.items()}
