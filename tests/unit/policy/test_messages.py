"""What every finding names: its rule, the resource, and the entry of it that is to be changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import pytest

from policy.rules import RULES
from tests.unit.policy.apps import IDENTITY, OTHER, OTHER_ID, REFERENCE, VAULT, grant, role, settings, site
from tests.unit.policy.judged import GROUP, SUBSCRIPTION, UNKNOWN, Given, judge

OWNER = role("8e3af657-a8ff-443c-a75c-2fe8c4bcb635")
CALLED = Given("keyless:index:CallGrant", "web-api", {"appId": UNKNOWN}, {"appId": [site()]})
PLANTED = "planted" + "-" + "value"


@dataclass(frozen=True)
class Bad:
    """A program that breaks a rule, and what its finding has to name."""

    given: tuple[Given, ...]
    resource: str
    entry: str


def bad(type_: str, props: Mapping[str, Any], entry: str) -> Bad:
    return Bad((Given(type_, "mine", props),), "mine", entry)


def app(entry: str, *more: Given, **changed: Any) -> Bad:
    return Bad((site(**changed), *more), "app", entry)


def granted(entry: str, *more: Given, **changed: Any) -> Bad:
    return Bad((grant(**changed), *more), "app-vault", entry)


def told(entry: str, settings_: Mapping[str, str], **changed: Any) -> Bad:
    """An app with an identity and a vault, and what it is told."""
    return Bad((VAULT, IDENTITY, OTHER, site(**changed), settings(settings_, site())), "app", entry)


def federated(number: int) -> Given:
    type_ = "managedidentity:FederatedIdentityCredential"
    return Given(type_, f"credential-{number}", {"resourceName": IDENTITY.props["resourceName"]})


PROGRAMS: Final[Mapping[str, Bad]] = {
    "vault-roles-only": bad(
        "keyvault:Vault",
        {"properties": {"enableRbacAuthorization": True, "accessPolicies": [{"objectId": "0b1ec700"}]}},
        "0b1ec700",
    ),
    "vault-purge-protection": bad("keyvault:Vault", {"properties": {}}, "properties.enablePurgeProtection"),
    "vault-network-closed": bad("keyvault:Vault", {"properties": {}}, "properties.publicNetworkAccess"),
    "site-https-only": app("httpsOnly", httpsOnly=False),
    "site-tls-floor": app("siteConfig.scmMinTlsVersion", siteConfig={"minTlsVersion": "1.2"}),
    "site-no-ftp": app("siteConfig.ftpsState", siteConfig={}),
    "site-no-basic-publishing": app("WebAppScmAllowed"),
    "called-app-lists-callers": app("WebAppAuthSettingsV2", CALLED),
    "sign-in-no-client-secret": bad(
        "web:WebAppAuthSettingsV2",
        {
            "identityProviders": {
                "azureActiveDirectory": {"registration": {"clientSecretSettingName": "AUTH_SECRET"}}
            }
        },
        "clientSecretSettingName",
    ),
    "grant-principal-type": granted("principalType", principalType=None),
    "grant-no-broad-role": granted("Owner", roleDefinitionId=OWNER),
    "grant-no-standing-owner": granted(
        SUBSCRIPTION, roleDefinitionId=OWNER, scope=SUBSCRIPTION, principalType="User", principalId="somebody"
    ),
    "grant-data-role-scope": granted(SUBSCRIPTION, scope=SUBSCRIPTION),
    "grant-data-role-on-resource": granted(GROUP, scope=GROUP),
    "grant-active-ends": bad(
        "azure:pim/activeRoleAssignment:ActiveRoleAssignment", {}, "schedule.expiration"
    ),
    "role-spelt-out": bad(
        "authorization:RoleDefinition", {"permissions": [{"dataActions": ["*/read"]}]}, "dataActions */read"
    ),
    "no-generic-resource": bad("resources:Deployment", {}, "Deployment"),
    "reference-identity-attached": told("id-other", {"DB": REFERENCE}, keyVaultReferenceIdentity=OTHER_ID),
    "reference-granted": told("DB", {"DB": REFERENCE}),
    "client-id-attached": told("AZURE_CLIENT_ID", {"AZURE_CLIENT_ID": OTHER.answers["clientId"]}),
    "setting-no-secret-in-clear": told("DB_PASSWORD", {"DB_PASSWORD": PLANTED}),
    "settings-one-owner": app(
        "siteConfig.appSettings",
        settings({"A": "1"}, site()),
        siteConfig={"appSettings": [{"name": "B", "value": "2"}]},
    ),
    "setting-no-account-key": told("STORE", {"STORE": f"AccountName=st;AccountKey={PLANTED}"}),
    "storage-no-shared-key": bad("storage:StorageAccount", {}, "allowSharedKeyAccess"),
    "storage-no-public-blobs": bad("storage:BlobContainer", {"publicAccess": "Blob"}, "publicAccess"),
    "storage-shares-ask-who": bad("storage:FileShare", {"enabledProtocols": "NFS"}, "enabledProtocols"),
    "storage-network-closed": bad("storage:StorageAccount", {}, "networkRuleSet.defaultAction"),
    "postgres-no-password": bad(
        "dbforpostgresql:Server", {"authConfig": {"passwordAuth": "Enabled"}}, "authConfig.passwordAuth"
    ),
    "mysql-no-password": bad("dbformysql:Server", {"administratorLogin": "dba"}, "administratorLogin"),
    "mysql-tls-only": bad(
        "dbformysql:Configuration",
        {"configurationName": "require_secure_transport", "value": "OFF"},
        "require_secure_transport",
    ),
    "sql-no-password": bad("sql:Server", {}, "administrators.azureADOnlyAuthentication"),
    "registry-no-admin-user": bad(
        "containerregistry:Registry", {"adminUserEnabled": True}, "adminUserEnabled"
    ),
    "registry-no-anonymous-pull": bad(
        "containerregistry:Registry", {"anonymousPullEnabled": True}, "anonymousPullEnabled"
    ),
    "registry-network-closed": bad("containerregistry:Registry", {}, "publicNetworkAccess"),
    "cosmos-no-keys": bad("cosmosdb:DatabaseAccount", {}, "disableLocalAuth"),
    "cosmos-network-closed": bad("cosmosdb:DatabaseAccount", {}, "mine"),
    "namespace-no-keys": bad("servicebus:Namespace", {}, "disableLocalAuth"),
    "namespace-network-closed": bad("eventhub:Namespace", {}, "publicNetworkAccess"),
    "redis-no-access-keys": bad("redisenterprise:Database", {}, "accessKeysAuthentication"),
    "redis-encrypted": bad("redisenterprise:Database", {"clientProtocol": "Plaintext"}, "clientProtocol"),
    "redis-network-closed": bad(
        "redisenterprise:RedisEnterprise", {"publicNetworkAccess": "Enabled"}, "publicNetworkAccess"
    ),
    "topic-no-keys": bad("eventgrid:Topic", {}, "disableLocalAuth"),
    "topic-network-closed": bad("eventgrid:Topic", {}, "answers every network"),
    "connections-no-keys": bad("signalrservice:SignalR", {}, "disableLocalAuth"),
    "connections-network-closed": bad("webpubsub:WebPubSub", {}, "answers every network"),
    "service-no-keys": bad("search:Service", {}, "disableLocalAuth"),
    "service-network-closed": bad("appconfiguration:ConfigurationStore", {}, "publicNetworkAccess"),
    "automation-no-keys": bad("automation:AutomationAccount", {}, "disableLocalAuth"),
    "cluster-no-local-accounts": bad("containerservice:ManagedCluster", {}, "disableLocalAccounts"),
    "cluster-entra-roles": bad("containerservice:ManagedCluster", {}, "aadProfile.managed"),
    "cluster-no-run-command": bad("containerservice:ManagedCluster", {}, "disableRunCommand"),
    "cluster-api-closed": bad("containerservice:ManagedCluster", {}, "names no ranges"),
    "cluster-workload-identity": bad("containerservice:ManagedCluster", {}, "oidcIssuerProfile.enabled"),
    "cluster-nodes-closed": bad("containerservice:AgentPool", {}, "not encrypted on their host"),
    "containers-no-keys": bad(
        "containerinstance:ContainerGroup",
        {"diagnostics": {"logAnalytics": {"workspaceKey": PLANTED}}},
        "diagnostics.logAnalytics.workspaceKey",
    ),
    "container-app-tls-only": bad(
        "app:ContainerApp",
        {"configuration": {"ingress": {"allowInsecure": True}}},
        "configuration.ingress.allowInsecure",
    ),
    "container-app-asks-who": bad(
        "app:ContainerApp", {"configuration": {"ingress": {"external": True}}}, "ContainerAppsAuthConfig"
    ),
    "container-environment-network-closed": bad("app:ManagedEnvironment", {}, "publicNetworkAccess"),
    "container-group-no-public-address": bad(
        "containerinstance:ContainerGroup", {"ipAddress": {"type": "Public"}}, "ipAddress.type"
    ),
    "host-has-identity": bad("app:Job", {}, "identity.type"),
    "federated-credentials-within-limit": Bad(
        (IDENTITY, *(federated(number) for number in range(21))), "app", "21 federated credentials"
    ),
    "machine-no-password": bad("compute:VirtualMachine", {"osProfile": {}}, "disablePasswordAuthentication"),
    "machine-no-public-address": bad(
        "network:NetworkInterface",
        {"ipConfigurations": [{"publicIPAddress": {"id": "pip"}}]},
        "has a public address",
    ),
    "machine-encrypted-at-host": bad("compute:VirtualMachine", {}, "encryptionAtHost"),
    "machine-trusted-launch": bad("compute:VirtualMachine", {}, "securityType"),
    "workflow-callers-known": bad(
        "logic:Workflow", {"definition": {"triggers": {"manual": {"type": "Request"}}}}, "trigger manual"
    ),
    "workflow-history-closed": bad("logic:Workflow", {}, "accessControl.contents.allowedCallerIpAddresses"),
    "network-not-everybody": bad(
        "storage:StorageAccount",
        {"networkRuleSet": {"ipRules": [{"iPAddressOrRange": "0.0.0.0/1"}]}},
        "0.0.0.0/1",
    ),
    "firewall-rules-not-everybody": bad(
        "sql:FirewallRule",
        {"serverName": "sql", "startIpAddress": "0.0.0.0", "endIpAddress": "255.255.255.255"},
        "0.0.0.0-255.255.255.255",
    ),
    "cors-named-origins": app("siteConfig.cors", siteConfig={"cors": {"allowedOrigins": ["*"]}}),
    "site-no-remote-debugging": app(
        "siteConfig.remoteDebuggingEnabled", siteConfig={"remoteDebuggingEnabled": True}
    ),
    "api-version-retirement": bad("keyvault/v20241101:Vault", {}, "2024-11-01"),
    "required-tags": bad("keyvault:Vault", {}, "environment"),
}


def test_every_rule_has_a_program_that_breaks_it() -> None:
    assert set(PROGRAMS) == {rule.id for rule in RULES}


@pytest.mark.parametrize("rule", [rule.id for rule in RULES])
def test_a_finding_names_its_rule_the_resource_and_the_entry_and_repeats_no_value(rule: str) -> None:
    program = PROGRAMS[rule]
    config = {"withinDays": 10_000} if rule == "api-version-retirement" else None
    found = judge(rule, *program.given, config=config)
    assert found
    named: list[str] = []
    for reported, message in found:
        first, *others = message.splitlines()
        lines = dict(line.split(": ", 1) for line in others)
        assert reported == program.resource
        assert program.resource in first
        assert list(lines) == ["Why", "Next", "Rule", "See"]
        assert lines["Rule"] == rule
        assert PLANTED not in message
        named.append(f"{first} {lines['Next']}")
    assert any(program.entry in one for one in named)
