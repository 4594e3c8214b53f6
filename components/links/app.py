"""The link to an application of your own: an app that lets in exactly those that its list of callers has."""

from typing import Final, TypedDict

import pulumi

from ..audience import AUDIENCE
from ..callers import callers_of, is_of_this_program
from ..endpoints import read_site_and_address
from .calls import CallNeed
from .link import Link, TargetLink
from .record import Record
from .scope import Scope

_DEFAULT: Final = "/.default"
"""Ends the scope of a token that an application asks for in its own name.
https://learn.microsoft.com/entra/identity-platform/scopes-oidc#the-default-scope"""


class AppLinkArgs(TypedDict):
    """An app behind sign-in that this one calls. Code is told `_URL`, and `_SCOPE` to get a token for it."""

    id: pulumi.Input[str]
    """Resource id of the app, as a WebApp outputs it."""
    endpoint: pulumi.Input[str]
    """Address of the app, https://app-team.azurewebsites.net, or that of its own domain."""
    audience: pulumi.Input[str]
    """What a token for the app is for, as a WebApp outputs it, such as api://<client id>."""


def read_link(record: Record) -> Link:
    """https://learn.microsoft.com/azure/app-service/configure-authentication-provider-aad#authorize-requests"""
    arguments, prefix = record.arguments, record.prefix
    arguments.require("id", "the app that is called")
    arguments.require("audience", AUDIENCE.words)
    id, endpoint = read_site_and_address(arguments, ("id", "endpoint"))
    audience = arguments.text("audience", AUDIENCE)
    given = arguments.raw("id")
    callers = callers_of(given)
    if callers is None and is_of_this_program(given):
        step = "give that app sign_in with callers: {} lets in what links to it, and nobody else"
        expected = "an app that has a list of callers: any other lets in everybody, or all of the tenant"
        arguments.refuse(arguments.at("id"), "an app without sign_in.callers", expected, step)
    if id is None or endpoint is None or audience is None:
        return TargetLink(arguments.path, record.grants_here)
    need = CallNeed(record.name, Scope.of(given, id), callers, arguments.path)
    told = {
        f"{prefix}_URL": endpoint.apply(lambda text: text.rstrip("/")),
        f"{prefix}_SCOPE": audience.apply(lambda text: text.rstrip("/") + _DEFAULT),
    }
    return TargetLink(arguments.path, record.grants_here, [need], dict(told))
