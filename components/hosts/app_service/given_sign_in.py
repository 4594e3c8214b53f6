"""The sign-in that is given: read and checked."""

from typing import Final

from ...arguments import Arguments
from ...audience import AUDIENCE as AUDIENCE_FORM
from ...callers import Callers
from ...form import Form
from ...identity import IdentityKind
from ...references import TENANT, guid_form
from ...shown import beginning, entry
from .sign_in import SignIn
from .sign_in_arguments import SignInArgs, TokenVersion, UnauthenticatedCalls

_CLIENT_ID: Final = guid_form("the application (client) id of the app registration, a GUID")
_CALLER: Final = guid_form("the client id of an identity or an application that may call, a GUID")
_AUDIENCE: Final = Form("the audience of a token, such as api://<id>", bool)
_PATH: Final = Form.matching(
    "a path that begins with a slash and is not that of the whole app, such as /health or /public/*",
    r"/[^/*](?s:.*)",
    beginning("/", "(?:[^/*](?s:.*))?"),
)
"""To App Service, what ends with /* is all below it: https://github.com/MicrosoftDocs/azure-docs/issues/86514"""


def read_sign_in(arguments: Arguments, identity: IdentityKind) -> SignIn:
    given = arguments.record("sign_in", SignInArgs)
    if given is None:
        return SignIn(None)
    given.require("client_id", _CLIENT_ID.words)
    callers = _read_callers(given)
    if callers is None:
        _refuse_without_identity(arguments, identity)
    usual = UnauthenticatedCalls.REDIRECT if callers is None else UnauthenticatedCalls.RETURN_401
    return SignIn(
        client_id=given.text("client_id", _CLIENT_ID),
        tenant_id=given.text("tenant_id", TENANT),
        unauthenticated=given.choice("unauthenticated_calls", UnauthenticatedCalls, usual),
        excluded_paths=given.plain_names("excluded_paths", _PATH),
        audiences=given.plain_names("allowed_audiences", _AUDIENCE if callers is None else AUDIENCE_FORM),
        token_store=given.flag("token_store", False),
        callers=callers,
        token_version=given.choice("token_version", TokenVersion, TokenVersion.V2),
    )


def _read_callers(given: Arguments) -> Callers | None:
    """None where there is no list, and people sign in."""
    if not given.has("callers"):
        if given.has("token_version"):
            subject, step = given.at("token_version"), "take it out, or give callers"
            given.refuse(subject, "a version without callers", "a version of callers' tokens", step)
        return None
    unauthenticated = given.raw("unauthenticated_calls")
    if unauthenticated == UnauthenticatedCalls.REDIRECT:
        subject = f"{given.at('callers')} and {given.at('unauthenticated_calls')}"
        step = "write return-401, or take callers out"
        given.refuse(subject, "redirect, with callers", "an answer that a program understands", step)
    named = given.plain_map("callers", "names to the client ids of who may call")
    return Callers(
        {
            name: given.checked(entry(given.at("callers"), name, named), id, _CALLER)
            for name, id in named.items()
        }
    )


def _refuse_without_identity(arguments: Arguments, identity: IdentityKind) -> None:
    if identity in (IdentityKind.USER_ASSIGNED, IdentityKind.EXISTING):
        return
    step = "set identity to user-assigned, or take sign_in out"
    expected = "a user-assigned identity: Entra trusts no other in the place of a secret"
    arguments.refuse("identity and sign_in", f"{identity.value}, with sign_in", expected, step)
