"""Role assignments."""

from collections.abc import Mapping
from typing import Final

from local_azure.plugins.row import Row, names

ROWS: Final[Mapping[str, Row]] = {
    "azure-native:authorization:RoleAssignment": Row(
        api_version="2022-04-01",
        path="/{scope}/providers/Microsoft.Authorization/roleAssignments/{roleAssignmentName}",
        body=names(
            "condition conditionVersion delegatedManagedIdentityResourceId description principalId"
            " principalType roleDefinitionId"
        ),
        outputs=names("name type scope createdBy createdOn updatedBy updatedOn systemData"),
        required=names("principalId roleDefinitionId"),
        replaces=names("principalId"),
        autoname="uuid",
        has_location=False,
    ),
}
