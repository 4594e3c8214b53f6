"""Microsoft.DocumentDB as a service: accounts of the API for NoSQL, what is in them, and their data."""

from local_azure.cosmos_db.access import AUDIENCE
from local_azure.cosmos_db.account_names import ACCOUNTS, CONTAINERS, DATABASES, SUFFIX
from local_azure.cosmos_db.accounts import DatabaseAccount
from local_azure.cosmos_db.contents import Container, Database
from local_azure.cosmos_db.data import CosmosData
from local_azure.cosmos_db.items import ItemStore
from local_azure.cosmos_db.logs import CosmosLogs
from local_azure.cosmos_db.role_assignments import RoleAssignment
from local_azure.cosmos_db.role_definitions import RoleDefinition
from local_azure.ground import Ground
from local_azure.logged import logged
from local_azure.planes import HttpPlane
from local_azure.service import Service, Services


class CosmosDb(Service):
    """`data` is what answers for the items of every account."""

    unserved = {  # noqa: RUF012 - as the base has it
        f"{ACCOUNTS}/cassandraKeyspaces": "the API for Cassandra",
        f"{ACCOUNTS}/gremlinDatabases": "the API for Gremlin",
        f"{ACCOUNTS}/mongodbDatabases": "the API for MongoDB",
        f"{ACCOUNTS}/tables": "the API for Table",
        f"{ACCOUNTS}/tableRoleAssignments": "the API for Table",
        f"{DATABASES}/throughputSettings": "throughput that is changed by itself",
        f"{CONTAINERS}/storedProcedures": "stored procedures of Cosmos DB",
        f"{CONTAINERS}/throughputSettings": "throughput that is changed by itself",
        f"{CONTAINERS}/triggers": "triggers of Cosmos DB",
        f"{CONTAINERS}/userDefinedFunctions": "functions of Cosmos DB",
    }

    def __init__(self, ground: Ground, services: Services) -> None:
        kept = ItemStore(ground)
        self.data = CosmosData(ground, kept, services)
        self.types = (
            DatabaseAccount(ground),
            Database(ground),
            Container(ground, kept),
            RoleDefinition(ground),
            RoleAssignment(ground),
        )
        self.planes = (
            HttpPlane(
                hosts=f"*{SUFFIX}",
                audiences=(AUDIENCE,),
                audience_of_its_own=True,
                envelope="flat",
                handle=logged(self.data.handle, CosmosLogs(ground, services).tell),
            ),
        )
