"""Microsoft.CognitiveServices/accounts, their deployments, and the accounts that are kept after they were
deleted.

https://learn.microsoft.com/azure/ai-services/recover-purge-resources
"""

import re
from datetime import UTC, datetime
from typing import Final

from typing_extensions import override

from local_azure.arm import ResourceId, ResourceType
from local_azure.bodies import items, located, properties_of, section
from local_azure.errors import Refusal, not_served
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request, Response
from local_azure.network.acls import check_subnets, public_range
from local_azure.rules import Rule
from local_azure.store import Documents

ACCOUNTS: Final = "Microsoft.CognitiveServices/accounts"
DEPLOYMENTS: Final = f"{ACCOUNTS}/deployments"
SERVICE_ENDPOINT: Final = "Microsoft.CognitiveServices"
DOMAINS: Final = (".openai.azure.com", ".cognitiveservices.azure.com", ".services.ai.azure.com")
REGIONAL: Final = ".api.cognitive.microsoft.com"
FOREIGN_SUBDOMAINS: Final = "ai-subdomains-of-others"
"""Subdomains that accounts of other tenants hold; tests put some."""
_DELETED: Final = "ai-accounts-deleted"
_KEPT: Final = 48 * 3600
_KINDS: Final = ("AIServices", "OpenAI")
_NAME: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z_.-]{1,63}")
_SUBDOMAIN: Final = re.compile(r"[0-9a-z](?:[0-9a-z-]*[0-9a-z])?")

RULES: Final = [
    Rule(
        "U6",
        "refusal",
        "A subdomain is unique in the whole cloud, and that of a deleted account is held for 48 hours "
        "unless it is purged: 409 CustomDomainInUse.",
        held_by="u6_a_subdomain_is_held_until_its_account_is_purged",
        source="Azure-Samples/azure-search-openai-demo#1093",
    ),
    Rule(
        "U6",
        "assumed",
        "Rules for networks need a subdomain, and a subdomain stays as it is: 400.",
        held_by="u6_rules_for_networks_need_a_subdomain_which_stays",
        source="hashicorp/terraform-provider-azurerm#24239",
    ),
    Rule(
        "U2",
        "refusal",
        "Where local authentication is off, no key is listed: 400 BadRequest.",
        held_by="u2_a_key_opens_nothing_and_none_is_given_out",
        source="Azure/terraform-azurerm-avm-res-cognitiveservices-account#130",
    ),
    Rule(
        "U7",
        "assumed",
        "A deployment says its model and a capacity: 400 InvalidResourceProperties otherwise.",
        held_by="u7_a_deployment_says_its_model_and_its_capacity",
    ),
]


def subdomain_of(account: JsonObject) -> str | None:
    """The first word of the account's hosts; None where it has none of its own."""
    found = properties_of(account).get("customSubDomainName")
    return str(found).lower() if found else None


class Account(ResourceType):
    """An account. Where nothing is said its keys open it, at its region's address."""

    type = ACCOUNTS

    def __init__(self, ground: Ground) -> None:
        super().__init__(ground)
        self._deleted = ground.store.documents(_DELETED)

    @override
    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        if _NAME.fullmatch(id.name) is None:
            raise _bad("InvalidAccountName", f"The account name '{id.name}' is invalid.")
        location, kind = located(new), str(new.get("kind") or (old or {}).get("kind"))
        if kind not in _KINDS:
            raise not_served(f"accounts of kind {kind}, only {' and '.join(_KINDS)}")
        if section(new, "sku").get("name") != "S0":
            raise _bad("InvalidSkuId", f"The SKU of an account of kind {kind} is S0.")
        given = {key: value for key, value in properties_of(new).items() if value is not None}
        if given.pop("restore", False) is True and old is None:
            return self._restored(id)
        before = properties_of(old) or self._new(location)
        properties = {**before, **given}
        self._check_subdomain(id, before, properties)
        self._check_rules(properties)
        if subdomain := properties.get("customSubDomainName"):
            hosts = dict(zip(_KINDS[::-1], DOMAINS, strict=False))
            properties["endpoint"] = f"https://{subdomain}{hosts[kind]}/".lower()
        return {
            "identity": new.get("identity") or (old or {}).get("identity"),
            "kind": kind,
            "location": location,
            "properties": properties,
            "sku": {"name": "S0"},
            "tags": new.get("tags") or {},
        }

    @override
    def before_delete(self, id: ResourceId, body: JsonObject, request: Request) -> None:
        kept = {"id": id.text, "body": body, "until": self.ground.clock.now() + _KEPT}
        self._deleted.put(id.name, kept)

    @override
    def action(self, id: ResourceId, body: JsonObject, name: str, request: Request) -> Response | None:
        if name.lower() not in ("listkeys", "regeneratekey"):
            return None
        if properties_of(body).get("disableLocalAuth") is True:
            raise _bad("BadRequest", "Failed to list key. disableLocalAuth is set to be true")
        raise not_served("keys of Azure AI services")

    def _restored(self, id: ResourceId) -> JsonObject:
        kept = find_deleted(self.ground, id.name)
        if kept is None or kept["id"].lower() != id.key:
            raise Refusal(404, "ResourceNotFound", f"There is no deleted account {id.name}.")
        self._deleted.delete(id.name)
        return kept["body"]

    def _check_subdomain(self, id: ResourceId, before: JsonObject, wanted: JsonObject) -> None:
        name = str(wanted.get("customSubDomainName") or "").lower()
        had = str(before.get("customSubDomainName") or "").lower()
        if had and name != had:
            raise _bad("CannotChangeCustomSubDomainName", "The subdomain of an account cannot be changed.")
        if not name or name == had:
            return
        if _SUBDOMAIN.fullmatch(name) is None:
            raise _bad("CustomDomainInvalid", f"The subdomain name '{name}' is invalid.")
        others = [one.body for one in self.ground.store.list(type=ACCOUNTS) if one.id.lower() != id.key]
        held = [kept["body"] for kept in all_deleted(self.ground)]
        foreign = self.ground.store.documents(FOREIGN_SUBDOMAINS).get(name) is not None
        if foreign or name in [subdomain_of(one) for one in (*others, *held)]:
            text = (
                f"Please pick a different name. The subdomain name '{name}' is not available as it's already "
                "used by a resource. If the resource using the name was deleted in the last 48 hours, you "
                "may "
                'need to purge the deleted resource. Learn more at "https://go.microsoft.com/fwlink/?linkid='
                '2215493"'
            )
            raise Refusal(409, "CustomDomainInUse", text)

    def _check_rules(self, properties: JsonObject) -> None:
        acls = section(properties, "networkAcls")
        closed = str(acls.get("defaultAction") or "Allow").lower() == "deny"
        closed = closed or properties.get("publicNetworkAccess") == "Disabled"
        if closed and not properties.get("customSubDomainName"):
            text = "Rules for networks need customSubDomainName, the account's own subdomain."
            raise _bad("BadRequest", text)
        for rule in items(acls, "ipRules"):
            if public_range(str(rule.get("value"))) is None:
                text = f"The value {rule.get('value')!r} of an IP rule is no public IPv4 address or range."
                raise _bad("BadRequest", text)
        check_subnets(self.ground.store, acls, SERVICE_ENDPOINT, SERVICE_ENDPOINT)

    def _new(self, location: str) -> JsonObject:
        return {
            "dateCreated": datetime.fromtimestamp(self.ground.clock.now(), UTC).isoformat(),
            "disableLocalAuth": False,
            "endpoint": f"https://{location}{REGIONAL}/",
            "provisioningState": "Succeeded",
            "publicNetworkAccess": "Enabled",
        }


class DeletedAccount(ResourceType):
    """A deleted account, by its location and its group. Deleting it purges it."""

    type = "Microsoft.CognitiveServices/locations/resourceGroups/deletedAccounts"
    has_parent = False

    @override
    def get(self, id: ResourceId, request: Request) -> JsonObject | None:
        kept = find_deleted(self.ground, id.name)
        if kept is None:
            return None
        group = f"/resourcegroups/{id.parent.rpartition('/')[2].lower()}/"
        return kept["body"] if group in kept["id"].lower() else None

    @override
    def before_delete(self, id: ResourceId, body: JsonObject, request: Request) -> None:
        _documents(self.ground).delete(id.name)


class Deployment(ResourceType):
    """A model under a name of the account's own."""

    type = DEPLOYMENTS

    @override
    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        model, sku = section(properties_of(new), "model"), section(new, "sku")
        if not model.get("name") or not model.get("format") or not sku.get("name"):
            text = "A deployment says model.format and model.name in its properties, and sku.name."
            raise _bad("InvalidResourceProperties", text)
        properties = {**properties_of(old), **properties_of(new), "provisioningState": "Succeeded"}
        return {
            "properties": {"versionUpgradeOption": "OnceNewDefaultVersionAvailable", **properties},
            "sku": sku,
            "tags": new.get("tags") or {},
        }


def find_deleted(ground: Ground, name: str) -> JsonObject | None:
    """The deleted account of that name, as {id, body, until}, while it is kept."""
    kept = _documents(ground).get(name)
    return kept if kept is not None and kept["until"] > ground.clock.now() else None


def all_deleted(ground: Ground) -> list[JsonObject]:
    names = [name for name, _ in _documents(ground).items()]
    return [kept for name in names if (kept := find_deleted(ground, name))]


def _documents(ground: Ground) -> Documents:
    return ground.store.documents(_DELETED)


def _bad(code: str, message: str) -> Refusal:
    return Refusal(400, code, message)
