"""The tags of a resource, whatever its type.

https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources
"""

from typing import Final, cast

from components.azure_facts.tag_limits import LONGEST_NAME, LONGEST_VALUE, MOST, REFUSED_IN_NAMES
from local_azure.errors import Refusal
from local_azure.http import JsonObject
from local_azure.rules import Rule

RULES: Final = [
    Rule(
        "G4",
        "behaviour",
        "Tags whose names differ in case only are one tag.",
        held_by="g4_names_that_differ_in_case_only_are_one_tag",
        source="MicrosoftDocs/azure-docs#57888 Azure/azure-powershell#9271",
    ),
    Rule(
        "G4",
        "assumed",
        "Of two names that differ in case only, the first is kept, with the last's value.",
        held_by="g4_names_that_differ_in_case_only_are_one_tag",
    ),
    Rule(
        "G4",
        "assumed",
        "A resource has at most 50 tags, a name at most 512 characters and none of <>%&\\?/, a value at "
        "most 256: 400.",
        held_by="g4_some_characters_are_in_no_name",
    ),
]


def checked_tags(given: JsonObject) -> JsonObject:
    """The body with its tags as Resource Manager keeps them. Raises Refusal 400."""
    if not isinstance(given.get("tags"), dict):
        return given
    names: dict[str, str] = {}
    tags: JsonObject = {}
    for name, value in cast(JsonObject, given["tags"]).items():
        _check(name, str(value))
        tags[names.setdefault(name.lower(), name)] = value
    if len(tags) > MOST:
        text = f"The resource has {len(tags)} tags; at most {MOST} are allowed."
        raise Refusal(400, "TooManyTags", text)
    return {**given, "tags": tags}


def _check(name: str, value: str) -> None:
    if reserved := [character for character in REFUSED_IN_NAMES if character in name]:
        text = f"The tag name '{name}' has reserved characters: {' '.join(reserved)}."
        raise Refusal(400, "InvalidTagNameCharacters", text)
    if not name or len(name) > LONGEST_NAME:
        raise Refusal(400, "InvalidTagName", f"A tag's name has 1 to {LONGEST_NAME} characters: '{name}'.")
    if len(value) > LONGEST_VALUE:
        text = f"The value of the tag '{name}' has more than {LONGEST_VALUE} characters."
        raise Refusal(400, "InvalidTagValue", text)
