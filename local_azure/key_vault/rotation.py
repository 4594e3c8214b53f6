"""When a key changes by itself, and what a policy for it may say.

https://learn.microsoft.com/azure/key-vault/keys/how-to-configure-key-rotation
"""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

import isodate

from local_azure.bodies import section
from local_azure.http import JsonObject
from local_azure.key_vault.answers import refusal
from local_azure.rules import Rule

_SHORTEST_LIFE: Final = timedelta(days=28)
_SHORTEST_WAIT: Final = timedelta(days=7)
_NOTIFIED: Final = "P30D"
"""Before the end of a key, where no policy says anything."""

RULES: Final = [
    Rule(
        "C4",
        "behaviour",
        "A key without a policy of its own has the default one: a notice 30 days before it expires.",
        held_by="c4_a_key_has_a_policy_that_only_notifies_until_it_gets_another",
        source="https://learn.microsoft.com/rest/api/keyvault/keys/get-key-rotation-policy",
    ),
    Rule(
        "C4",
        "assumed",
        "A policy lets a key live for 28 days and rotates it after 7 days or later, 7 days before it ends: "
        "else 400 InvalidKeyRotationPolicy.",
        held_by="c4_a_policy_that_turns_keys_over_too_fast_is_refused",
        source="Azure/bicep-registry-modules#2760",
    ),
    Rule(
        "C4",
        "behaviour",
        "When its policy says so a key gets a new version by itself, and the old one stays usable.",
        held_by="c4_a_key_is_rotated_by_itself_and_what_the_old_version_encrypted_stays_readable",
    ),
]


def checked(policy: JsonObject) -> JsonObject:
    """What is kept of a policy. Raises Refusal 400 (C4)."""
    actions: list[JsonObject] | None = policy.get("lifetimeActions")
    if actions is None:
        raise _invalid("The given value for 'lifetimeActions' is null.")
    expiry = section(policy, "attributes").get("expiryTime")
    life = _length(str(expiry)) if expiry else None
    if life is not None and life < _SHORTEST_LIFE:
        raise _invalid("The expiry time must be at least 28 days.")
    for action in actions:
        _check(action, life)
    attributes: JsonObject = {"expiryTime": expiry} if expiry else {}
    return {"lifetimeActions": actions, "attributes": attributes}


def default() -> JsonObject:
    notice: JsonObject = {"trigger": {"timeBeforeExpiry": _NOTIFIED}, "action": {"type": "Notify"}}
    return {"lifetimeActions": [notice], "attributes": {}}


def due(policy: JsonObject, attributes: JsonObject) -> float | None:
    """The second in which a key whose newest version has these attributes is rotated; None for never."""
    for action in policy["lifetimeActions"]:
        if _rotates(action):
            trigger: JsonObject = action["trigger"]
            if after := trigger.get("timeAfterCreate"):
                return _later(attributes["created"], str(after))
            if (before := trigger.get("timeBeforeExpiry")) and attributes.get("exp"):
                return _later(attributes["exp"], str(before), back=True)
    return None


def expiry(policy: JsonObject, created: float) -> JsonObject:
    """What a version that is made by the policy has among its attributes."""
    life = policy["attributes"].get("expiryTime")
    return {"exp": int(_later(created, str(life)))} if life else {}


def _check(action: JsonObject, life: timedelta | None) -> None:
    trigger = section(action, "trigger")
    given = [trigger[key] for key in ("timeAfterCreate", "timeBeforeExpiry") if trigger.get(key)]
    if len(given) != 1:
        raise _invalid("A lifetime action has exactly one of timeAfterCreate and timeBeforeExpiry.")
    wait = _length(str(given[0]))
    if trigger.get("timeBeforeExpiry"):
        if life is None:
            raise _invalid("timeBeforeExpiry needs an expiry time.")
        wait = life - wait
    if _rotates(action) and (wait < _SHORTEST_WAIT or (life is not None and life - wait < _SHORTEST_WAIT)):
        raise _invalid(
            "A key is rotated at least 7 days after it was made and at least 7 days before it expires."
        )


def _rotates(action: JsonObject) -> bool:
    return str(section(action, "action").get("type", "")).lower() == "rotate"


def _length(text: str) -> timedelta:
    """How long a duration is from an ordinary day on. Raises Refusal 400 for what is none."""
    start = datetime(2001, 1, 1, tzinfo=UTC).timestamp()
    try:
        return timedelta(seconds=_later(start, text) - start)
    except (isodate.ISO8601Error, ValueError, OverflowError):
        raise _invalid(f"{text} is no duration as ISO 8601 has it, such as P90D.") from None


def _later(seconds: float, duration: str, *, back: bool = False) -> float:
    """The second that is so long after another one, or before it; months and years are the calendar's."""
    length: Any = isodate.parse_duration(duration)  # pyright: ignore[reportUnknownMemberType]
    start = datetime.fromtimestamp(seconds, UTC)
    moved: datetime = start - length if back else start + length
    return moved.timestamp()


def _invalid(message: str) -> Exception:
    return refusal(400, "BadParameter", message, "InvalidKeyRotationPolicy")
