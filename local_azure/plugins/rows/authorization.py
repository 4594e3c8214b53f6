"""Role assignments, role definitions and locks."""

from collections.abc import Mapping
from typing import Final

from local_azure.plugins.row import Row, names

ROWS: Final[Mapping[str, Row]] = {
    "azure-native:authorization:ManagementLockByScope": Row(
        api_version="2020-05-01",
        path="/{scope}/providers/Microsoft.Authorization/locks/{lockName}",
        body=names("level notes owners"),
        outputs=names("name type systemData"),
        required=names("level"),
        has_location=False,
    ),
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
    "azure-native:authorization:RoleDefinition": Row(
        api_version="2022-05-01-preview",
        path="/{scope}/providers/Microsoft.Authorization/roleDefinitions/{roleDefinitionId}",
        body=names("assignableScopes description permissions roleName roleType"),
        outputs=names("name type createdBy createdOn updatedBy updatedOn systemData"),
        # https://github.com/pulumi/pulumi-azure-native/issues/625
        autoname="uuid",
        has_location=False,
        renames={"properties.roleType": "type"},
    ),
}
