"""Whose request it was, for the log. Nothing is decided here; a token that this Entra did not sign names
nobody."""

from typing import Final

import jwt
from jwt.types import Options

from local_azure.entra.directory import Entra
from local_azure.http import Request, Response

_ONLY_WHOSE: Final[Options] = {
    "verify_aud": False,
    "verify_exp": False,
    "verify_iat": False,
    "verify_nbf": False,
}
"""Whether it is good for this request and at this time is said by the answer."""


def principal_name(entra: Entra, request: Request, response: Response) -> str | None:
    """The name of the principal whose token was accepted, or who was given one; None when nobody was
    recognised."""
    given = response.body.get("access_token") if isinstance(response.body, dict) else None
    if given is not None:
        return _name(entra, given)
    return None if response.status == 401 else _name(entra, request.bearer_token)


def _name(entra: Entra, token: object) -> str | None:
    if not isinstance(token, str):
        return None
    try:
        claims = jwt.decode(token, entra.key.public, algorithms=["RS256"], options=_ONLY_WHOSE)
    except jwt.InvalidTokenError:
        return None
    principal = entra.principal(str(claims.get("oid", "")))
    return principal.name if principal else None
