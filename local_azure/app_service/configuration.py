"""What hangs on Microsoft.Web/sites: configuration, settings, publishing policies, reference statuses."""

import re
from collections.abc import Sequence
from typing import Any, Final

from typing_extensions import override

from local_azure.app_service.app_settings import settings_map, settings_of_list
from local_azure.app_service.config_documents import DOCUMENTS, is_listed, sticky_names
from local_azure.app_service.connection_strings import connection_strings_of_list
from local_azure.app_service.content_share import check_written_config, check_written_settings
from local_azure.app_service.flex_consumption import check_config
from local_azure.app_service.publishing_user import credentials
from local_azure.app_service.refusals import app_service_refusal, bad_request, conflict
from local_azure.app_service.sign_in import OFF
from local_azure.app_service.site_config import variables_of
from local_azure.app_service.site_names import SITE, is_slot, site_type
from local_azure.app_service.site_type import SiteType
from local_azure.app_service.tiers import allows_always_on
from local_azure.app_service.web_type import WebType
from local_azure.arm import ResourceId
from local_azure.bodies import section
from local_azure.http import JsonObject, Request, Response
from local_azure.rules import Rule
from local_azure.store import Resource, Store

# `az webapp list-runtimes --os linux`, with the bar that linuxFxVersion has; those of Functions among them.
_LINUX_STACK: Final = re.compile(
    r"PYTHON\|3\.\d+|NODE\|\d+(?:-lts)?|(?:DOTNETCORE|DOTNET-ISOLATED|PHP|RUBY|POWERSHELL)\|\d+\.\d+"
    r"|(?:JAVA|TOMCAT)\|[\d.]+(?:-(?:java\d+|jre8))?|JBOSSEAP\|[\d.]+-java\d+(?:_byol)?"
    r"|STATICSITE\|1\.0|SITECONTAINERS|(?:DOCKER|COMPOSE)\|\S+",
    re.IGNORECASE,
)
_IMAGE: Final = re.compile(r"DOCKER\|\S+", re.IGNORECASE)
_ELSEWHERE: Final = ("appSettings", "connectionStrings")
"""What of a `siteConfig` is kept in a document of its own."""
# What a site has before anybody configures it: https://learn.microsoft.com/rest/api/appservice/web-apps/get-configuration
_NEW_SITE: Final[JsonObject] = {
    "alwaysOn": False,
    "appCommandLine": "",
    "ftpsState": "FtpsOnly",
    "http20Enabled": False,
    "linuxFxVersion": "",
    "minTlsVersion": "1.2",
    "numberOfWorkers": 1,
    "remoteDebuggingEnabled": False,
    "scmMinTlsVersion": "1.2",
}


class SiteConfig(SiteType):
    """`config/web`, `config/appsettings` (one whole map), `config/slotConfigNames` and the `DOCUMENTS`; there
    as long as their site."""

    type = f"{SITE}/config"

    @override
    def get(self, id: ResourceId, request: Request) -> JsonObject | None:
        if is_listed(id.name) and request.method in ("GET", "PATCH"):
            # Who may read a site, or write its settings, may not yet read these: a POST with its own
            # permission lists them. A PATCH would answer with those that it leaves as they are.
            text = "The requested resource does not support {0}."
            raise app_service_refusal(405, "MethodNotAllowed", text, request.method)
        stored, document = super().get(id, request), DOCUMENTS.get(id.name.lower())
        if stored or document is None or self.ground.store.get(id.parent) is None:
            return stored
        return {"properties": dict(document.before)}

    @override
    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        site = self.ground.store.get(id.parent)
        if old is None or site is None:
            raise app_service_refusal(404, "NotFound", "Cannot find configuration with name {0}.", id.name)
        properties = section(new, "properties")
        service = self.hosting
        if id.name.lower() == "appsettings":
            settings = settings_map(properties)
            check_written_settings(site.body, settings)
            service.resolve(site.id, site.body, variables_of(self.ground.store, site.id, settings))
            self.ground.store.after_commit(lambda: service.settings_written(site.id))
            return {"properties": settings}
        if document := DOCUMENTS.get(id.name.lower()):
            return self._put_document(id, site, document.written(section(old, "properties"), properties))
        if id.name.lower() != "web":
            return {"properties": sticky_names(properties)}
        plan = self.ground.store.get(site.body["properties"]["serverFarmId"])
        check_site_config(properties, plan.body if plan else None)
        check_written_config(site.body, properties)
        if merge_site_config(self.ground.store, site.id, properties)[0]:
            service.resolve(site.id, site.body)
        self.ground.store.after_commit(lambda: service.site_written(site.id))
        stored = self.ground.store.get(id.text)
        return stored.body if stored else old

    def _put_document(self, id: ResourceId, site: Resource, properties: JsonObject) -> JsonObject:
        """A document that is not `web`; an app starts anew with other connection strings."""
        if id.name.lower() == "connectionstrings":
            self.ground.store.put(Resource(id.text, self.type, {"properties": properties}))
            self.hosting.resolve(site.id, site.body)
            self.ground.store.after_commit(lambda: self.hosting.settings_written(site.id))
        return {"properties": properties}

    @override
    def list_in_scope(self, scope: str, request: Request) -> Sequence[JsonObject] | None:
        web = self.ground.store.get(f"{scope}/config/web")
        return [{"id": web.id, "name": "web", "type": self.type, **web.body}] if web else []

    @override
    def before_delete(self, id: ResourceId, body: JsonObject, request: Request) -> None:
        require_whole_site(id, request)

    @override
    def action(self, id: ResourceId, body: JsonObject, name: str, request: Request) -> Response | None:
        if name.lower() != "list" or not is_listed(id.name):
            return None
        if id.name.lower() == "publishingcredentials":
            body = {"properties": credentials(self.ground.store, id.parent)}
        return Response(200, {"id": id.text, "name": id.name, "type": self.type, **body})


class PublishingPolicy(WebType):
    """Whether a user name and a password may publish, by `ftp` and by `scm`.

    https://learn.microsoft.com/azure/app-service/configure-basic-auth-disable
    """

    type = f"{SITE}/basicPublishingCredentialsPolicies"

    @override
    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        allow = section(new, "properties").get("allow")
        if old is None:
            raise app_service_refusal(
                404, "NotFound", "Cannot find publishing policy with name {0}.", id.name
            )
        if not isinstance(allow, bool):
            raise bad_request("The parameter properties.allow has an invalid value: {0}.", str(allow))
        return {"properties": {"allow": allow}}

    @override
    def before_delete(self, id: ResourceId, body: JsonObject, request: Request) -> None:
        require_whole_site(id, request)


def create_site_configuration(store: Store, site_id: str) -> None:
    """What Azure creates with every site."""
    config, policies = _config_type(site_id), f"{site_type(site_id)}/basicPublishingCredentialsPolicies"
    store.put(Resource(f"{site_id}/config/web", config, {"properties": dict(_NEW_SITE)}))
    store.put(Resource(f"{site_id}/config/appsettings", config, {"properties": {}}))
    store.put(Resource(f"{site_id}/config/authsettingsV2", config, {"properties": dict(OFF)}))
    if not is_slot(site_id):
        store.put(Resource(f"{site_id}/config/slotConfigNames", config, {"properties": {}}))
    for name in ("ftp", "scm"):
        policy = Resource(
            f"{site_id}/basicPublishingCredentialsPolicies/{name}", policies, {"properties": {"allow": True}}
        )
        store.put(policy)


def merge_site_config(store: Store, site_id: str, config: JsonObject) -> tuple[bool, bool]:
    """Keep what a write of `siteConfig` brings; settings that it brings replace all others.

    Returns whether settings were written and whether another field changed.
    """
    settings: list[dict[str, Any]] | None = config.get("appSettings")
    if settings is not None:
        whole = settings_of_list(settings)
        store.put(Resource(f"{site_id}/config/appsettings", _config_type(site_id), {"properties": whole}))
    connections: list[JsonObject] | None = config.get("connectionStrings")
    if connections is not None:
        strings = connection_strings_of_list(connections)
        path = f"{site_id}/config/connectionstrings"
        store.put(Resource(path, _config_type(site_id), {"properties": strings}))
    web = store.get(f"{site_id}/config/web")
    before: JsonObject = web.body["properties"] if web else dict(_NEW_SITE)
    # No answer holds the settings here, and a null leaves a field as it was.
    after = before | {
        key: value for key, value in config.items() if key not in _ELSEWHERE and value is not None
    }
    store.put(Resource(f"{site_id}/config/web", _config_type(site_id), {"properties": after}))
    return settings is not None or connections is not None, after != before


def check_site_config(config: JsonObject, plan: JsonObject | None) -> None:
    """Refuse what the plan does not allow."""
    if plan is None:
        return
    check_config(plan, config)
    if config.get("alwaysOn") and not allows_always_on(str(plan["sku"]["tier"])):
        reason = (
            "AlwaysOn cannot be set for this site as the plan does not allow it. For more information on"
            " pricing and features, please see: https://aka.ms/appservicepricingdetails "
        )
        raise conflict("There was a conflict. {0}", reason, extended_code="01020")
    runtime = config.get("linuxFxVersion")
    linux = plan["properties"]["reserved"]
    if runtime and (not _LINUX_STACK.fullmatch(runtime) or not linux):
        raise bad_request("The parameter LinuxFxVersion has an invalid value: {0}.", runtime)
    container = config.get("windowsFxVersion")
    if container and (not _IMAGE.fullmatch(container) or linux):
        raise bad_request("The parameter WindowsFxVersion has an invalid value: {0}.", container)


def _config_type(site_id: str) -> str:
    return f"{site_type(site_id)}/config"


def require_whole_site(id: ResourceId, request: Request) -> None:
    """What Azure creates with a site goes with it, and not before."""
    if ResourceId.parse(request.path).key == id.key:
        raise app_service_refusal(405, "MethodNotAllowed", "The requested resource does not support DELETE.")


RULES: Final = [
    Rule(
        "A7",
        "refusal",
        "AlwaysOn needs a plan that is not Free, Shared or Consumption (409, ExtendedCode 01020).",
        held_by="a_free_plan_does_not_keep_a_site_loaded",
        source="pulumi/pulumi-azure-native#3411 microsoft/HealthBotContainerSample#51",
    ),
    Rule(
        "A11",
        "assumed",
        "linuxFxVersion on a Windows plan is refused, windowsFxVersion on a Linux one (400).",
        held_by="a_linux_runtime_never_lands_on_a_windows_plan",
    ),
    Rule(
        "A12",
        "assumed",
        "linuxFxVersion is RUNTIME|version in the spelling of list-runtimes (400).",
        held_by="a_runtime_that_is_not_written_as_one_is_refused",
    ),
    Rule(
        "A12",
        "behaviour",
        "appCommandLine starts the app instead of what App Service would find.",
        held_by="a_start_up_command_starts_the_app_and_another_one_starts_it_anew",
        source="https://learn.microsoft.com/azure/app-service/configure-language-python#customize-startup-command",
    ),
]
