"""What is pending on the servers of a stack, as one of their administrators sees it."""

from collections.abc import Callable, Mapping
from typing import Any

import jwt
from azure.core.credentials import TokenCredential

from database_grants.declared import Administrator, Stack
from database_grants.dialects import ServerError, Session, Step, dialect


def pending(stack: Stack, credential: Callable[[], TokenCredential], role: str = "") -> dict[str, list[Step]]:
    """By host. Raises ServerError, LookupError, and what the credential raises."""
    found: dict[str, list[Step]] = {}
    for host, kind in stack.hosts():
        session = sign_in(stack, host, kind, credential(), role)
        try:
            found[host] = pending_on(session, stack, host)
        finally:
            session.close()
    return found


def pending_on(session: Session, stack: Stack, host: str) -> list[Step]:
    """Raises ServerError."""
    return session.pending(stack.owner, [one for one in stack.grants if one.host == host])


def sign_in(stack: Stack, host: str, kind: str, credential: TokenCredential, role: str = "") -> Session:
    """A session on a server as an administrator. Raises ServerError, and what the credential raises."""
    module = dialect(kind)
    token = credential.get_token(f"{module.AUDIENCE}/.default").token
    if not role and getattr(module, "SIGNS_IN_AS_ROLE", True):
        role = administrator_of(stack, host, token)
    return module.connect(host, role, token)


def administrator_of(stack: Stack, host: str, token: str) -> str:
    """The role to sign in as: that of the caller, of a group of the caller's, or the only one that there is.
    Raises ServerError."""
    there = [one for one in stack.administrators if one.server.lower() == host.partition(".")[0].lower()]
    if not there:
        raise ServerError(f"the stack declares no administrator of {host}: name the role with --as")
    # Only to choose among names: the server is who checks the token.
    claims: Mapping[str, Any] = jwt.decode(token, options={"verify_signature": False})
    own = {str(claims.get("oid")).lower(), *(str(one).lower() for one in claims.get("groups") or ())}
    fitting: list[Administrator] = [one for one in there if one.object_id.lower() in own] or there
    if len(fitting) > 1:
        names = ", ".join(one.name for one in fitting)
        raise ServerError(f"{host} has several administrators: name the role with --as, one of {names}")
    return fitting[0].name
