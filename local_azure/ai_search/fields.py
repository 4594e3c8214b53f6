"""The fields of an index, as a search names them, and what a search may do with each."""

from collections.abc import Mapping
from typing import Any, Final

from local_azure.ai_search.access import refusal
from local_azure.errors import Refusal
from local_azure.http import JsonObject

Fields = Mapping[str, JsonObject]
"""By their names."""
_NUMBERS: Final = ("Edm.Int16", "Edm.Int32", "Edm.Int64", "Edm.Double", "Edm.Single")
TYPES: Final[Mapping[str, tuple[type, ...]]] = {
    "Edm.String": (str,),
    "Edm.Boolean": (bool,),
    **dict.fromkeys(_NUMBERS, (int, float)),
}
"""The types whose values are told apart here, and what is one. Of the others anything is taken."""


def is_of(type_: str, value: Any) -> bool:
    """Whether a value is of one of the `TYPES`; a bool is a number in Python, and not in a field."""
    return isinstance(value, TYPES[type_]) and isinstance(value, bool) is (type_ == "Edm.Boolean")


def require(fields: Fields, name: str, what: str, clause: str) -> None:
    """Raises Refusal 400 unless the index has that field and it is `what`, such as searchable."""
    if name not in fields:
        raise refusal(
            400, f"Invalid expression: Could not find a property named '{name}'.\r\nParameter name: {clause}"
        )
    if fields[name].get(what) is False:
        text = f"Invalid expression: The field '{name}' is not {what}. Only {what} fields can be used here."
        raise refusal(400, f"{text}\r\nParameter name: {clause}")


def names_in(given: Any) -> list[str]:
    """A list of names, as text with commas or as a list."""
    if isinstance(given, str):
        return [one.strip() for one in given.split(",") if one.strip()]
    names: list[str] = list(given or [])
    return names


def not_served(what: str) -> Refusal:
    text = (
        f"The local Azure does not serve {what} of a search. This is no answer of Azure's: there it may be "
        f"asked."
    )
    return Refusal(501, "NotServedByLocalAzure", text, "plain")
