"""Whose request it was, for the log. Nothing is decided here: tokens are read only after another part
accepted them."""

from typing import TYPE_CHECKING

import jwt

from local_azure import hosts
from local_azure.http import Request, Response

if TYPE_CHECKING:
    from local_azure.azure import Azure


def principal_name(azure: "Azure", request: Request, response: Response) -> str | None:
    """The name of the principal whose token was accepted, or who was given one; None when nobody was
    recognised."""
    if request.host == hosts.LOGIN or request.path.startswith("/msi/"):
        given = response.body.get("access_token") if isinstance(response.body, dict) else None
        return _name(azure, given)
    return None if response.status == 401 else _name(azure, request.bearer_token)


def _name(azure: "Azure", token: object) -> str | None:
    if not isinstance(token, str):
        return None
    try:
        claims = jwt.decode(token, options={"verify_signature": False})
    except jwt.InvalidTokenError:
        return None
    principal = azure.entra.principal(str(claims.get("oid", "")))
    return principal.name if principal else None
