"""Microsoft.AppConfiguration/configurationStores/keyValues: what is in a store, through Resource Manager.

https://learn.microsoft.com/azure/azure-app-configuration/quickstart-deployment-overview
"""

from collections.abc import Sequence
from typing import Final

from typing_extensions import override

from components.azure_facts.audiences import Service, audiences
from components.azure_facts.key_value_names import key_and_label
from local_azure.app_configuration.access import name_of, require
from local_azure.app_configuration.data import STORE_TYPE, AppConfigurationData
from local_azure.app_configuration.key_values import KeyValue
from local_azure.arm import ResourceId, ResourceType
from local_azure.bodies import properties_of, section
from local_azure.errors import Refusal, not_served
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request
from local_azure.rules import Rule
from local_azure.store import Resource

KEY_VALUE_TYPE: Final = f"{STORE_TYPE}/keyValues"
_OF_RESOURCE_MANAGER: Final = audiences(Service.RESOURCE_MANAGER)
"""The token that came to Resource Manager is passed through."""

RULES: Final = [
    Rule(
        "V10",
        "refusal",
        "Where local authentication is off and the mode is Local, Resource Manager writes no key value: "
        "409, with the way out.",
        held_by="v10_without_pass_through_resource_manager_writes_no_key_value",
        source="pulumi/pulumi-azure-native#4323 Azure/AppConfiguration#692",
    ),
    Rule(
        "V10",
        "refusal",
        "With Pass-through, who writes through Resource Manager needs the data action, too: 403 Forbidden.",
        held_by="v10_with_pass_through_a_deployer_needs_a_data_role",
        source="Azure/AppConfiguration#692 Azure/bicep-ptn-aiml-landing-zone#37",
    ),
    Rule(
        "V10",
        "refusal",
        "Resource Manager reaches no store whose public access is disabled, unless its own private link "
        "does: 403 Forbidden. The local Azure has no such link.",
        held_by="v10_resource_manager_does_not_reach_a_closed_store",
        source="Azure/bicep-ptn-aiml-landing-zone#37 Azure/bicep-types-az#1729",
    ),
    Rule(
        "V11",
        "behaviour",
        "A key value is named by its key, and behind a $ its label; what an id cannot have is written ~ and "
        "two hexadecimal digits.",
        held_by="v11_a_key_value_is_named_by_its_key_and_its_label",
    ),
]


class StoreKeyValue(ResourceType):
    """A key value; it is the store that keeps it."""

    type = KEY_VALUE_TYPE

    def __init__(self, ground: Ground, data: AppConfigurationData) -> None:
        super().__init__(ground)
        self._data = data

    @override
    def get(self, id: ResourceId, request: Request) -> JsonObject | None:
        store = self._reached(id, request, "read")
        found = self._data.key_values.find(name_of(store), *key_and_label(id.name))
        return _body(found) if found else None

    @override
    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        store = self._reached(id, request, "write")
        key, label = key_and_label(id.name)
        given = properties_of(new)
        wanted = KeyValue(key, label, given.get("value"), given.get("contentType"), section(given, "tags"))
        try:
            return _body(self._data.write(store, wanted))
        except Refusal as refusal:
            raise Refusal(refusal.status, "Conflict", refusal.message) from refusal

    @override
    def before_delete(self, id: ResourceId, body: JsonObject, request: Request) -> None:
        if ResourceId.parse(request.path).key != id.key:
            return  # it goes with its store
        store = self._reached(id, request, "delete")
        try:
            self._data.delete(store, *key_and_label(id.name))
        except Refusal as refusal:
            raise Refusal(refusal.status, "Conflict", refusal.message) from refusal

    @override
    def list_in_scope(self, scope: str, request: Request) -> Sequence[JsonObject]:
        raise not_served("lists of key values through Resource Manager; the store itself lists them")

    @override
    def created_status(self) -> int:
        return 200

    def _reached(self, id: ResourceId, request: Request, verb: str) -> Resource:
        store = self.ground.store.get(id.parent)
        assert store is not None
        properties = properties_of(store.body)
        is_local = section(properties, "dataPlaneProxy").get("authenticationMode", "Local") == "Local"
        if is_local and properties.get("disableLocalAuth") is True:
            raise Refusal(
                409, "Conflict",
                "The operation cannot be performed because the configuration store is using local "
                "authentication mode and local authentication is disabled. To enable access to data plane "
                "resources while local authentication is disabled, please use pass-through authentication "
                "mode",
            )  # fmt: skip
        if str(properties.get("publicNetworkAccess") or "Enabled").lower() != "enabled":
            raise _forbidden()
        if not is_local:
            caller = self.ground.entra.verify(str(request.bearer_token), _OF_RESOURCE_MANAGER)
            try:
                require(self.ground.authorizer, store, caller, verb)
            except Refusal as refusal:
                raise _forbidden(refusal) from refusal
        return store


def _body(one: KeyValue) -> JsonObject:
    return {
        "properties": {
            "contentType": one.content_type,
            "eTag": one.etag,
            "key": one.key,
            "label": one.label,
            "lastModified": one.last_modified,
            "locked": one.locked,
            "tags": dict(one.tags),
            "value": one.value,
        }
    }


def _forbidden(refused: Refusal | None = None) -> Refusal:
    text = "Access to the requested resource is forbidden."
    return Refusal(403, "Forbidden", text, lacking=None if refused is None else refused.lacking)
