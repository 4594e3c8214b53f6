"""What a write of a site changes: what it says. What it leaves out, or says null of, stays as it was."""

from typing import Final, cast

from local_azure.http import JsonObject
from local_azure.rules import Rule

RULES: Final = [
    Rule(
        "A27",
        "behaviour",
        "A text of a site that is left out of a write, or null in it, stays; an empty one clears it.",
        held_by="a27_null_changes_nothing_whether_it_is_put_or_patched",
        source="projectkudu/kudu#3045 pulumi/pulumi-azure-native#4204",
    ),
    Rule(
        "A27",
        "assumed",
        "So do its subnet and its rules: a subnet is cleared with an empty text, rules with an empty list.",
        held_by="a27_an_empty_text_and_an_empty_list_clear",
    ),
]


def merged(old: JsonObject, new: JsonObject) -> JsonObject:
    """`old` with what `new` says, object by object; neither is changed."""
    result = dict(old)
    for name, value in new.items():
        before = old.get(name)
        if isinstance(value, dict) and isinstance(before, dict):
            result[name] = merged(cast(JsonObject, before), cast(JsonObject, value))
        elif value is not None:
            result[name] = value
    return result
