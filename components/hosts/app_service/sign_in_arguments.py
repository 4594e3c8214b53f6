"""The arguments of sign-in: who signs in where, what becomes of who has not, and which programs may call."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import NotRequired, TypedDict

import pulumi
from pulumi_azure_native import web


class UnauthenticatedCalls(StrEnum):
    """What becomes of a call by nobody who has signed in."""

    REDIRECT = "redirect"
    """It is led to Entra's page: for people with a browser."""
    RETURN_401 = "return-401"
    """It is refused with 401: for an interface that programs call."""
    RETURN_403 = "return-403"
    """It is refused with 403."""

    @property
    def azures(self) -> web.UnauthenticatedClientActionV2:
        """Azure's own spelling."""
        actions = web.UnauthenticatedClientActionV2
        return {
            "redirect": actions.REDIRECT_TO_LOGIN_PAGE,
            "return-401": actions.RETURN401,
            "return-403": actions.RETURN403,
        }[self.value]


class TokenVersion(StrEnum):
    """Which tokens Entra issues for an app registration: what its requestedAccessTokenVersion says.

    They differ in who issues them, which App Service compares. Source:
    https://learn.microsoft.com/entra/identity-platform/access-tokens#token-formats
    """

    V1 = "v1"
    """Those of a registration that says 1, or nothing."""
    V2 = "v2"
    """Those of a registration that says 2."""


class SignInArgs(TypedDict):
    """Who calls the app has signed in at Entra before."""

    client_id: pulumi.Input[str]
    """Application (client) id of the app registration in Entra that people, or callers, sign in to."""
    callers: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Client ids that may call, by names of yours, besides what links to it; left out, the whole tenant."""
    token_version: NotRequired[TokenVersion]
    """Which tokens the registration issues to callers: v1, or, left out, v2. Only with callers."""
    tenant_id: NotRequired[pulumi.Input[str]]
    """Tenant whose people and programs may sign in; left out, the one the deployment is signed in to."""
    unauthenticated_calls: NotRequired[UnauthenticatedCalls]
    """What becomes of a call by nobody who has signed in; left out, redirect, and return-401 with callers."""
    excluded_paths: NotRequired[Sequence[str]]
    """Paths that everybody may call, such as /health or, with all below, /public/*, plain; left out, none."""
    allowed_audiences: NotRequired[Sequence[str]]
    """What a token may be for besides the client id, plain; left out, api://<client_id>."""
    token_store: NotRequired[bool]
    """Whether the tokens of who signed in are kept beside the app, for its code; left out, false."""


class SiteSignInArgs(TypedDict):
    """Sign-in, or none."""

    sign_in: NotRequired[SignInArgs]
    """Sign-in at Entra before the app is reached, without a secret; left out, the app answers everybody."""
