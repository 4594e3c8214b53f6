"""The reader of each form, by the type of the resource."""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Final

from access_report.following import PEOPLE, ROLE_ASSIGNMENT, Directory
from access_report.forms.access_policies import access_policy, policies_of_vault
from access_report.forms.callers import call_grant, listed_callers
from access_report.forms.classic import (
    classic_access_policy,
    classic_assignment,
    classic_credential,
    classic_eligible_role,
    classic_scheduled_role,
)
from access_report.forms.data import (
    administrator,
    administrator_of_itself,
    cache_access_policy,
    cosmos_role_assignment,
    key_of,
    redis_access_policy,
)
from access_report.forms.databases import database_grant
from access_report.forms.eligibility import eligible_role, scheduled_role
from access_report.forms.entra import (
    app_role,
    credential_of_application,
    directory_role,
    directory_role_member,
    group,
    group_member,
)
from access_report.forms.federated_credentials import federated_credential
from access_report.forms.role_assignments import role_assignment
from access_report.grants import Grant
from access_report.resources import Resource
from components.contract import CALL_GRANT, DATABASE_GRANT

Reader = Callable[[Directory, Resource], Iterable[Grant]]
"""What one resource of a type grants."""

READERS: Final[Mapping[str, Reader]] = MappingProxyType(
    {
        "authorization:PimRoleAssignmentSchedule": scheduled_role,
        "authorization:PimRoleEligibilitySchedule": eligible_role,
        ROLE_ASSIGNMENT: role_assignment,
        "authorization:RoleAssignmentScheduleRequest": scheduled_role,
        "authorization:RoleEligibilityScheduleRequest": eligible_role,
        "cosmosdb:SqlResourceSqlRoleAssignment": cosmos_role_assignment,
        "documentdb:SqlResourceSqlRoleAssignment": cosmos_role_assignment,
        "dbformysql:AzureADAdministrator": administrator("dbformysql:Server", "sid", "login"),
        "dbforpostgresql:Administrator": administrator("dbforpostgresql:Server", "objectId", "principalName"),
        "dbforpostgresql:AdministratorsMicrosoftEntra": administrator(
            "dbforpostgresql:Server", "objectId", "principalName"
        ),
        "eventhub:EventHubAuthorizationRule": key_of("eventhub:EventHub", "eventHubName"),
        "eventhub:NamespaceAuthorizationRule": key_of("eventhub:Namespace", "namespaceName"),
        "redis:AccessPolicyAssignment": cache_access_policy,
        "cache:AccessPolicyAssignment": cache_access_policy,
        "redisenterprise:AccessPolicyAssignment": redis_access_policy,
        "servicebus:NamespaceAuthorizationRule": key_of("servicebus:Namespace", "namespaceName"),
        "servicebus:QueueAuthorizationRule": key_of("servicebus:Queue", "queueName"),
        "servicebus:TopicAuthorizationRule": key_of("servicebus:Topic", "topicName"),
        "sql:Server": administrator_of_itself,
        "sql:ServerAzureADAdministrator": administrator("sql:Server", "sid", "login"),
        "keyvault:AccessPolicy": access_policy,
        "keyvault:Vault": policies_of_vault,
        "managedidentity:FederatedIdentityCredential": federated_credential,
        "azure:armmsi/federatedIdentityCredential:FederatedIdentityCredential": classic_credential,
        "azure:authorization/assignment:Assignment": classic_assignment,
        "azure:keyvault/accessPolicy:AccessPolicy": classic_access_policy,
        "azure:pim/activeRoleAssignment:ActiveRoleAssignment": classic_scheduled_role,
        "azure:pim/eligibleRoleAssignment:EligibleRoleAssignment": classic_eligible_role,
        "azuread:index/appRoleAssignment:AppRoleAssignment": app_role,
        "azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential": (
            credential_of_application
        ),
        "azuread:index/directoryRoleAssignment:DirectoryRoleAssignment": directory_role,
        "azuread:index/directoryRoleMember:DirectoryRoleMember": directory_role_member,
        "azuread:index/groupMember:GroupMember": group_member,
        "web:WebAppAuthSettingsV2": listed_callers,
        "web:WebAppAuthSettingsV2Slot": listed_callers,
        "web:WebAppAuthSettingsV2WithoutSecrets": listed_callers,
        "web:WebAppAuthSettingsV2WithoutSecretsSlot": listed_callers,
        CALL_GRANT: call_grant,
        DATABASE_GRANT: database_grant,
        PEOPLE: group,
    }
)
"""azure-native's types in whatever version, and other packages' by the whole type."""
