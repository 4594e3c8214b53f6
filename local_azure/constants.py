"""The fixed inhabitants of the local Azure: a tenant, two subscriptions, a few people and groups.

None of these ids is secret; credentials are drawn at random when a local Azure is first started.
"""

from dataclasses import dataclass
from typing import Final

TENANT_ID: Final = "10ca1a2e-0000-4000-8000-000000000001"
SUBSCRIPTION_ID: Final = "10ca1a2e-0000-4000-8000-000000000002"
SUBSCRIPTION_SCOPE: Final = f"/subscriptions/{SUBSCRIPTION_ID}"
PLATFORM_SUBSCRIPTION_ID: Final = "10ca1a2e-0000-4000-8000-000000000012"
SUBSCRIPTIONS: Final = {SUBSCRIPTION_ID: "Local Azure", PLATFORM_SUBSCRIPTION_ID: "Local platform"}
"""Id to display name. The first is the one that everybody is signed in to; the other holds what is shared."""
LOCATION: Final = "westeurope"


@dataclass(frozen=True)
class Inhabitant:
    """A person, a service principal or a group that exists from the start."""

    name: str
    object_id: str
    kind: str  # "User", "ServicePrincipal" or "Group"
    client_id: str | None = None  # service principals only


DEPLOYER: Final = Inhabitant(
    "deployer",
    "10ca1a2e-0000-4000-8000-0000000000d1",
    "ServicePrincipal",
    "10ca1a2e-0000-4000-8000-0000000000d2",
)
OFFICER: Final = Inhabitant("officer@local-azure.example", "10ca1a2e-0000-4000-8000-0000000000e1", "User")
DEVELOPER: Final = Inhabitant("developer@local-azure.example", "10ca1a2e-0000-4000-8000-0000000000e2", "User")
VAULT_OFFICERS: Final = Inhabitant("vault-officers", "10ca1a2e-0000-4000-8000-0000000000f1", "Group")
VAULT_READERS: Final = Inhabitant("vault-readers", "10ca1a2e-0000-4000-8000-0000000000f2", "Group")
DATABASE_ADMINISTRATORS: Final = Inhabitant(
    "database-administrators", "10ca1a2e-0000-4000-8000-0000000000f3", "Group"
)
EVERYBODY: Final = (
    DEPLOYER,
    OFFICER,
    DEVELOPER,
    VAULT_OFFICERS,
    VAULT_READERS,
    DATABASE_ADMINISTRATORS,
)
MEMBERS: Final = {
    VAULT_OFFICERS.object_id: (OFFICER.object_id,),
    DATABASE_ADMINISTRATORS.object_id: (DEPLOYER.object_id,),
}
"""Who is in which group, by object id."""
