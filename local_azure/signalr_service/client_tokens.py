"""What lets a client in: a token that code with the role asked for, for one hub.

https://learn.microsoft.com/azure/azure-web-pubsub/howto-generate-client-access-url
"""

import secrets
from collections.abc import Sequence
from typing import Final

import jwt

from local_azure.clock import Clock
from local_azure.http import JsonObject
from local_azure.signalr_service.kinds import Kind
from local_azure.store import Store

USER: Final = "sub"
ROLES: Final = "role"
GROUPS: Final = "webpubsub.group"
_ALGORITHM: Final = "HS256"


class ClientTokens:
    """Signed with a secret of the local Azure's own, which no key of a service is."""

    def __init__(self, store: Store, clock: Clock, kind: Kind) -> None:
        self._clock, self._kind = clock, kind
        self._documents = store.documents("client-tokens")

    @property
    def _secret(self) -> str:
        """Drawn when the first token is, or the first that is shown is looked at."""
        known = self._documents.get(self._kind.type)
        if known is None:
            known = {"secret": secrets.token_hex(32)}
            self._documents.put(self._kind.type, known)
        return str(known["secret"])

    def issue(
        self, host: str, hub: str, user: str | None, minutes: int, roles: Sequence[str], groups: Sequence[str]
    ) -> str:
        now = int(self._clock.now())
        claims: JsonObject = {
            "aud": self._audience(host, hub),
            "iss": self._kind.issuer,
            "iat": now,
            "nbf": now,
            "exp": now + 60 * minutes,
            ROLES: list(roles),
            GROUPS: list(groups),
        }
        return jwt.encode({**claims, **({USER: user} if user else {})}, self._secret, _ALGORITHM)

    def claims(self, token: str, host: str, hub: str) -> JsonObject | None:
        """What the token says; None for one that is for another hub, out of its time, or not from here."""
        try:
            claims: JsonObject = jwt.decode(
                token,
                self._secret,
                algorithms=[_ALGORITHM],
                audience=self._audience(host, hub),
                issuer=self._kind.issuer,
                options={"verify_exp": False, "verify_nbf": False, "verify_iat": False},
            )
        except jwt.InvalidTokenError:
            return None
        return claims if claims["exp"] > self._clock.now() else None

    def _audience(self, host: str, hub: str) -> str:
        return f"https://{host}{self._kind.client_path}{hub.lower()}"
