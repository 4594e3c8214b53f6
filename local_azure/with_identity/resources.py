"""A resource that Resource Manager keeps, and the principal that comes with it.

https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/managed-identities-status
"""

from typing import Final

from typing_extensions import override

from local_azure.arm import ResourceId, ResourceType
from local_azure.bodies import located, properties_of, section
from local_azure.errors import Refusal
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request
from local_azure.managed_identity.attached import forget, written
from local_azure.rules import Rule
from local_azure.with_identity.table import ROWS, STATIC_SITES, Row

RULES: Final = [
    Rule(
        "I21",
        "assumed",
        "A static site has an identity on the Standard plan: 400 otherwise.",
        held_by="i21_a_static_site_has_an_identity_on_the_standard_plan",
        source="https://learn.microsoft.com/azure/static-web-apps/key-vault-secrets#prerequisites",
    ),
]


class WithIdentity(ResourceType):
    """One type of the table. Its body is kept as it is written; what the type does is not served."""

    row: Row

    @override
    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        location = located(new)
        identity = new.get("identity")
        tier = str(section(new, "sku").get("name") or "Free").lower()
        if self.row.type == STATIC_SITES and identity and tier == "free":
            text = "Managed identities of static sites are for the plan Standard."
            raise Refusal(400, "BadRequest", text)
        block = written(self.ground, id.text, (old or {}).get("identity"), identity, self.row.identities)
        kept = {key: new[key] for key in ("kind", "sku", "zones") if new.get(key) is not None}
        said = {key: value for key, value in properties_of(new).items() if value is not None}
        properties = {**self.row.answers(id.name), "provisioningState": "Succeeded", **said}
        return {
            **kept,
            **({"identity": block} if block else {}),
            "location": location,
            "properties": properties,
            "tags": new.get("tags") or {},
        }

    @override
    def before_delete(self, id: ResourceId, body: JsonObject, request: Request) -> None:
        forget(self.ground, body)

    @override
    def created_status(self) -> int:
        return 200


def every_type(ground: Ground) -> tuple[WithIdentity, ...]:
    """One for each row of the table."""
    made = [
        type("WithIdentity", (WithIdentity,), {"type": row.type, "api_versions": row.versions, "row": row})
        for row in ROWS
    ]
    return tuple(one(ground) for one in made)
