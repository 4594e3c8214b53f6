"""Microsoft.Web/sites: web apps, their names, plans and identities."""

import re
from typing import Final

from typing_extensions import override

from local_azure.app_service.attached_identities import identity_types, is_system_assigned
from local_azure.app_service.refusals import app_service_refusal, bad_request, conflict
from local_azure.arm import ResourceId, ResourceType
from local_azure.constants import TENANT_ID
from local_azure.errors import Refusal
from local_azure.http import JsonObject, Request, Response
from local_azure.namespaces.web_plans import WEB_API_VERSIONS, sites_on
from local_azure.namespaces.web_site_config import (
    check_site_config,
    create_site_configuration,
    merge_site_config,
)
from local_azure.rules import Rule

_NAME: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])", re.IGNORECASE)
# Addresses from the blocks that are reserved for documentation.
_OUTBOUND: Final = "192.0.2.10,192.0.2.11"
_POSSIBLE_OUTBOUND: Final = _OUTBOUND + ",192.0.2.12"


class Site(ResourceType):
    """A web app. What `siteConfig` brings is kept in `config/web` and `config/appsettings`; a GET lacks it.

    https://learn.microsoft.com/rest/api/appservice/web-apps
    """

    type = "Microsoft.Web/sites"
    api_versions = WEB_API_VERSIONS

    @override
    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        self._check_name(id)
        properties: JsonObject = {**(old or {}).get("properties", {}), **(new.get("properties") or {})}
        config: JsonObject = properties.pop("siteConfig", None) or {}
        plan = self._plan(properties.get("serverFarmId"))
        check_site_config(config, plan)
        if properties.get("reserved") and not plan["properties"]["reserved"]:
            raise bad_request(
                "The parameter reserved has an invalid value: the plan of '{0}' is for Windows.", id.name
            )
        site = {**new, "kind": new.get("kind") or (old or {}).get("kind") or "app"}
        identity = self._identity(id, (old or {}).get("identity"), new.get("identity"))
        site = {key: value for key, value in site.items() if key != "identity"} | (
            {"identity": identity} if identity else {}
        )
        site["properties"] = properties | self._outputs(id, plan)
        if old is None:
            create_site_configuration(self.azure.store, id.text)
        settings_changed, config_changed = merge_site_config(self.azure.store, id.text, config)
        service = self.azure.app_service
        if settings_changed or old is None:
            service.resolve(id.text, site)
        if old is None or settings_changed or config_changed or _running_part(old) != _running_part(site):
            self.azure.store.after_commit(lambda: service.site_written(id.text))
        return site

    @override
    def patch(self, id: ResourceId, old: JsonObject, change: JsonObject, request: Request) -> JsonObject:
        # A PATCH adds identities to the set and takes away those whose value is null; a PUT replaces the set.
        assigned: JsonObject | None = (change.get("identity") or {}).get("userAssignedIdentities")
        if assigned is not None:
            before = {
                key.lower(): key for key in (old.get("identity") or {}).get("userAssignedIdentities") or {}
            }
            gone = {key.lower() for key, value in assigned.items() if value is None}
            kept = {key: {} for lowered, key in before.items() if lowered not in gone}
            added = {
                key: {} for key, value in assigned.items() if value is not None and key.lower() not in before
            }
            change = {
                **change,
                "identity": {**change["identity"], "userAssignedIdentities": {**kept, **added}},
            }
        return super().patch(id, old, change, request)

    @override
    def view(self, id: ResourceId, body: JsonObject) -> JsonObject:
        # Azure echoes the plan's id in its own spelling; a client that compares letters sees a difference.
        echoed = re.sub(
            "/resourcegroups/", "/resourcegroups/", body["properties"]["serverFarmId"], flags=re.IGNORECASE
        )
        return {**body, "properties": {**body["properties"], "serverFarmId": echoed}}

    @override
    def before_delete(self, id: ResourceId, body: JsonObject, request: Request) -> None:
        if body.get("identity", {}).get("principalId"):
            # Its role assignments stay behind, as in Azure.
            self.azure.entra.remove_identity(body["identity"]["principalId"])
        self.azure.app_service.forget(id.text)
        self.azure.store.after_commit(lambda: self.azure.app_service.site_deleted(id.text))
        itself = ResourceId.parse(request.path).key == id.key
        query = {key.lower(): value.lower() for key, value in request.query.items()}
        plan_id: str = body["properties"]["serverFarmId"]
        empty = itself and query.get("deleteemptyserverfarm", "true") == "true"
        if empty and len(sites_on(self.azure.store, plan_id)) == 1:
            self.azure.store.delete(plan_id)

    @override
    def action(self, id: ResourceId, body: JsonObject, name: str, request: Request) -> Response | None:
        service = self.azure.app_service
        if name == "restart":
            self.azure.store.after_commit(lambda: service.restart(id.text))
            return Response(200)
        if name.lower() == "config/configreferences/appsettings/refresh":
            service.refresh(id.text)
            return Response(200, {"value": service.references(id.text), "nextLink": None, "id": None})
        return None

    @override
    def created_status(self) -> int:
        return 200

    def _check_name(self, id: ResourceId) -> None:
        if not _NAME.fullmatch(id.name):
            raise bad_request("The parameter name has an invalid value: {0}.", id.name)
        for other in self.azure.store.list(type=self.type):
            known = ResourceId.parse(other.id)
            if known.name.lower() == id.name.lower() and known.key != id.key:
                template = "Website with given name {0} already exists."
                raise conflict(template, id.name, extended_code="54001")

    def _plan(self, plan_id: str | None) -> JsonObject:
        if not plan_id:
            raise bad_request("The parameter serverFarmId has an invalid value: {0}.", "null")
        plan = self.azure.store.get(plan_id)
        if plan is None or plan.type.lower() != "microsoft.web/serverfarms":
            template = "Cannot find ServerFarm with name {0}."
            raise app_service_refusal(
                404, "NotFound", template, plan_id.rsplit("/", 1)[-1], extended_code="51004"
            )
        return plan.body

    def _identity(self, id: ResourceId, old: JsonObject | None, new: JsonObject | None) -> JsonObject | None:
        """The identity block to keep; one that is not sent stays as it was."""
        if new is None:
            return old
        kinds = identity_types(new)
        if kinds - {"systemassigned", "userassigned"}:
            raise bad_request("The parameter identity.type has an invalid value: {0}.", str(new.get("type")))
        principal_id = (old or {}).get("principalId") if old and is_system_assigned(old) else None
        if principal_id and "systemassigned" not in kinds:
            self.azure.entra.remove_identity(principal_id)
            principal_id = None
        if "systemassigned" in kinds and principal_id is None:
            principal_id = self.azure.entra.register_identity(id.name, id.text).object_id
        if not kinds:
            return None
        names = [name for name in ("SystemAssigned", "UserAssigned") if name.lower() in kinds]
        identity: JsonObject = {"type": ", ".join(names), "principalId": None, "tenantId": None}
        if principal_id:
            identity |= {"principalId": principal_id, "tenantId": TENANT_ID}
        if "userassigned" in kinds:
            identity["userAssignedIdentities"] = self._user_assigned(new.get("userAssignedIdentities") or {})
        return identity

    def _user_assigned(self, wanted: JsonObject) -> JsonObject:
        if not wanted:
            raise bad_request(
                "The parameter identity.userAssignedIdentities has an invalid value: {0}.", "{}"
            )
        attached: JsonObject = {}
        for id_ in wanted:
            found = self.azure.store.get(id_)
            if found is None or found.type.lower() != "microsoft.managedidentity/userassignedidentities":
                raise Refusal(
                    400, "FailedIdentityOperation", f"The user-assigned identity '{id_}' was not found."
                )
            about = found.body["properties"]
            attached[id_] = {"principalId": about["principalId"], "clientId": about["clientId"]}
        return attached

    def _outputs(self, id: ResourceId, plan: JsonObject) -> JsonObject:
        name = id.name.lower()
        host, scm = f"{name}.azurewebsites.net", f"{name}.scm.azurewebsites.net"
        return {
            "state": "Running",
            "availabilityState": "Normal",
            "usageState": "Normal",
            "defaultHostName": host,
            "hostNames": [host],
            "enabledHostNames": [host, scm],
            "repositorySiteName": id.name,
            "outboundIpAddresses": _OUTBOUND,
            "possibleOutboundIpAddresses": _POSSIBLE_OUTBOUND,
            "resourceGroup": id.resource_group,
            "sku": plan["sku"]["tier"],
        }


def _running_part(site: JsonObject) -> JsonObject:
    """What a change of restarts the app: not its tags."""
    return {key: value for key, value in site.items() if key in ("identity", "kind", "properties")}


TYPES: list[type[ResourceType]] = [Site]

RULES = [
    Rule("A1", "refusal", "The name of a web app is unique in all of Azure (409, ExtendedCode 54001)."),
    Rule("A1", "assumed", "A web app's name has 2 to 60 letters, digits and hyphens (400)."),
    Rule("A6", "behaviour", "Deleting the last app deletes its plan unless deleteEmptyServerFarm is false."),
    Rule("A15", "behaviour", "GET of a site leaves siteConfig out; config/web supplies it."),
    Rule("A17", "assumed", "principalId is null unless the identity's type includes SystemAssigned."),
    Rule("A18", "assumed", "A PUT replaces the set of user-assigned identities, a PATCH merges into it."),
    Rule("A21", "behaviour", "serverFarmId is echoed in another case than it was written in."),
    Rule("R19", "behaviour", "Each time a system-assigned identity is switched on it is a new principal."),
    Rule("I5", "assumed", "An identity that a site still uses can be deleted; the site keeps its id."),
]
