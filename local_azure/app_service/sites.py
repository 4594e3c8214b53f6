"""Microsoft.Web/sites: web apps, their names, plans and identities."""

import re
from collections.abc import Sequence
from typing import Final

from typing_extensions import override

from local_azure.app_service.configuration import (
    check_site_config,
    create_site_configuration,
    merge_site_config,
)
from local_azure.app_service.content_share import check_written_config
from local_azure.app_service.flex_consumption import check_site
from local_azure.app_service.host_names import host_names
from local_azure.app_service.name_availability import SITE_NAME, availability
from local_azure.app_service.plan_sites import sites_on
from local_azure.app_service.refusals import app_service_refusal, bad_request, conflict
from local_azure.app_service.site_actions import site_action
from local_azure.app_service.site_identity import merged_identity, written_identity
from local_azure.app_service.site_names import SITE, SLOT, host_label, sites_and_slots, slot_name
from local_azure.app_service.site_network import check_site_network
from local_azure.app_service.site_outputs import outputs_of
from local_azure.app_service.site_state import state_of, with_state
from local_azure.app_service.site_type import SiteType
from local_azure.app_service.tiers import allows_networks
from local_azure.app_service.webspaces import WEBSPACE, check_webspace
from local_azure.app_service.written_properties import merged
from local_azure.arm import ResourceId
from local_azure.bodies import section
from local_azure.errors import Refusal
from local_azure.http import JsonObject, Request, Response
from local_azure.name_availability import ACTION
from local_azure.rules import Rule
from local_azure.store import Resource


class Site(SiteType):
    """A web app. What `siteConfig` brings is kept in `config/web` and `config/appsettings`; a GET lacks it.

    https://learn.microsoft.com/rest/api/appservice/web-apps
    """

    type = SITE

    @override
    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        self._check_name(id)
        properties = merged(section(old, "properties"), section(new, "properties"))
        config: JsonObject = properties.pop("siteConfig", None) or {}
        plan = self._plan(properties.get("serverFarmId"))
        webspace = check_webspace(id, old, new.get("location"), plan)
        check_site_config(config, plan.body)
        check_site_network(self.ground.store, id, properties, plan.body)
        linux = plan.body["properties"]["reserved"]
        if properties.get("reserved") not in (None, linux):
            raise bad_request(
                "The parameter reserved has an invalid value: the plan of '{0}' is for {1}.",
                id.name,
                "Linux" if linux else "Windows",
            )
        site = {key: value for key, value in new.items() if key != "identity"}
        identity = written_identity(self.ground, id, (old or {}).get("identity"), new.get("identity"))
        if identity:
            site["identity"] = identity
        site["kind"] = new.get("kind") or (old or {}).get("kind") or "app"
        for slot in self.ground.store.list(under=id.text, type=SLOT):
            require_kind(str(slot.body["kind"]), str(site["kind"]))
        site["properties"] = properties | outputs_of(id, plan.body) | {WEBSPACE: webspace}
        check_site(self.ground.store, id.text, old, site, plan.id)
        site = with_state(site, state_of(old))
        check_written_config(site, config)
        if old is None:
            create_site_configuration(self.ground.store, id.text)
        settings_changed, config_changed = merge_site_config(self.ground.store, id.text, config)
        service = self.hosting
        if settings_changed or old is None:
            service.resolve(id.text, site)
        if old is None or settings_changed or config_changed or _running_part(old) != _running_part(site):
            self.ground.store.after_commit(lambda: service.site_written(id.text))
        return site

    @override
    def patch(self, id: ResourceId, old: JsonObject, change: JsonObject, request: Request) -> JsonObject:
        if change.get("identity"):
            change = {**change, "identity": merged_identity(old.get("identity"), change["identity"])}
        return super().patch(id, old, change, request)

    @override
    def view(self, id: ResourceId, body: JsonObject) -> JsonObject:
        # Azure echoes the plan's id in its own spelling; a client that compares letters sees a difference.
        echoed = re.sub(
            "/resourcegroups/", "/resourcegroups/", body["properties"]["serverFarmId"], flags=re.IGNORECASE
        )
        names = host_names(self.ground.store, id)
        return {**body, "properties": {**body["properties"], **names, "serverFarmId": echoed}}

    @override
    def before_delete(self, id: ResourceId, body: JsonObject, request: Request) -> None:
        principal_id: str | None = section(body, "identity").get("principalId")
        if principal_id:
            # Its role assignments stay behind, as in Azure.
            self.ground.entra.remove_identity(principal_id)
        self.hosting.forget(id.text)
        self.ground.store.after_commit(lambda: self.hosting.site_deleted(id.text))
        if ResourceId.parse(request.path).key == id.key:
            self._take_plan_along(id, body, request)

    def _take_plan_along(self, id: ResourceId, body: JsonObject, request: Request) -> None:
        """Delete the plan of the last site, as Azure does unless it is told not to."""
        query = {key.lower(): value.lower() for key, value in request.query.items()}
        plan_id: str = body["properties"]["serverFarmId"]
        empty = query.get("deleteemptyserverfarm", "true") == "true"
        if empty and len(sites_on(self.ground.store, plan_id)) == 1:
            self.ground.store.delete(plan_id)

    @override
    def action(self, id: ResourceId, body: JsonObject, name: str, request: Request) -> Response | None:
        return site_action(self.ground, self.hosting, id, body, name.lower(), request)

    @override
    def provider_action(self, scope: str, name: str, request: Request) -> Response | None:
        if self.type != SITE or name.lower() != ACTION:
            return None
        return availability(request, sites_and_slots(self.ground.store))

    @override
    def private_link_groups(self, id: str, body: JsonObject) -> Sequence[str]:
        plan = self.ground.store.get(str(body["properties"].get("serverFarmId")))
        tier = plan.body["sku"]["tier"] if plan else "Free"
        if not allows_networks(tier):
            text = f"The plan of {id} is of tier {tier}, which has no private endpoints."
            raise Refusal(400, "PrivateEndpointsNotSupported", text)
        slots = self.ground.store.list(under=id, type=SLOT)
        (group,) = super().private_link_groups(id, body)
        return (group, *(f"{group}-{slot_name(slot.id)}" for slot in slots))

    @override
    def subnets_used(self, body: JsonObject) -> Sequence[str]:
        subnet_id: str | None = section(body, "properties").get("virtualNetworkSubnetId")
        return (subnet_id,) if subnet_id else ()

    @override
    def created_status(self) -> int:
        return 200

    def _check_name(self, id: ResourceId) -> None:
        if not SITE_NAME.fullmatch(id.name):
            raise bad_request("The parameter name has an invalid value: {0}.", id.name)
        self._check_host(id)

    def _check_host(self, id: ResourceId) -> None:
        """Host names are unique, of sites and slots together."""
        others = sites_and_slots(self.ground.store)
        if any(host_label(one.id) == host_label(id.text) and one.id.lower() != id.key for one in others):
            template = "Website with given name {0} already exists."
            raise conflict(template, id.name, extended_code="54001")

    def _plan(self, plan_id: str | None) -> Resource:
        if not plan_id:
            raise bad_request("The parameter serverFarmId has an invalid value: {0}.", "null")
        plan = self.ground.store.get(plan_id)
        if plan is None or plan.type.lower() != "microsoft.web/serverfarms":
            template = "Cannot find ServerFarm with name {0}."
            raise app_service_refusal(
                404, "NotFound", template, plan_id.rsplit("/", 1)[-1], extended_code="51004"
            )
        return plan


def require_kind(slot_kind: str, site_kind: str) -> None:
    """A slot is what its site is. Raises Refusal 400."""
    if slot_kind.lower() != site_kind.lower():
        template = "The slot 'kind' property '{0}' must match the Production site 'kind' property '{1}'."
        raise bad_request(template, slot_kind, site_kind, extended_code="54026")


def _running_part(site: JsonObject) -> JsonObject:
    """What a change of restarts the app: not its tags."""
    return {key: value for key, value in site.items() if key in ("identity", "kind", "properties")}


RULES: Final = [
    Rule(
        "A1",
        "refusal",
        "The name of a web app is unique in all of Azure (409, ExtendedCode 54001).",
        held_by="a_sites_name_is_unique_in_all_of_azure",
        source="dotnet/sign#392 Azure/RDS-Templates#365",
    ),
    Rule(
        "A1",
        "assumed",
        "A web app's name has 2 to 60 letters, digits and hyphens (400).",
        held_by="a_sites_name_has_letters_digits_and_hyphens",
    ),
    Rule(
        "A6",
        "behaviour",
        "Deleting the last app deletes its plan unless deleteEmptyServerFarm is false.",
        held_by="deleting_the_last_app_deletes_the_plan_by_default",
        source="Azure/azure-cli#4497 pulumi/pulumi-azure-native#1529",
    ),
    Rule(
        "A15",
        "behaviour",
        "GET of a site leaves siteConfig out; config/web supplies it.",
        held_by="a_site_is_read_without_its_configuration",
        source="pulumi/pulumi-azure-native#4263",
    ),
    Rule(
        "N4",
        "assumed",
        "A private endpoint of a site needs a plan of size B1 or larger: 400.",
        held_by="a_site_on_a_free_plan_has_no_private_endpoint",
        source="https://learn.microsoft.com/azure/app-service/overview-private-endpoint",
    ),
    Rule(
        "A21",
        "behaviour",
        "serverFarmId is echoed in another case than it was written in.",
        held_by="the_plans_id_comes_back_in_another_case",
        source="Azure/terraform-azurerm-avm-res-web-site#281",
    ),
]
