"""A stack's outputs, read from its state's file: `pulumi stack output` starts an engine for each look."""

import json
from pathlib import Path
from typing import Any, Final, cast

_SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
_SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"
"""By these two the engine marks a secret in a state.
https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/sig/sig.go
"""


def outputs_in(state: Path) -> dict[str, Any]:
    """What `pulumi stack output --json` says of the stack whose state is the file `state`."""
    latest: dict[str, Any] = json.loads(state.read_text())["checkpoint"].get("latest") or {}
    for resource in latest.get("resources") or ():
        if resource["type"] == "pulumi:pulumi:Stack" and not resource.get("delete"):
            return _shown(resource.get("outputs") or {})
    return {}


def _shown(value: Any) -> Any:
    """A value without what is secret in it."""
    if isinstance(value, list):
        return [_shown(one) for one in cast(list[Any], value)]
    if not isinstance(value, dict):
        return value
    given = cast(dict[str, Any], value)
    if given.get(_SIGNATURE) == _SECRET:
        return "[secret]"
    return {name: _shown(one) for name, one in given.items()}
