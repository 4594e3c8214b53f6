"""What App Service says about an app: its references, and the identity that reads them."""

import re
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from azure.core.credentials import TokenCredential
from azure.core.exceptions import AzureError, ClientAuthenticationError, HttpResponseError
from azure.core.rest import HttpRequest
from azure.mgmt.web import WebSiteManagementClient
from azure.mgmt.web.models import ApiKVReference, ManagedServiceIdentity

from readiness.given import described
from readiness.reports import NotReachableError

_APP_ID = re.compile(
    r"/subscriptions/(?P<subscription>[^/]+)/resourceGroups/(?P<group>[^/]+)"
    r"/providers/Microsoft\.Web/sites/(?P<site>[^/]+)(?:/slots/(?P<slot>[^/]+))?/?",
    re.IGNORECASE,
)
_BEGINS = r"(?:/[^?#\s]*)?"
# The first version whose refresh is documented; the client has no operation for it.
REFRESH_VERSION = "2022-03-01"
IDENTITY_VERSION = "2023-01-31"


@dataclass(frozen=True)
class AppId:
    """A parsed id of an app, or of one of its slots; `slot` is empty for the app itself."""

    text: str
    subscription: str
    group: str
    site: str
    slot: str = ""

    @property
    def name(self) -> str:
        """What people and Entra call it."""
        return f"{self.site}/slots/{self.slot}" if self.slot else self.site

    @staticmethod
    def parse(text: str) -> "AppId":
        """Raises ValueError for anything but the full id of an app or a slot."""
        match = _APP_ID.fullmatch(text)
        if match is None:
            raise ValueError(
                f"not the id of an app: {described(text, _BEGINS)}. Expected /subscriptions/…/resourceGroups/"
                "…/providers/Microsoft.Web/sites/NAME, as `az webapp show --query id` prints it."
            )
        return AppId(
            text.rstrip("/"), match["subscription"], match["group"], match["site"], match["slot"] or ""
        )


@dataclass(frozen=True)
class Reference:
    """One reference as App Service reports it; what it does not say is an empty text."""

    setting: str
    status: str
    vault_name: str
    secret_name: str
    version: str
    details: str


@dataclass(frozen=True)
class ReferenceIdentity:
    """The identity that reads an app's references. `kind` is "user-assigned", "system-assigned", "missing" or
    "not attached": the app names one that it does not have; "gone" or "remade": the app has one that was
    deleted, in whose place there is none or another one. `other` is one it has but does not read with; `id`
    is that of a user-assigned one."""

    kind: str
    name: str = ""
    principal_id: str = ""
    other: str = ""
    id: str = ""


@dataclass(frozen=True)
class Callers:
    """Whom the sign-in of an app lets in: nobody in particular where `client_ids` is None."""

    client_ids: frozenset[str] | None

    def may_call(self, client_id: str) -> bool:
        return self.client_ids is None or client_id.lower() in self.client_ids


class App:
    """One app in Resource Manager. Every method raises `NotReachableError` when Azure cannot be asked."""

    def __init__(self, id: AppId, credential: TokenCredential, **options: Any) -> None:
        self.id = id
        self._client = WebSiteManagementClient(credential, id.subscription, **options)

    def references(self) -> list[Reference]:
        """The references among the app settings, by name."""
        with self._asked("its Key Vault references"):
            apps, group, site, slot = self._client.web_apps, self.id.group, self.id.site, self.id.slot
            found = (
                apps.get_app_settings_key_vault_references_slot(group, site, slot)
                if slot
                else apps.get_app_settings_key_vault_references(group, site)
            )
            return sorted((_reference(item) for item in found), key=lambda reference: reference.setting)

    def refresh(self) -> None:
        """Have App Service resolve all references now, instead of within 24 hours."""
        path = f"{self.id.text}/config/configreferences/appsettings/refresh?api-version={REFRESH_VERSION}"
        with self._asked("for a refresh of its references"):
            self._client.send_request(HttpRequest("POST", path)).raise_for_status()

    def identity(self) -> ReferenceIdentity:
        """Which identity reads the references: keyVaultReferenceIdentity, or else the system-assigned one."""
        with self._asked("its identity"):
            apps, group, slot = self._client.web_apps, self.id.group, self.id.slot
            site = apps.get_slot(group, self.id.site, slot) if slot else apps.get(group, self.id.site)
        properties = site.properties
        wanted = (properties.key_vault_reference_identity if properties else None) or "SystemAssigned"
        found = _identity(site.identity, wanted, self.id.name)
        return replace(found, kind=self._kind_now(found)) if found.kind == "user-assigned" else found

    def callers(self) -> Callers:
        """Who may call the app. Where it has no sign-in, or its sign-in no list, that is no list either."""
        with self._asked("who may call it"):
            apps, group, site, slot = self._client.web_apps, self.id.group, self.id.site, self.id.slot
            found = (
                apps.get_auth_settings_v2_without_secrets_slot(group, site, slot)
                if slot
                else apps.get_auth_settings_v2_without_secrets(group, site)
            )
        settings: Any = found.properties
        if settings is None or settings.platform is None or not settings.platform.enabled:
            return Callers(None)
        provider = settings.identity_providers and settings.identity_providers.azure_active_directory
        policy = provider and provider.validation and provider.validation.default_authorization_policy
        listed: list[str] = (policy.allowed_applications if policy else None) or []
        return Callers(frozenset(one.lower() for one in listed) or None)

    def _kind_now(self, identity: ReferenceIdentity) -> str:
        """Whether the identity that the app was given is the one that there is. Where it may not be read, it
        is taken for that."""
        with self._asked("its identity"):
            path = f"{identity.id}?api-version={IDENTITY_VERSION}"
            answer: Any = self._client.send_request(HttpRequest("GET", path))
        if answer.status_code == 404:
            return "gone"
        found: dict[str, Any] = answer.json() if answer.status_code == 200 else {}
        properties: dict[str, Any] = found.get("properties") or {}
        living = properties.get("principalId") or identity.principal_id
        return identity.kind if living == identity.principal_id else "remade"

    @contextmanager
    def _asked(self, what: str) -> Generator[None]:
        try:
            yield
        except ClientAuthenticationError as error:
            raise NotReachableError(
                f"{self.id.name} could not be asked {what}: Azure does not know who asks. "
                f"Sign in with `az login`, or give a pipeline its credentials. {_first_line(error)}"
            ) from error
        except HttpResponseError as error:
            advice = {
                403: "Reading needs the role Reader on the app, and a refresh Website Contributor. ",
                404: "Check the id, the tenant and the subscription. ",
            }.get(error.status_code or 0, "")
            raise NotReachableError(
                f"{self.id.name} could not be asked {what}: {advice}Azure says: {_first_line(error)}"
            ) from error
        except AzureError as error:
            raise NotReachableError(
                f"{self.id.name} could not be asked {what}: Azure was not reached. {_first_line(error)}"
            ) from error


def _reference(item: ApiKVReference) -> Reference:
    properties = item.properties
    setting = item.name or (item.id or "").rpartition("/")[2]
    if properties is None:
        return Reference(setting, "Initialized", "", "", "", "")
    status = properties.status or "Initialized"
    return Reference(
        setting,
        str(getattr(status, "value", status)),
        properties.vault_name or "",
        properties.secret_name or "",
        properties.active_version or properties.secret_version or "",
        properties.details or "",
    )


def _identity(identity: ManagedServiceIdentity | None, wanted: str, app_name: str) -> ReferenceIdentity:
    user_assigned = (identity.user_assigned_identities if identity else None) or {}
    system = (identity.principal_id if identity else None) or ""
    other = next(iter(user_assigned), "") or ("SystemAssigned" if system else "")
    if wanted.lower() == "systemassigned":
        if not system:
            return ReferenceIdentity("missing", other=other)
        return ReferenceIdentity("system-assigned", app_name, system)
    name = wanted.rpartition("/")[2]
    attached = next((value for id, value in user_assigned.items() if id.lower() == wanted.lower()), None)
    if attached is None:
        return ReferenceIdentity("not attached", name, other=other)
    return ReferenceIdentity("user-assigned", name, attached.principal_id or "", id=wanted)


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
