"""The small facts: namespaces, words, private links, logs, audiences, types."""

import pytest

from components.azure_facts.audiences import Service, account_hosts, audience, audiences
from components.azure_facts.clouds import CHINA, CLOUDS, PUBLIC, US_GOVERNMENT
from components.azure_facts.log_categories import categories_of
from components.azure_facts.namespaces import is_always_registered, namespace_of, to_register
from components.azure_facts.private_links import groups_of, zone_of
from components.azure_facts.resource_types import arm_type, name_input
from components.azure_facts.roles import built_in_roles
from components.azure_facts.token_issuers import usual_audience, workload
from components.azure_facts.words import plural, types_in_words, word
from components.references import is_guid


@pytest.mark.parametrize(
    ("module", "namespace"),
    [
        ("keyvault", "Microsoft.KeyVault"),
        ("applicationinsights", "Microsoft.Insights"),
        ("monitor", "Microsoft.Insights"),
        ("privatedns", "Microsoft.Network"),
        ("cosmosdb", "Microsoft.DocumentDB"),
        ("web/v20241101", "Microsoft.Web"),
    ],
)
def test_a_module_has_its_namespace_with_and_without_an_api_version(module: str, namespace: str) -> None:
    assert namespace_of(module) == namespace


def test_a_module_that_is_not_known_is_said_to_be() -> None:
    with pytest.raises(LookupError, match="module quite-new is in none of the namespaces"):
        namespace_of("quite-new")
    assert to_register("quite-new") is None


def test_what_every_subscription_has_registered_is_nobodys_task() -> None:
    assert is_always_registered("microsoft.authorization")
    assert not is_always_registered("Microsoft.KeyVault")
    assert [to_register(module) for module in ("authorization", "resources", "web")] == [
        None,
        None,
        "Microsoft.Web",
    ]


def test_a_namespace_is_spelt_as_in_azures_own_roles() -> None:
    actions = (
        action
        for role in built_in_roles().values()
        for block in role.permissions
        for action in (*block.actions, *block.data_actions)
    )
    spelt = {action.partition("/")[0] for action in actions}
    modules = ("app", "appconfiguration", "eventhub", "keyvault", "servicebus", "sql", "storage", "web")
    assert {namespace_of(module) for module in modules} <= spelt


def test_a_type_has_its_word_in_any_case() -> None:
    assert word("Microsoft.KeyVault/vaults") == "key vault"
    assert word("microsoft.keyvault/VAULTS/secrets") == "secret"
    assert word("Microsoft.Quite/new") is None
    assert all(type_ == type_.lower() for type_ in types_in_words())


@pytest.mark.parametrize(
    ("noun", "several"),
    [
        ("key vault", "key vaults"),
        ("identity", "identities"),
        ("key", "keys"),
        ("Redis cache", "Redis caches"),
        ("Application Insights", "Application Insights"),
    ],
)
def test_a_word_has_its_plural(noun: str, several: str) -> None:
    assert plural(noun) == several


def test_a_private_link_has_its_groups_and_each_its_zone() -> None:
    assert groups_of("Microsoft.KeyVault/vaults") == ("vault",)
    assert set(groups_of("microsoft.storage/storageaccounts")) == {
        "blob",
        "dfs",
        "file",
        "queue",
        "table",
        "web",
    }
    assert groups_of("Microsoft.Quite/new") == ()
    assert zone_of("Microsoft.KeyVault/vaults", "vault") == "privatelink.vaultcore.azure.net"
    assert zone_of("Microsoft.Web/sites", "sites", CHINA) == "privatelink.chinacloudsites.cn"
    assert zone_of("Microsoft.Storage/storageAccounts", "queue", US_GOVERNMENT) == (
        "privatelink.queue.core.usgovcloudapi.net"
    )


def test_a_zone_that_is_not_known_is_said_to_be() -> None:
    with pytest.raises(LookupError, match=r"for blob of Microsoft\.KeyVault/vaults in AzureCloud"):
        zone_of("Microsoft.KeyVault/vaults", "blob")
    with pytest.raises(
        LookupError, match=r"for searchService of Microsoft\.Search/searchServices in AzureChina"
    ):
        zone_of("Microsoft.Search/searchServices", "searchService", CHINA)


def test_a_type_has_its_logs() -> None:
    assert categories_of("Microsoft.KeyVault/vaults") == {"AuditEvent", "AzurePolicyEvaluationDetails"}
    assert categories_of("microsoft.web/sites/slots") == categories_of("microsoft.web/sites") != frozenset()
    assert categories_of("Microsoft.Web/serverfarms") == frozenset()
    assert categories_of("Microsoft.Quite/new") == frozenset()


def test_a_token_is_asked_for_by_the_clouds_own_name() -> None:
    assert audience(Service.KEY_VAULT) == "https://vault.azure.net"
    assert [audience(Service.KEY_VAULT, cloud) for cloud in CLOUDS] == [
        "https://vault.azure.net",
        "https://vault.usgovcloudapi.net",
        "https://vault.azure.cn",
    ]
    assert {audience(Service.STORAGE, cloud) for cloud in CLOUDS} == {"https://storage.azure.com"}
    assert audiences(Service.RESOURCE_MANAGER) == (
        "https://management.azure.com",
        "https://management.core.windows.net",
    )
    assert ".blob.core.windows.net" in account_hosts()


def test_every_service_has_an_audience_in_the_public_cloud_and_none_ends_with_a_slash() -> None:
    for service in Service:
        for one in audiences(service, PUBLIC):
            assert one.startswith("https://") or (service is Service.KUBERNETES_SERVICE and is_guid(one))
            assert not one.endswith("/")
    with pytest.raises(LookupError, match="no audience is known for redis in AzureChinaCloud"):
        audience(Service.REDIS, CHINA)


def test_a_type_of_azure_native_has_its_type_in_resource_manager() -> None:
    assert arm_type("keyvault:Vault") == "Microsoft.KeyVault/vaults"
    assert name_input("keyvault:Vault") == "vaultName"
    assert (arm_type("quite:New"), name_input("quite:New")) == (None, None)


def test_a_workload_is_called_by_who_signs_its_token_or_by_its_subject() -> None:
    assert usual_audience() == "api://AzureADTokenExchange"
    assert workload("https://token.actions.githubusercontent.com/acme", "repo:a/b") == "GitHub workload"
    assert workload("https://x.example", "system:serviceaccount:shop:web") == "Kubernetes workload"
    assert workload("https://x.example", "repo:a/b") == "workload"
