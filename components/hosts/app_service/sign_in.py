"""Sign-in before an app is reached: App Service asks Entra who calls, and the app holds no secret for it.

People sign in with a browser: the app proves to Entra that it is the registered application with its
user-assigned identity, which the registration trusts as a federated credential. Programs bring a token of
their own, so an app that has a list of callers proves nothing to Entra and needs no such identity.
Source: https://learn.microsoft.com/azure/app-service/configure-authentication-provider-aad#use-a-managed-identity-instead-of-a-secret-preview
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from shlex import quote
from typing import Any, Final, TypedDict

import pulumi
from pulumi_azure_native import authorization, web

from ...azure_facts.token_issuers import usual_audience
from ...callers import Callers
from ...links.link import IdentityIds, Told, Variables
from ...links.needs import Need
from ...placement import Placement
from .sign_in_arguments import TokenVersion, UnauthenticatedCalls

IDENTITY: Final = "OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID"
"""The setting that names the identity, where another app's would hold a client secret."""
AUDIENCE: Final = usual_audience()
_LOGIN: Final = "https://login.microsoftonline.com"
_PROVIDER: Final = "azureactivedirectory"


@dataclass(frozen=True)
class SignIn:
    """The arguments, read and checked, as a link that grants nothing. Without sign-in, `client_id` is None
    and all else means nothing. `callers` is None where people sign in.
    """

    client_id: pulumi.Output[str] | None
    tenant_id: pulumi.Output[str] | None = None
    unauthenticated: UnauthenticatedCalls = UnauthenticatedCalls.REDIRECT
    excluded_paths: Sequence[str] = ()
    audiences: Sequence[str] = ()
    token_store: bool = False
    callers: Callers | None = None
    token_version: TokenVersion = TokenVersion.V2

    source = "sign_in"
    grants_here = False

    @property
    def has_people(self) -> bool:
        """Whether people sign in, for whom the app has to stand for the registered application."""
        return self.client_id is not None and self.callers is None

    @property
    def audience(self) -> pulumi.Output[str | None]:
        """What a token for the app is for, as a caller asks for it; None without sign-in."""
        if self.client_id is None:
            return pulumi.Output.from_input(None)
        return pulumi.Output.from_input(self._audiences(self.client_id)[0])

    @property
    def variables(self) -> Variables:
        return [(IDENTITY, self.source)] if self.has_people else []

    @property
    def stay_at_a_swap(self) -> Collection[str]:
        return (IDENTITY,) if self.has_people else ()

    def needs(self) -> Sequence[Need]:
        return []

    def tells(self, ids: IdentityIds, /) -> Mapping[str, Told]:
        if not self.has_people:
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
        made = web.WebAppAuthSettingsV2(
            name,
            name=site,
            resource_group_name=place.resource_group_name,
            opts=pulumi.ResourceOptions(parent=host, depends_on=list(after)),
            **self._settings(host, self.client_id),
        )
        if self.callers is not None:
            self.callers.gate = made
        return made

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
        cannot write into Entra. None where no people sign in.
        """
        if self.client_id is None or self.callers is not None:
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
        secret = {"client_secret_setting_name": IDENTITY} if self.has_people else {}
        version = "/v2.0" if self.token_version is TokenVersion.V2 else ""
        registration = web.AzureActiveDirectoryRegistrationArgs(
            client_id=client_id,
            open_id_issuer=pulumi.Output.concat(_LOGIN, "/", self._tenant(host), version),
            **secret,
        )
        validation = web.AzureActiveDirectoryValidationArgs(allowed_audiences=self._audiences(client_id))
        if self.callers is not None:
            validation.default_authorization_policy = web.DefaultAuthorizationPolicyArgs(
                allowed_applications=self.callers.ids()
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
                    validation=validation,
                )
            ),
            "login": web.LoginArgs(token_store=web.TokenStoreArgs(enabled=self.token_store)),
            "platform": web.AuthPlatformArgs(enabled=True, runtime_version="~1"),
        }

    def _audiences(self, client_id: pulumi.Output[str]) -> list[pulumi.Input[str]]:
        return list[pulumi.Input[str]](self.audiences) or [pulumi.Output.concat("api://", client_id)]


class _AuthSettings(TypedDict):
    """What sign-in is to App Service, by the SDK's own names."""

    global_validation: web.GlobalValidationArgs
    http_settings: web.HttpSettingsArgs
    identity_providers: web.IdentityProvidersArgs
    login: web.LoginArgs
    platform: web.AuthPlatformArgs
