"""What the resource types of Microsoft.Network share: references to each other, and how they are refused."""

from typing import TYPE_CHECKING, Final

from local_azure.arm import ResourceId
from local_azure.errors import Refusal
from local_azure.http import JsonObject
from local_azure.namespaces.web_bodies import section
from local_azure.rules import Rule
from local_azure.store import Resource

if TYPE_CHECKING:
    from local_azure.azure import Azure

NETWORK_API_VERSIONS: Final = frozenset({"2023-11-01", "2024-01-01", "2024-03-01", "2024-05-01"})
SUBNETS: Final = "Microsoft.Network/virtualNetworks/subnets"
PRIVATE_ENDPOINTS: Final = "Microsoft.Network/privateEndpoints"

RULES: Final = [
    Rule("N1", "refusal", "A network resource that names another which is not there is refused: 400 "
         "InvalidResourceReference."),
]  # fmt: skip


def properties_of(body: JsonObject | None) -> JsonObject:
    """The properties of a body or of an item in it, empty where there are none."""
    return section(body, "properties")


def items(body: JsonObject, key: str) -> list[JsonObject]:
    """The list of objects under `key`, empty where there is none."""
    found: list[JsonObject] | None = body.get(key)
    return found or []


def referenced(azure: "Azure", by: ResourceId, id: str | None, type: str) -> Resource:
    """The stored resource that `by` names. Raises Refusal 400 when there is none of that type."""
    found = azure.store.get(str(id or ""))
    if found is None or found.type.lower() != type.lower():
        raise Refusal(
            400, "InvalidResourceReference",
            f"Resource {id} referenced by resource {by.text} was not found. Please make sure that the "
            "referenced resource exists, and that both resources are in the same region.",
        )  # fmt: skip
    return found


def located(new: JsonObject) -> str:
    """The location of a body. Raises Refusal 400 when it has none."""
    if not new.get("location"):
        raise Refusal(400, "LocationRequired", "The location property is required for this definition.")
    return str(new["location"]).replace(" ", "").lower()


def delegations(subnet: JsonObject) -> set[str]:
    """The services that a subnet is delegated to, in lower case."""
    given = items(properties_of(subnet), "delegations")
    return {str(properties_of(one).get("serviceName")).lower() for one in given}


def network_of(subnet_id: str) -> str:
    """The id of a subnet's virtual network, in lower case."""
    return subnet_id.lower().rpartition("/subnets/")[0]
