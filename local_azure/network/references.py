"""What the resource types of Microsoft.Network share: references to each other, and how they are refused."""

from typing import Final

from local_azure.arm import ResourceId
from local_azure.bodies import items, properties_of
from local_azure.errors import Refusal
from local_azure.http import JsonObject
from local_azure.rules import Rule
from local_azure.store import Resource, Store

NETWORKS: Final = "Microsoft.Network/virtualNetworks"
SUBNETS: Final = "Microsoft.Network/virtualNetworks/subnets"
PRIVATE_ENDPOINTS: Final = "Microsoft.Network/privateEndpoints"

RULES: Final = [
    Rule(
        "N1",
        "refusal",
        "A network resource that names another which is not there is refused: 400 InvalidResourceReference.",
        held_by="a_private_endpoint_needs_a_subnet_that_exists",
        source="Azure/azure-cli#13614 MicrosoftDocs/azure-docs#32363",
    ),
]


def referenced(store: Store, by: ResourceId, id: str | None, type: str) -> Resource:
    """The stored resource that `by` names. Raises Refusal 400 when there is none of that type."""
    found = store.get(str(id or ""))
    if found is None or found.type.lower() != type.lower():
        raise not_found(by, id)
    return found


def not_found(by: ResourceId, id: str | None) -> Refusal:
    """What is said of a resource that is not there for `by`, or is in another region."""
    return Refusal(
        400, "InvalidResourceReference",
        f"Resource {id} referenced by resource {by.text} was not found. Please make sure that the "
        "referenced resource exists, and that both resources are in the same region.",
    )  # fmt: skip


def delegations(subnet: JsonObject) -> set[str]:
    """The services that a subnet is delegated to, in lower case."""
    given = items(properties_of(subnet), "delegations")
    return {str(properties_of(one).get("serviceName")).lower() for one in given}


def network_of(subnet_id: str) -> str:
    """The id of a subnet's virtual network, in lower case."""
    return subnet_id.lower().rpartition("/subnets/")[0]
