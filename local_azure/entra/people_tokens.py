"""What a person's sign-in brings besides the access token: who they are, and what gets the next token.

https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference,
https://learn.microsoft.com/entra/identity-platform/refresh-tokens
"""

import base64
import json
from typing import Final

import jwt

from local_azure.clock import Clock
from local_azure.constants import TENANT_ID
from local_azure.entra.directory import ISSUER, Entra, Principal
from local_azure.errors import Refusal
from local_azure.http import JsonObject

REFRESH_LIFETIME: Final = 90 * 86_400
"""Seconds for which a refresh token is good."""
_FOR_REFRESHING: Final = f"{ISSUER}refresh"
"""No resource of Azure's: nobody takes a refresh token for an access token."""


class PeopleTokens:
    """Signed with the tenant's key, and kept nowhere here."""

    def __init__(self, entra: Entra, clock: Clock) -> None:
        self._entra = entra
        self._clock = clock

    def beside_access(self, person: Principal, client_id: str, scopes: str) -> JsonObject:
        """What a client gets that asked for `scopes`: an id token for `openid`, a refresh token for
        `offline_access`."""
        asked = scopes.split()
        answer: JsonObject = {"scope": scopes}
        if "openid" in asked:
            answer["id_token"] = self._id_token(person, client_id)
            answer["client_info"] = _encoded({"uid": person.object_id, "utid": TENANT_ID})
        if "offline_access" in asked:
            now = int(self._clock.now())
            claims = {"aud": _FOR_REFRESHING, "iss": ISSUER, "oid": person.object_id}
            answer["refresh_token"] = self._entra.key.sign({**claims, "exp": now + REFRESH_LIFETIME})
        return answer

    def refreshed(self, token: str) -> Principal:
        """Whose refresh token it is. Raises Refusal 400 for any other text, and for one out of its time."""
        try:
            claims = jwt.decode(
                token, self._entra.key.public, algorithms=["RS256"], issuer=ISSUER,
                audience=_FOR_REFRESHING, options={"verify_exp": False},
            )  # fmt: skip
        except jwt.InvalidTokenError:
            raise Refusal(400, "invalid_grant", "AADSTS9002313: The refresh token is not valid.") from None
        person = self._entra.principal(claims["oid"])
        if person is None or claims["exp"] <= self._clock.now():
            raise Refusal(400, "invalid_grant", "AADSTS700082: The refresh token has expired.")
        return person

    def _id_token(self, person: Principal, client_id: str) -> str:
        now = int(self._clock.now())
        return self._entra.key.sign(
            {
                "aud": client_id, "iss": f"https://login.microsoftonline.com/{TENANT_ID}/v2.0", "ver": "2.0",
                "iat": now, "nbf": now, "exp": now + 3_600, "oid": person.object_id, "sub": person.object_id,
                "tid": TENANT_ID, "name": person.name, "preferred_username": person.name,
            }
        )  # fmt: skip


def _encoded(value: JsonObject) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()
