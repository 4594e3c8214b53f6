"""Rules on container apps, jobs, their environments and container groups, and on what code runs as."""

from typing import Any

import pytest

from policy.rules.containers import RULES as OF_CONTAINERS
from policy.rules.hosts import RULES as OF_HOSTS
from tests.unit.policy.judged import GROUP, UNKNOWN, Given, findings, judge

KEYS, TLS, ASKS = "containers-no-keys", "container-app-tls-only", "container-app-asks-who"
ENVIRONMENT, ADDRESS = "container-environment-network-closed", "container-group-no-public-address"
IDENTITY, LIMIT = "host-has-identity", "federated-credentials-within-limit"
RETURNS: dict[str, Any] = {
    "platform": {"enabled": True},
    "globalValidation": {"unauthenticatedClientAction": "Return401"},
}


def app(**ingress: Any) -> Given:
    inputs = {"containerAppName": "ca-shop", "configuration": {"ingress": ingress}}
    return Given("app:ContainerApp", "shop", inputs)


def pulls(type_: str, **credential: Any) -> Given:
    return Given(type_, "shop", {"configuration": {"registries": [{"server": "s.azurecr.io", **credential}]}})


def group(**inputs: Any) -> Given:
    return Given("containerinstance:ContainerGroup", "group", inputs)


def environment(**inputs: Any) -> Given:
    return Given("app:ManagedEnvironment", "env", inputs)


def mount(**azure_file: Any) -> Given:
    return Given("app:ManagedEnvironmentsStorage", "share", {"properties": {"azureFile": azure_file}})


def logs(**workspace: Any) -> Given:
    return environment(appLogsConfiguration={"logAnalyticsConfiguration": workspace})


@pytest.mark.parametrize(
    ("rule", "wrong", "says"),
    [
        (
            KEYS,
            pulls("app:ContainerApp", passwordSecretRef="registry"),
            "container app shop holds a key: configuration.registries[].passwordSecretRef is given.",
        ),
        (
            KEYS,
            pulls("app:Job", passwordSecretRef=UNKNOWN),
            "container job shop holds a key: configuration.registries[].passwordSecretRef is given.",
        ),
        (
            KEYS,
            logs(sharedKey="k"),
            "container apps environment env holds a key: "
            "appLogsConfiguration.logAnalyticsConfiguration.sharedKey is given.",
        ),
        (
            KEYS,
            mount(accountKey="k"),
            "app:ManagedEnvironmentsStorage share holds a key: properties.azureFile.accountKey is given.",
        ),
        (
            KEYS,
            group(imageRegistryCredentials=[{"server": "s", "username": "u", "password": "p"}]),
            "container group group holds a key: imageRegistryCredentials[].password is given.",
        ),
        (
            KEYS,
            group(volumes=[{"name": "v", "azureFile": {"shareName": "s", "storageAccountKey": "k"}}]),
            "container group group holds a key: volumes[].azureFile.storageAccountKey is given.",
        ),
        (
            TLS,
            app(allowInsecure=True),
            "container app shop answers without TLS: configuration.ingress.allowInsecure is true.",
        ),
        (ENVIRONMENT, environment(), "container apps environment env answers every network."),
        (
            ENVIRONMENT,
            environment(publicNetworkAccess="Enabled", vnetConfiguration={"internal": False}),
            "container apps environment env answers every network.",
        ),
        (ADDRESS, group(ipAddress={"type": "Public"}), "container group group has a public address."),
        (IDENTITY, group(), "container group group has no managed identity."),
        (IDENTITY, app(), "container app shop has no managed identity."),
        (
            IDENTITY,
            Given("compute:VirtualMachine", "vm", {"identity": {"type": "None"}}),
            "virtual machine vm has no managed identity.",
        ),
    ],
)
def test_a_host_of_containers_that_stands_open_or_holds_a_key_is_told(
    rule: str, wrong: Given, says: str
) -> None:
    assert findings(rule, wrong) == [says]


@pytest.mark.parametrize(
    ("rule", "right"),
    [
        (KEYS, pulls("app:ContainerApp", identity="system")),
        (KEYS, Given("app:Job", "job", {"configuration": {"registries": UNKNOWN}})),
        (KEYS, Given("app:Job", "job", {"configuration": UNKNOWN})),
        (KEYS, logs(customerId="c")),
        (KEYS, Given("app:ManagedEnvironmentsStorage", "nfs", {"properties": {"nfsAzureFile": {}}})),
        (KEYS, group(imageRegistryCredentials=[{"server": "s", "identity": "/id"}])),
        (KEYS, group(volumes=[{"name": "v", "emptyDir": {}}])),
        (TLS, app(allowInsecure=False)),
        (TLS, app()),
        (TLS, app(allowInsecure=UNKNOWN)),
        (ENVIRONMENT, environment(publicNetworkAccess="Disabled")),
        (ENVIRONMENT, environment(vnetConfiguration={"internal": True})),
        (ENVIRONMENT, environment(vnetConfiguration=UNKNOWN)),
        (ADDRESS, group(ipAddress={"type": "Private"})),
        (ADDRESS, group()),
        (IDENTITY, group(identity={"type": "UserAssigned"})),
        (IDENTITY, group(identity={"type": "SystemAssigned"})),
        (IDENTITY, group(identity=UNKNOWN)),
    ],
)
def test_a_host_of_containers_that_is_closed_and_keyless_breaks_no_rule(rule: str, right: Given) -> None:
    assert judge(rule, right) == []


def signed_in(**changed: Any) -> Given:
    return Given("app:ContainerAppsAuthConfig", "auth", {"containerAppName": "ca-shop", **RETURNS, **changed})


ASKS_NOBODY = "container app shop answers everybody, and asks nobody who they are."


@pytest.mark.parametrize(
    "given",
    [
        [app(external=True)],
        [app(external=True, clientCertificateMode="accept")],
        [app(external=True, ipSecurityRestrictions=[])],
        [app(external=True, ipSecurityRestrictions=[{"action": "Deny", "ipAddressRange": "192.0.2.0/24"}])],
        [app(external=True), signed_in(platform={"enabled": False})],
        [app(external=True), signed_in(platform={})],
        [app(external=True), signed_in(globalValidation={"unauthenticatedClientAction": "AllowAnonymous"})],
        [app(external=True), signed_in(containerAppName="ca-other")],
    ],
)
def test_an_app_that_everybody_reaches_and_that_asks_nobody_is_told(given: list[Given]) -> None:
    assert [name for name, _ in judge(ASKS, *given)] == ["shop"]
    assert findings(ASKS, *given) == [ASKS_NOBODY]


@pytest.mark.parametrize(
    "given",
    [
        [app()],
        [app(external=False)],
        [app(external=UNKNOWN)],
        [app(external=True, clientCertificateMode="require")],
        [app(external=True, ipSecurityRestrictions=[{"action": "Allow", "ipAddressRange": "192.0.2.0/24"}])],
        [app(external=True, ipSecurityRestrictions=UNKNOWN)],
        [app(external=True), signed_in()],
        [app(external=True), signed_in(platform=UNKNOWN)],
        [app(external=True), signed_in(containerAppName=UNKNOWN)],
    ],
)
def test_an_app_that_few_reach_or_that_asks_who_they_are_breaks_no_rule(given: list[Given]) -> None:
    assert judge(ASKS, *given) == []


def test_sign_in_belongs_to_the_app_that_its_name_is_made_from() -> None:
    own = app(external=True)
    made_from = Given(
        "app:ContainerAppsAuthConfig",
        "auth",
        {**RETURNS, "containerAppName": UNKNOWN},
        {"containerAppName": [own]},
    )
    assert judge(ASKS, own, made_from) == []


SHARED = Given("managedidentity:UserAssignedIdentity", "shared", {"resourceName": "id-shared"})
NEW = Given("managedidentity:UserAssignedIdentity", "new", {"resourceName": UNKNOWN})


def credentials(count: int, resource_name: Any = "id-shared", *made_from: Given) -> list[Given]:
    given = {"resourceGroupName": "rg", "resourceName": resource_name, "issuer": "https://issuer.example"}
    follows = {"resourceName": list(made_from)}
    type_ = "managedidentity:FederatedIdentityCredential"
    return [Given(type_, f"{resource_name}-{number}", given, follows) for number in range(count)]


def test_more_credentials_than_an_identity_takes_are_told_once_with_their_count() -> None:
    says = "identity shared has 21 federated credentials, and Azure takes 20."
    assert findings(LIMIT, SHARED, *credentials(21)) == [says]
    new = findings(LIMIT, NEW, *credentials(21, UNKNOWN, NEW))
    assert new == [says.replace("shared", "new")]
    elsewhere = findings(LIMIT, *credentials(22, "id-elsewhere"))
    assert elsewhere == ["identity id-elsewhere has 22 federated credentials, and Azure takes 20."]


def test_credentials_of_several_identities_do_not_count_together() -> None:
    assert judge(LIMIT, SHARED, NEW, *credentials(20), *credentials(20, UNKNOWN, NEW)) == []
    assert judge(LIMIT, *credentials(21, UNKNOWN)) == []


def test_credentials_of_the_azure_provider_count_with_them() -> None:
    type_ = "azure:armmsi/federatedIdentityCredential:FederatedIdentityCredential"
    id = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-shared"
    classic = [Given(type_, f"classic-{n}", {"parentId": id}, {"parentId": [SHARED]}) for n in range(11)]
    says = "identity shared has 21 federated credentials, and Azure takes 20."
    assert findings(LIMIT, SHARED, *credentials(10), *classic) == [says]


def test_every_rule_of_these_files_has_a_case_that_breaks_it_above() -> None:
    ids = {rule.id for rule in (*OF_CONTAINERS, *OF_HOSTS)}
    assert ids == {KEYS, TLS, ASKS, ENVIRONMENT, ADDRESS, IDENTITY, LIMIT}
