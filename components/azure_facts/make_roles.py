"""`python -m components.azure_facts.make_roles FILE`: `roles.json` beside this file, written anew.

FILE is a JSON list of role definitions as `az role definition list` prints them: `id` (or `name`) with the
GUID, `name` (or `roleName`), and `permissions`. Kept is what the project reads: no descriptions, no empty
lists, no action twice, no custom role. Sorted, so that a newer list shows as what Azure changed.
"""

import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

FILE: Final = Path(__file__).with_name("roles.json")
_LISTS: Final = ("actions", "notActions", "dataActions", "notDataActions")


def text(definitions: Iterable[Mapping[str, Any]]) -> str:
    """The content of `roles.json`."""
    built_in = [one for one in definitions if one.get("roleType", "BuiltInRole") == "BuiltInRole"]
    roles = {_guid(one): _role(one) for one in built_in}
    return json.dumps(dict(sorted(roles.items())), indent=1, ensure_ascii=False) + "\n"


def _guid(definition: Mapping[str, Any]) -> str:
    return str(definition["id"]).rpartition("/")[2].lower()


def _role(definition: Mapping[str, Any]) -> Mapping[str, Any]:
    # One name ends with a blank in Azure's own answer.
    name = str(definition.get("roleName") or definition["name"]).strip()
    return {"name": name, "permissions": [_permissions(block) for block in definition["permissions"]]}


def _permissions(block: Mapping[str, Any]) -> Mapping[str, Any]:
    lists = {key: _actions(block[key]) for key in _LISTS if block.get(key)}
    return lists | ({"condition": block["condition"]} if block.get("condition") else {})


def _actions(actions: Iterable[str]) -> list[str]:
    """Each once, whatever its case: Azure repeats some, and compares without case."""
    return sorted(
        {action.lower(): action for action in sorted(actions, reverse=True)}.values(), key=str.lower
    )


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    FILE.write_text(text(json.loads(Path(arguments[0]).read_text(encoding="utf-8"))), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
