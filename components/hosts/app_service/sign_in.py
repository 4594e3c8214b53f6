"""Sign-in before an app is reached: App Service asks Entra who calls, and the app holds no secret for it.

The app proves to Entra that it is the registered application with its user-assigned identity, which the
registration trusts as a federated credential.
Source: https://learn.microsoft.com/azure/app-service/configure-authentication-provider-aad#use-a-managed-identity-instead-of-a-secret-preview
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from shlex import quote
from typing import Any, Final, NotRequired, TypedDict

import pulumi
from pulumi_azure_native import authorization, web

from ...arguments import Arguments
from ...azure_facts.token_issuers import usual_audience
from ...form import Form
from ...identity import IdentityKind
from ...links.grants import Need
from ...links.link import IdentityIds, Told, Variables
from ...placement import Placement
from ...references import TENANT, guid_form
from ...shown import beginning

IDENTITY: Final = "OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID"
"""The setting that names the identity, where another app's would hold a client secret."""
AUDIENCE: Final = usual_audience()
_LOGIN: Final = "https://login.microsoftonline.com"
_PROVIDER: Final = "azureactivedirectory"
_CLIENT_ID: Final = guid_form("the application (client) id of the app registration, a GUID")
_AUDIENCE: Final = Form("the audience of a token, such as api://<id>", bool)
_PATH: Final = Form.matching(
    "a path that begins with a slash, such as /health",
    r"/[^/](?s:.*)",
    beginning("/", "(?:[^/](?s:.*))?"),
)


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


class SignInArgs(TypedDict):
    """Who calls the app has signed in at Entra before."""

    client_id: pulumi.Input[str]
    """Application (client) id of the app registration in Entra that people sign in to."""
    tenant_id: NotRequired[pulumi.Input[str]]
    """Tenant whose people and programs may sign in; left out, the one the deployment is signed in to."""
    unauthenticated_calls: NotRequired[UnauthenticatedCalls]
    """What becomes of a call by nobody who has signed in; left out, redirect: to Entra's page."""
    excluded_paths: NotRequired[Sequence[str]]
    """Paths that everybody may call, such as /health, plain; left out, none."""
    allowed_audiences: NotRequired[Sequence[str]]
    """What a token may be for besides the client id, plain; left out, api://<client_id>."""
    token_store: NotRequired[bool]
    """Whether the tokens of who signed in are kept beside the app, for its code; left out, false."""


class SiteSignInArgs(TypedDict):
    """Sign-in, or none."""

    sign_in: NotRequired[SignInArgs]
    """Sign-in at Entra before the app is reached, without a secret; left out, the app answers everybody."""


@dataclass(frozen=True)
class SignIn:
    """The arguments, read and checked, as a link that grants nothing. Without sign-in, `client_id` is None
    and all else means nothing.
    """

    client_id: pulumi.Output[str] | None
    tenant_id: pulumi.Output[str] | None = None
    unauthenticated: UnauthenticatedCalls = UnauthenticatedCalls.REDIRECT
    excluded_paths: Sequence[str] = ()
    audiences: Sequence[str] = ()
    token_store: bool = False

    source = "sign_in"
    grants_here = False

    @property
    def variables(self) -> Variables:
        return [] if self.client_id is None else [(IDENTITY, self.source)]

    @property
    def stay_at_a_swap(self) -> Collection[str]:
        return () if self.client_id is None else (IDENTITY,)

    def needs(self) -> Sequence[Need]:
        return []

    def tells(self, ids: IdentityIds, /) -> Mapping[str, Told]:
        if self.client_id is None:
            return {}
        assert ids.client_id is not None
        return {IDENTITY: ids.client_id}

    def known(self) -> Mapping[str, Any]:
        return {}

    def declare(
        self,
        host: pulumi.Resource,
        name: str,
        place: Placement,
        *,
        site: pulumi.Output[str],
        after: Sequence[pulumi.Resource],
    ) -> web.WebAppAuthSettingsV2 | None:
        """Before the app's settings: whoever calls in between is refused, as nobody can sign in yet."""
        if self.client_id is None:
            return None
        return web.WebAppAuthSettingsV2(
            name,
            name=site,
            resource_group_name=place.resource_group_name,
            opts=pulumi.ResourceOptions(parent=host, depends_on=list(after)),
            **self._settings(host, self.client_id),
        )

    def declare_of_slot(
        self,
        host: pulumi.Resource,
        name: str,
        place: Placement,
        *,
        site: pulumi.Output[str],
        slot: pulumi.Output[str],
        after: Sequence[pulumi.Resource],
    ) -> web.WebAppAuthSettingsV2Slot | None:
        """The same of a slot, which inherits none of it."""
        if self.client_id is None:
            return None
        return web.WebAppAuthSettingsV2Slot(
            name,
            name=site,
            slot=slot,
            resource_group_name=place.resource_group_name,
            opts=pulumi.ResourceOptions(parent=host, depends_on=list(after)),
            **self._settings(host, self.client_id),
        )

    def commands(
        self, host: pulumi.Resource, name: str, principal_id: pulumi.Output[str | None]
    ) -> pulumi.Output[Sequence[str]]:
        """What has the app registration trust the identity, for a shell of its owner: Azure Resource Manager
        cannot write into Entra. None without sign-in.
        """
        if self.client_id is None:
            return pulumi.Output.from_input([])
        issuer = pulumi.Output.concat(_LOGIN, "/", self._tenant(host), "/v2.0")
        label = f"{name}-{pulumi.get_stack()}"

        def written(known: Sequence[Any]) -> Sequence[str]:
            client_id, issued_by, subject = known
            trusted = {"name": label, "issuer": issued_by, "subject": subject, "audiences": [AUDIENCE]}
            command = "az ad app federated-credential create"
            return [f"{command} --id {client_id} --parameters {quote(json.dumps(trusted))}"]

        return pulumi.Output.all(self.client_id, issuer, principal_id).apply(written)

    def _tenant(self, host: pulumi.Resource) -> pulumi.Output[str]:
        if self.tenant_id is not None:
            return self.tenant_id
        return authorization.get_client_config_output(opts=pulumi.InvokeOptions(parent=host)).tenant_id

    def _settings(self, host: pulumi.Resource, client_id: pulumi.Output[str]) -> "_AuthSettings":
        audiences = list(self.audiences) or [pulumi.Output.concat("api://", client_id)]
        registration = web.AzureActiveDirectoryRegistrationArgs(
            client_id=client_id,
            client_secret_setting_name=IDENTITY,
            open_id_issuer=pulumi.Output.concat(_LOGIN, "/", self._tenant(host), "/v2.0"),
        )
        return {
            "global_validation": web.GlobalValidationArgs(
                excluded_paths=list(self.excluded_paths),
                redirect_to_provider=_PROVIDER,
                require_authentication=True,
                unauthenticated_client_action=self.unauthenticated.azures,
            ),
            "http_settings": web.HttpSettingsArgs(require_https=True),
            "identity_providers": web.IdentityProvidersArgs(
                azure_active_directory=web.AzureActiveDirectoryArgs(
                    enabled=True,
                    registration=registration,
                    validation=web.AzureActiveDirectoryValidationArgs(allowed_audiences=audiences),
                )
            ),
            "login": web.LoginArgs(token_store=web.TokenStoreArgs(enabled=self.token_store)),
            "platform": web.AuthPlatformArgs(enabled=True, runtime_version="~1"),
        }


class _AuthSettings(TypedDict):
    """What sign-in is to App Service, by the SDK's own names."""

    global_validation: web.GlobalValidationArgs
    http_settings: web.HttpSettingsArgs
    identity_providers: web.IdentityProvidersArgs
    login: web.LoginArgs
    platform: web.AuthPlatformArgs


def read_sign_in(arguments: Arguments, identity: IdentityKind) -> SignIn:
    given = arguments.record("sign_in", SignInArgs)
    if given is None:
        return SignIn(None)
    if identity not in (IdentityKind.USER_ASSIGNED, IdentityKind.EXISTING):
        step = "set identity to user-assigned, or take sign_in out"
        expected = "a user-assigned identity: Entra trusts no other in the place of a secret"
        arguments.refuse("identity and sign_in", f"{identity.value}, with sign_in", expected, step)
    given.require("client_id", _CLIENT_ID.words)
    client_id = given.text("client_id", _CLIENT_ID)
    return SignIn(
        client_id=client_id,
        tenant_id=given.text("tenant_id", TENANT),
        unauthenticated=given.choice(
            "unauthenticated_calls", UnauthenticatedCalls, UnauthenticatedCalls.REDIRECT
        ),
        excluded_paths=given.plain_names("excluded_paths", _PATH),
        audiences=given.plain_names("allowed_audiences", _AUDIENCE),
        token_store=given.flag("token_store", False),
    )
