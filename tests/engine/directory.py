"""What an administrator of the tenant does for whoever deploys."""

import uuid

from components.azure_facts.directory import DIRECTORY
from local_azure.authorization.built_in_roles import role_definition_id
from local_azure.constants import OFFICER
from local_azure.server import LocalAzure
from tests.local_azure.arm import Arm, content

CONTRIBUTOR = "b24988ac-6180-42a0-ab88-20f7382dd24c"


def let_send_the_directorys_logs(cloud: LocalAzure, deployer: str) -> None:
    """As the administrator of the tenant does it once."""
    name = f"{DIRECTORY}/providers/Microsoft.Authorization/roleAssignments/{uuid.uuid4()}"
    given = {"principalId": deployer, "principalType": "ServicePrincipal"}
    given["roleDefinitionId"] = role_definition_id(CONTRIBUTOR)
    content(Arm(cloud.azure).as_(OFFICER)("PUT", name, {"properties": given}))
