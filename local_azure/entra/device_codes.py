"""Signing in on another device: a program shows a code, and a person enters it where they sign in.

https://learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code
"""

import secrets
import string
import threading
from dataclasses import dataclass
from typing import Final

from local_azure.clock import Clock
from local_azure.entra.directory import Principal
from local_azure.errors import Refusal
from local_azure.rules import Rule

LIFETIME: Final = 900
"""Seconds for which a code is good."""
INTERVAL: Final = 1
"""Seconds that a program waits before it asks again; Azure says 5."""
_LETTERS: Final = string.ascii_uppercase + string.digits

RULES: Final = [
    Rule(
        "E4",
        "behaviour",
        "A code that a program shows is good once, for fifteen minutes; until it is entered, the program is "
        "told authorization_pending.",
        held_by="e4_a_code_is_good_once_and_for_fifteen_minutes",
    ),
]


@dataclass
class _Waiting:
    user_code: str
    scope: str
    expires: float
    person: Principal | None = None


class DeviceCodes:
    """The codes that wait for their person. They are kept in memory: a restart forgets them."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._waiting: dict[str, _Waiting] = {}
        self._lock = threading.Lock()

    def start(self, scope: str) -> tuple[str, str]:
        """What a program that asks for `scope` keeps, and what it shows."""
        device_code = secrets.token_urlsafe(32)
        user_code = "".join(secrets.choice(_LETTERS) for _ in range(9))
        with self._lock:
            now = self._clock.now()
            self._waiting = {key: one for key, one in self._waiting.items() if one.expires > now}
            self._waiting[device_code] = _Waiting(user_code, scope, now + LIFETIME)
        return device_code, user_code

    def enter(self, user_code: str, person: Principal) -> bool:
        """A person who has signed in enters the code. False where no program waits with it."""
        entered, now = user_code.strip().upper(), self._clock.now()
        with self._lock:
            waiting = (one for one in self._waiting.values() if one.person is None and one.expires > now)
            found = next((one for one in waiting if one.user_code == entered), None)
            if found:
                found.person = person
        return found is not None

    def redeem(self, device_code: str) -> tuple[Principal, str]:
        """Who entered the code, and the scope that was asked for. Raises Refusal 400 while nobody has, and
        ever after it was redeemed."""
        with self._lock:
            one = self._waiting.get(device_code)
            if one is None:
                raise Refusal(400, "bad_verification_code", "AADSTS70019: The code is not known.")
            late = one.expires <= self._clock.now()
            if one.person is None and not late:
                raise Refusal(400, "authorization_pending", "AADSTS70016: Nobody has entered the code yet.")
            del self._waiting[device_code]
        if one.person is None or late:
            raise Refusal(400, "expired_token", "AADSTS70020: The code has expired.")
        return one.person, one.scope
