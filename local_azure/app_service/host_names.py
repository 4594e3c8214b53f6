"""Microsoft.Web/sites/hostNameBindings: the host names of its owner's own that a site answers to.

https://learn.microsoft.com/azure/app-service/app-service-web-tutorial-custom-domain
"""

from collections.abc import Sequence
from typing import Final

from typing_extensions import override

from local_azure.app_service.refusals import app_service_refusal, bad_request, conflict
from local_azure.app_service.site_names import SCM, SITE, SITES, SLOT, host_label, is_slot
from local_azure.app_service.web_type import WebType
from local_azure.app_service.write_locks import WriteLocks
from local_azure.arm import ResourceId
from local_azure.bodies import section
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request
from local_azure.public_dns.records import Records, normal
from local_azure.resource_manager.lists import shown
from local_azure.rules import Rule
from local_azure.store import Resource, Store

BINDING: Final = f"{SITE}/hostNameBindings"
SLOT_BINDING: Final = f"{SLOT}/hostNameBindings"
BINDINGS: Final = (BINDING, SLOT_BINDING)
CERTIFICATE: Final = "Microsoft.Web/certificates"
INBOUND: Final = "192.0.2.20"
"""Where A records lead to: from a block that is reserved for documentation."""


class HostNameBinding(WebType):
    """A host name of a site, with the certificate that TLS is answered with for it, or none.

    https://learn.microsoft.com/rest/api/appservice/web-apps/create-or-update-host-name-binding
    """

    type = BINDING

    def __init__(self, ground: Ground, locks: WriteLocks, dns: Records) -> None:
        super().__init__(ground, locks)
        self._dns = dns

    @override
    def get(self, id: ResourceId, request: Request) -> JsonObject | None:
        site = self.ground.store.get(id.parent)
        if site is not None and id.name.lower() == _default(site):
            return _default_binding(site)
        return super().get(id, request)

    @override
    def list_in_scope(self, scope: str, request: Request) -> Sequence[JsonObject] | None:
        site = self.ground.store.get(scope)
        if site is None:
            return None
        names = {"id": f"{site.id}/hostNameBindings/{_default(site)}", "name": _default(site)}
        own = [
            shown(self, ResourceId.parse(one.id), one.body) for one in bindings_of(self.ground.store, site.id)
        ]
        return [{**names, "type": self.type, **_default_binding(site)}, *own]

    @override
    def before_delete(self, id: ResourceId, body: JsonObject, request: Request) -> None:
        site = self.ground.store.get(id.parent)
        if site is not None and id.name.lower() == _default(site):
            raise conflict("Cannot delete the default host name {0} of a site.", id.name)

    @override
    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        site = self.ground.store.get(id.parent)
        assert site, "Resource Manager has looked for the parent"
        if id.name.lower() == _default(site):
            raise conflict("Cannot change the default host name {0} of a site.", id.name)
        given = section(new, "properties")
        properties = {**section(old, "properties"), **given}
        tier = _tier(self.ground.store, site)
        if old is None:
            self._check_name(id, site, tier)
        tls = str(properties.get("sslState") or "Disabled")
        if tls == "Disabled":
            properties.pop("thumbprint", None)
        else:
            self._check_tls(id, str(properties.get("thumbprint") or ""), tier)
        cname = self._dns.find(id.name, "CNAME")
        properties |= {
            "siteName": ResourceId.parse(site.id).name,
            "hostNameType": properties.get("hostNameType") or "Verified",
            "customHostNameDnsRecordType": "CName" if cname else "A",
            "azureResourceName": ResourceId.parse(site.id).name,
            "azureResourceType": "Website",
            "sslState": tls,
        }
        return {**new, "properties": properties}

    @override
    def created_status(self) -> int:
        return 200

    def _check_name(self, id: ResourceId, site: Resource, tier: str) -> None:
        if normal(id.name).endswith(SITES):
            template = "Too many ({0}) hostnames in the default DNS zone. Limit is {1}."
            raise bad_request(template, "2", "1", extended_code="04017")
        if tier == "Free":
            raise conflict("Custom host names are not supported on the tier {0} of the plan.", tier)
        verification = str(site.body["properties"]["customDomainVerificationId"])
        records = self._dns.find(f"asuid.{id.name}", "TXT")
        if verification not in records:
            template = "A TXT record pointing from asuid.{0} to {1} was not found."
            raise bad_request(template, id.name, verification, extended_code="04006")

    def _check_tls(self, id: ResourceId, thumbprint: str, tier: str) -> None:
        if tier in ("Free", "Shared"):
            raise conflict("TLS bindings are not supported on the tier {0} of the plan.", tier)
        known = self.ground.store.list(type=CERTIFICATE)
        if not any(one.body["properties"]["thumbprint"] == thumbprint for one in known):
            template = "Cannot find {0} with name {1}."
            raise app_service_refusal(
                404, "NotFound", template, "Certificate", thumbprint, extended_code="51004"
            )


class SlotHostNameBinding(HostNameBinding):
    """A host name of a slot."""

    type = SLOT_BINDING


def bindings_of(store: Store, site_id: str) -> Sequence[Resource]:
    """The host names of a site or a slot that are not Azure's."""
    return store.list(under=site_id, type=SLOT_BINDING if is_slot(site_id) else BINDING)


def _default(site: Resource) -> str:
    """The host name that Azure gave it."""
    return str(site.body["properties"]["defaultHostName"]).lower()


def _default_binding(site: Resource) -> JsonObject:
    name = ResourceId.parse(site.id).name
    return {"properties": {"siteName": name, "hostNameType": "Verified", "sslState": "Disabled"}}


def host_names(store: Store, site: ResourceId) -> JsonObject:
    """What a GET of a site or a slot says of the names it answers to."""
    host, scm = (f"{host_label(site.text)}{zone}" for zone in (SITES, SCM))
    bindings = bindings_of(store, site.text)
    own = [ResourceId.parse(one.id).name for one in bindings]
    states = [
        {"name": host, "sslState": "Disabled", "hostType": "Standard"},
        *(
            {
                "name": ResourceId.parse(one.id).name,
                "sslState": one.body["properties"]["sslState"],
                "thumbprint": one.body["properties"].get("thumbprint"),
                "hostType": "Standard",
            }
            for one in bindings
        ),
        {"name": scm, "sslState": "Disabled", "hostType": "Repository"},
    ]
    return {
        "hostNames": [*own, host],
        "enabledHostNames": [*own, host, scm],
        "hostNameSslStates": states,
    }


def _tier(store: Store, site: Resource) -> str:
    plan = store.get(str(site.body["properties"]["serverFarmId"]))
    assert plan, "a plan that has sites cannot be deleted"
    return str(plan.body["sku"]["tier"])


RULES: Final = [
    Rule(
        "A22",
        "refusal",
        "A host name is bound when its TXT record asuid.<name> holds the site's "
        "customDomainVerificationId (400, ExtendedCode 04006).",
        held_by="a_name_is_bound_when_its_owner_has_published_the_sites_verification_id",
        source="rcl-letsencrypt-auto-ssl/Lets-Encrypt-Auto#25",
    ),
    Rule(
        "A22",
        "refusal",
        "A second name below azurewebsites.net is refused (400, ExtendedCode 04017).",
        held_by="a_site_has_one_name_of_azures",
        source="Azure/azure-quickstart-templates#4742",
    ),
    Rule(
        "A22",
        "behaviour",
        "A site's hostNames and hostNameSslStates say what is bound to it.",
        held_by="the_site_says_what_is_bound_to_it",
    ),
    Rule(
        "A22",
        "behaviour",
        "The bindings of a site or a slot begin with the name that Azure gave it.",
        held_by="a22_the_bindings_of_a_site_begin_with_its_default_name",
        source="https://learn.microsoft.com/rest/api/appservice/web-apps/list-host-name-bindings",
    ),
    Rule(
        "A22",
        "assumed",
        "The default host name of a site is neither changed nor deleted (409).",
        held_by="a22_the_bindings_of_a_site_begin_with_its_default_name",
    ),
    Rule(
        "A22",
        "assumed",
        "A Free plan has no custom host names, a Shared one no TLS for them (409).",
        held_by="a_free_plan_has_no_names_and_a_shared_one_no_tls_for_them",
    ),
    Rule(
        "A22",
        "assumed",
        "TLS is bound with the thumbprint of a certificate that exists (404).",
        held_by="tls_is_bound_with_a_certificate_that_exists",
    ),
]
