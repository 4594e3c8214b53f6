"""Microsoft.Web/certificates: certificates that App Service asks for and renews, one for each host name.

https://learn.microsoft.com/azure/app-service/configure-ssl-certificate#create-a-free-managed-certificate
"""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Final

from typing_extensions import override

from local_azure.app_service.host_names import BINDINGS, CERTIFICATE, INBOUND, bindings_of
from local_azure.app_service.plans import sites_on
from local_azure.app_service.refusals import app_service_refusal, bad_request, conflict
from local_azure.arm import ResourceId, ResourceType
from local_azure.bodies import section
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request
from local_azure.public_dns.records import Records, normal
from local_azure.rules import Rule
from local_azure.store import Resource

_LIFETIME: Final = timedelta(days=180)


class Certificate(ResourceType):
    """A managed certificate. What somebody else issued (`pfxBlob`, Key Vault) is not served here.

    https://learn.microsoft.com/rest/api/appservice/certificates
    """

    type = CERTIFICATE

    def __init__(self, ground: Ground, dns: Records) -> None:
        super().__init__(ground)
        self._dns = dns

    @override
    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        before = section(old, "properties")
        properties = {**before, **section(new, "properties")}
        properties.pop("password", None)  # never answered
        name = str(properties.get("canonicalName") or "")
        if not name or name.startswith("*"):
            raise bad_request("The parameter Properties.CanonicalName has an invalid value: {0}.", name)
        site = self._site(name, str(properties.get("serverFarmId") or ""))
        if name == before.get("canonicalName"):
            return {**new, "properties": properties}
        self._check_records(name, site)
        issued = datetime.fromtimestamp(self.ground.clock.now(), UTC)
        thumbprint = hashlib.sha256(f"{id.key} {name} {issued.isoformat()}".encode()).hexdigest()[:40].upper()
        properties |= {
            "subjectName": name,
            "hostNames": [name],
            "issuer": "GeoTrust TLS RSA CA G1",
            "issueDate": issued.isoformat(timespec="seconds"),
            "expirationDate": (issued + _LIFETIME).isoformat(timespec="seconds"),
            "thumbprint": thumbprint,
        }
        return {**new, "properties": properties}

    @override
    def before_delete(self, id: ResourceId, body: JsonObject, request: Request) -> None:
        # A resource group that goes takes everything along, whatever its order.
        if ResourceId.parse(request.path).key != id.key:
            return
        thumbprint = str(body["properties"]["thumbprint"])
        for binding in (one for kind in BINDINGS for one in self.ground.store.list(type=kind)):
            if binding.body["properties"].get("thumbprint") == thumbprint:
                raise conflict(
                    "Cannot remove certificate with thumbprint {0} because it is used for hostname {1}.",
                    thumbprint,
                    ResourceId.parse(binding.id).name,
                )

    @override
    def created_status(self) -> int:
        return 200

    def _site(self, name: str, plan_id: str) -> Resource:
        """The site on the plan that the name is bound to."""
        plan = self.ground.store.get(plan_id)
        if plan is None:
            template = "Cannot find {0} with name {1}."
            given = plan_id.rsplit("/", 1)[-1]
            raise app_service_refusal(404, "NotFound", template, "ServerFarm", given, extended_code="51004")
        tier = str(plan.body["sku"]["tier"])
        if tier in ("Free", "Shared"):
            raise conflict("Managed certificates are not supported on the tier {0} of the plan.", tier)
        for site in sites_on(self.ground.store, plan_id):
            bound = [ResourceId.parse(one.id).name for one in bindings_of(self.ground.store, site.id)]
            if normal(name) in map(normal, bound):
                return site
        template = "Properties.CanonicalName is invalid.  Hostname {0} is not assigned to an app of the plan."
        raise bad_request(template, name)

    def _check_records(self, name: str, site: Resource) -> None:
        """Whoever issues it looks for the app at that name."""
        host = str(site.body["properties"]["defaultHostName"])
        dns = self._dns
        named = host in map(normal, dns.find(name, "CNAME"))
        if not named and INBOUND not in dns.find(name, "A"):
            template = (
                "Properties.CanonicalName is invalid.  Certificate creation failed unexpectedly for canonical"
                " name {0}"
            )
            raise bad_request(template, name)


RULES: Final = [
    Rule(
        "A23",
        "refusal",
        "A certificate that is bound to a host name cannot be deleted (409).",
        held_by="a_certificate_that_is_bound_cannot_be_deleted",
    ),
    Rule(
        "A23",
        "assumed",
        "A managed certificate is issued to a name whose CNAME or A record leads to the app (400).",
        held_by="a_managed_certificate_is_issued_to_a_name_that_leads_to_the_app",
    ),
    Rule(
        "A23",
        "assumed",
        "A managed certificate is issued after its name is bound to an app of the plan (400).",
        held_by="a_managed_certificate_is_issued_to_a_name_that_is_bound",
    ),
    Rule(
        "A23",
        "assumed",
        "A managed certificate needs a plan that is not Free or Shared (409).",
        held_by="a_free_plan_has_no_names_and_a_shared_one_no_tls_for_them",
    ),
]
