"""What a Pulumi stack says about its apps: `pulumi stack output --json`, run in the current folder."""

import json
import subprocess
from dataclasses import dataclass
from typing import Any, cast


class StackError(Exception):
    """The stack's outputs could not be read, or there is nothing in it to ask about."""


@dataclass(frozen=True)
class StackApps:
    """The apps of a stack with their slots and, where it names them, the ids of its vaults by name. Where it
    names no app, `missing` says so.
    """

    app_ids: tuple[str, ...]
    vault_ids: dict[str, str]
    missing: str = ""


def apps_of(stack: str) -> StackApps:
    """Read the outputs `app_id`, `slot_ids`, `vault_name` and `vault_id`. Raises StackError."""
    command = ["pulumi", "stack", "output", "--json", "--stack", stack]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError as error:
        raise StackError(
            "the `pulumi` command was not found. Install it (https://www.pulumi.com/docs/install/), or name "
            "the app with --app-id."
        ) from error
    if answer.returncode:
        raise StackError(f"`{' '.join(command)}` failed: {answer.stderr.strip()}")
    try:
        outputs = cast(dict[str, Any], json.loads(answer.stdout))
        app_id = outputs.get("app_id")
    except (ValueError, AttributeError) as error:
        raise StackError(f"`{' '.join(command)}` did not print a JSON object.") from error
    if not isinstance(app_id, str):
        found = ", ".join(sorted(outputs)) or "none"
        missing = (
            f"the stack {stack} has no output `app_id`; its outputs: {found}. Deploy it with "
            f"`pulumi up --stack {stack}`, or name the app with --app-id."
        )
        return StackApps((), {}, missing)
    vault_name, vault_id = outputs.get("vault_name"), outputs.get("vault_id")
    named = isinstance(vault_name, str) and isinstance(vault_id, str)
    slots: object = outputs.get("slot_ids")
    slot_ids = [str(id) for id in cast(dict[str, Any], slots).values()] if isinstance(slots, dict) else []
    return StackApps((app_id, *slot_ids), {str(vault_name): str(vault_id)} if named else {})
