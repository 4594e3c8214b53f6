"""A property whose own name says that it is a secret is one, of whatever type, without a table of types."""

from typing import Any

import pytest

from access_report.carried_values import values_of
from access_report.report import Report
from access_report.resources import UNKNOWN, Resource
from access_report.secret_looking import HEADER, why_secret
from access_report.values import Looks
from tests.unit.access_report.previews import reported, state
from tests.unit.azure_facts.native_paths import has_path
from tests.unit.policy.judged import Given, findings

PLANTED = "planted" + "-" + "value"
PROPERTIES = [
    ("aad:DomainService", "ldapsSettings.pfxCertificatePassword"),
    ("apimanagement:AuthorizationServer", "clientSecret"),
    ("app:ContainerAppsSourceControl", "githubActionConfiguration.registryInfo.registryPassword"),
    ("automation:SourceControl", "securityToken.accessToken"),
    ("avs:PrivateCloud", "nsxtPassword"),
    ("compute:VirtualMachineRunCommandByVirtualMachine", "runAsPassword"),
    ("containerservice:ManagedCluster", "aadProfile.serverAppSecret"),
    ("cosmosdb:CassandraCluster", "properties.initialCassandraAdminPassword"),
    ("dashboard:Grafana", "properties.apiKey"),
    ("datamigration:Project", "azureAuthenticationInfo.appKey"),
    ("digitaltwins:DigitalTwinsEndpoint", "properties.deadLetterSecret"),
    ("hdinsight:Cluster", "properties.securityProfile.domainUserPassword"),
    ("kubernetesconfiguration:FluxConfiguration", "bucket.accessKey"),
    ("kusto:Script", "scriptUrlSasToken"),
    ("network:P2sVpnServerConfiguration", "properties.radiusServerSecret"),
    ("network:VirtualNetworkGatewayConnection", "sharedKey"),
    ("notificationhubs:NotificationHub", "gcmCredential.googleApiKey"),
    ("redhatopenshift:OpenShiftCluster", "clusterProfile.pullSecret"),
    ("securityinsights:SourceControl", "repositoryAccess.token"),
    ("sql:SyncGroup", "hubDatabasePassword"),
    ("sqlvirtualmachine:SqlVirtualMachine", "keyVaultCredentialSettings.servicePrincipalSecret"),
    ("streamanalytics:Output", "datasource.refreshToken"),
    ("timeseriesinsights:EventHubEventSource", "sharedAccessKey"),
    ("workloads:ProviderInstance", "providerSettings.dbPassword"),
]


def holding(path: str, value: Any) -> dict[str, Any]:
    for name in reversed(path.split(".")):
        value = {name: value}
    return value


def told(type_: str, inputs: dict[str, Any]) -> Report:
    return reported([], [state(f"azure-native:{type_}", "mine", inputs)])


@pytest.mark.parametrize(("type_", "path"), PROPERTIES)
def test_a_property_that_says_so_is_told_by_the_report_and_refused_by_the_pack(type_: str, path: str) -> None:
    assert has_path(type_, path)
    name = path.rpartition(".")[2]
    inputs = holding(path, PLANTED)
    assert [(one.name, one.looks) for one in told(type_, inputs).in_clear] == [(name, Looks.SECRET)]
    assert findings("setting-no-secret-in-clear", Given(type_, "mine", inputs)) == [
        f"property {name} of mine looks like a secret in clear: its name says that it is a secret."
    ]


PASSWORD_ENTRY = "Pass" + "word="
FORMS = [
    (
        "web:StaticSiteDatabaseConnection",
        "connectionString",
        f"Server=db;User ID=a;{PASSWORD_ENTRY}{PLANTED}",
    ),
    ("apimanagement:Cache", "connectionString", f"cache.example.com:6380,{PASSWORD_ENTRY}{PLANTED}"),
    ("apimanagement:Backend", "url", f"https://user:{PLANTED}@backend.example.com"),
    ("databricks:Workspace", "managedResourceGroupId", "-----BEGIN " + "PRIVATE KEY-----\nabc"),
]


@pytest.mark.parametrize(("type_", "path", "value"), FORMS)
def test_a_text_in_the_form_of_a_secret_is_told_and_refused_under_whatever_property(
    type_: str, path: str, value: str
) -> None:
    assert has_path(type_, path)
    inputs = holding(path, value)
    assert [(one.name, one.looks) for one in told(type_, inputs).in_clear] == [(path, Looks.SECRET)]
    (refused,) = findings("setting-no-secret-in-clear", Given(type_, "mine", inputs))
    assert refused.startswith(f"property {path} of mine looks like a secret in clear: ")
    assert PLANTED not in refused


def test_a_key_is_told_by_what_it_is_and_an_argument_of_a_command_by_its_option() -> None:
    key = {"primaryKey": "0123456789abcdef" * 2, "partitionKey": "/tenantId", "key": "Environment"}
    assert [one.name for one in told("apimanagement:Subscription", key).in_clear] == ["primaryKey"]
    container = {
        "args": ["--verbose", f"--db-password={PLANTED}", "--password-file=/run/db"],
        "image": "shop",
    }
    inputs = {"template": {"containers": [container]}}
    assert [one.name for one in told("app:ContainerApp", inputs).in_clear] == ["args"]
    assert len(findings("setting-no-secret-in-clear", Given("app:ContainerApp", "mine", inputs))) == 1


def test_a_word_of_a_command_behind_an_option_that_asks_for_a_secret_is_told_by_the_option() -> None:
    def group(*command: str) -> dict[str, Any]:
        return {"containers": [{"name": "app", "image": "shop", "command": [*command]}]}

    inputs = group("run", "--level", "info", "--password", PLANTED)
    assert [one.name for one in told("containerinstance:ContainerGroup", inputs).in_clear] == ["password"]
    (refused,) = findings(
        "setting-no-secret-in-clear", Given("containerinstance:ContainerGroup", "mine", inputs)
    )
    assert refused.startswith("property password of mine looks like a secret in clear: ")
    assert PLANTED not in refused
    for harmless in (["--password", "--verbose"], ["--password-file", "/run/db"], ["--level", PLANTED]):
        assert told("containerinstance:ContainerGroup", group("run", *harmless)).in_clear == []


PROBE = [
    ("app:ContainerApp", "template.containers[].probes[].httpGet.httpHeaders[]"),
    ("app:Job", "template.containers[].probes[].httpGet.httpHeaders[]"),
    ("containerinstance:ContainerGroup", "containers[].livenessProbe.httpGet.httpHeaders[]"),
    ("containerinstance:ContainerGroup", "containers[].readinessProbe.httpGet.httpHeaders[]"),
    ("trafficmanager:Profile", "monitorConfig.customHeaders[]"),
]


@pytest.mark.parametrize(("type_", "path"), PROBE)
@pytest.mark.parametrize(
    "name", ["Authorization", "proxy-authorization", "Cookie", "x-functions-key", "X-Api-Key"]
)
def test_a_header_that_signs_in_is_told_and_refused_and_another_one_is_a_value(
    type_: str, path: str, name: str
) -> None:
    def probing(header: str, value: str) -> dict[str, Any]:
        found: Any = {"name": header, "value": value}
        for step in reversed(path.split(".")):
            found = {step.removesuffix("[]"): [found] if step.endswith("[]") else found}
        return found

    inputs = probing(name, PLANTED)
    assert [(one.name, one.looks) for one in told(type_, inputs).in_clear] == [(name, Looks.SECRET)]
    assert findings("setting-no-secret-in-clear", Given(type_, "mine", inputs)) == [
        f"header {name} of mine looks like a secret in clear: its name says that it is a secret."
    ]
    for harmless in (probing("X-Probe", "live"), probing("Authorization", "")):
        assert told(type_, harmless).secrets_in_clear == []
        assert findings("setting-no-secret-in-clear", Given(type_, "mine", harmless)) == []
    assert [one.name for one in told(type_, probing("X-Probe", "live")).in_clear] == ["X-Probe"]
    later = reported(
        [state(f"azure-native:{type_}", "mine", probing("X-Probe", "live"))],
        [state(f"azure-native:{type_}", "mine", inputs)],
    )
    assert [one.name for one in later.secrets_in_clear] == [name]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Authorization", "Bearer {{token-of-api}}"),
        ("Authorization", "basic {{login}}"),
        ("Authorization", "{http_req_Authorization}"),
        ("x-functions-key", "{var_key}"),
        ("Cookie", "{http_resp_Set-Cookie}"),
    ],
)
def test_a_header_into_which_azure_puts_the_value_is_no_secret(name: str, value: str) -> None:
    assert why_secret(name, value, HEADER) is None
    assert why_secret(name, f"{value} {PLANTED}", HEADER) == "its name says that it is a secret"


def test_each_value_of_a_header_that_has_a_list_of_them_is_judged_by_the_headers_name() -> None:
    type_ = "apimanagement:Backend"

    def backend(*values: str) -> dict[str, Any]:
        return {"credentials": {"header": {"x-functions-key": [*values]}}}

    assert findings("setting-no-secret-in-clear", Given(type_, "mine", backend("{{key}}", PLANTED))) == [
        "header x-functions-key of mine looks like a secret in clear: its name says that it is a secret."
    ]
    assert findings("setting-no-secret-in-clear", Given(type_, "mine", backend("{{key}}", "{{other}}"))) == []
    assert told(type_, backend(PLANTED)).secrets_in_clear != []


def test_a_tag_is_told_by_its_text_and_not_by_its_name() -> None:
    tags = {"password": PLANTED, "database": f"Server=db;{PASSWORD_ENTRY}{PLANTED}"}
    assert [(one.name, one.looks) for one in told("network:VpnSite", {"tags": tags}).in_clear] == [
        ("database", Looks.SECRET)
    ]
    (refused,) = findings("setting-no-secret-in-clear", Given("network:VpnSite", "mine", {"tags": tags}))
    assert refused.startswith("tag database of mine looks like a secret in clear: ")


def test_what_the_program_keeps_is_in_clear_nowhere_and_what_is_not_known_is_said() -> None:
    type_, path = PROPERTIES[0]
    assert told(type_, holding(path, "[secret]")).in_clear == []
    (later,) = told(type_, holding(path, UNKNOWN)).in_clear
    assert later.looks is Looks.LATER


@pytest.mark.parametrize(
    "inputs",
    [
        {"tags": {"password": PLANTED}},
        {"authConfig": {"passwordAuth": "Disabled"}},
        {"accessPolicies": [{"permissions": {"secrets": ["get", "list"]}}]},
        {"clientSecretSettingName": "AAD_SECRET"},
        {"creationToken": "volume-1"},
        {"crossTenantTokenValidation": "EnsureSecureValidation"},
        {"masterUserSecret": {"secretArn": "arn:aws:secretsmanager:eu-west-1:1:secret:db"}},
        {"credential": "/subscriptions/5ab5c000-0000-4000-8000-000000000001/x/credentials/job"},
        {"password": "@Microsoft.KeyVault(VaultName=kv;SecretName=db)"},
        {"password": ""},
        {"connectionString": "Server=db;Database=shop;Authentication=Active Directory Managed Identity"},
        {"args": ["--use-token=true", "-c", "token == 1"]},
        {"sshPublicKey": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJxyz12345abcdefghijklmnop"},
        {"query": 'AppTraces | where token == "x"'},
    ],
)
def test_what_only_speaks_of_secrets_is_none(inputs: dict[str, Any]) -> None:
    assert told("network:VpnSite", inputs).secrets_in_clear == []
    assert findings("setting-no-secret-in-clear", Given("network:VpnSite", "mine", inputs)) == []


def test_what_a_place_of_the_table_holds_is_read_once() -> None:
    given = {"siteConfig": {"appSettings": [{"name": "DB_PASSWORD", "value": PLANTED}]}, "password": PLANTED}
    site = Resource(
        "urn:pulumi:dev::shop::azure-native:web:WebApp::app", "azure-native:web:WebApp", inputs=given
    )
    assert [(one.name, one.place.kind) for one in values_of(site)] == [
        ("DB_PASSWORD", "setting"),
        ("password", "property"),
    ]
    kept = Resource("x::db", "azure-native:keyvault:Secret", inputs={"properties": {"value": PLANTED}})
    assert [one.place.is_kept for one in values_of(kept)] == [True]
    elsewhere = Resource("x::db", "random:index/randomPassword:RandomPassword", inputs={"password": PLANTED})
    assert list(values_of(elsewhere)) == []


def test_a_document_in_a_circle_of_its_own_depth_ends() -> None:
    deep: dict[str, Any] = {"password": PLANTED}
    for _ in range(5_000):
        deep = {"in": deep}
    given = Resource("x::deep", "azure-native:network:VpnSite", inputs=deep)
    assert list(values_of(given)) == []
