"""Defaults of configuration stores, AI accounts and search services."""

from collections.abc import Mapping
from typing import Final

from pulumi_azure_native import appconfiguration, cognitiveservices, search

from components import AiServices, AppConfiguration, SearchService
from tests.unit.reference.stated import IN_GROUP, Decision, Stated, names

_STORE, _AI, _SEARCH = "test_app_configuration.py", "test_ai_services.py", "test_search_service.py"
_OPEN: Final = "Open to every network until something is said; a token and a role are asked for either way."
_PATHS: Final = ("public_network_access", "private_endpoint_subnet_id")

OF_SERVICES: Final[Mapping[str, Stated]] = {
    "appconfiguration:ConfigurationStore": Stated(
        AppConfiguration,
        IN_GROUP,
        lambda: appconfiguration.ConfigurationStore(
            "bare", config_store_name="bare", resource_group_name="rg", sku={"name": "standard"}
        ),
        {
            "dataPlaneProxy.authenticationMode": Decision(
                "Resource Manager writes values as whoever deploys, and not with a key.",
                f"{_STORE}::test_who_deploys_writes_values_by_a_role_and_not_by_a_key",
            ),
            "dataPlaneProxy.privateLinkDelegation": Decision(
                "Private links of Resource Manager lead nowhere.",
                f"{_STORE}::test_a_store_is_created_with_these_inputs_and_no_others",
            ),
            "disableLocalAuth": Decision(
                "No key opens it.", f"{_STORE}::test_a_store_has_no_key_that_opens_it"
            ),
            "enablePurgeProtection": Decision(
                "Nobody purges a deleted store before its retention ends, where the tier keeps one.",
                f"{_STORE}::test_nobody_purges_a_deleted_store_where_the_tier_keeps_one",
                ("purge_protection", "tier"),
            ),
            "publicNetworkAccess": Decision(
                _OPEN,
                f"{_STORE}::test_a_store_is_reached_by_its_private_endpoint_alone_where_it_has_one",
                _PATHS,
            ),
            "softDeleteRetentionInDays": Decision(
                "Seven days in which a deleted store can be recovered, the most there is.",
                f"{_STORE}::test_nobody_purges_a_deleted_store_where_the_tier_keeps_one",
                ("tier",),
            ),
        },
        names("configStoreName sku.name"),
    ),
    "cognitiveservices:Account": Stated(
        AiServices,
        IN_GROUP,
        lambda: cognitiveservices.Account("bare", account_name="bare", resource_group_name="rg"),
        {
            "properties.customSubDomainName": Decision(
                "Tokens of Entra are taken, which without a subdomain open nothing.",
                f"{_AI}::test_an_account_has_a_subdomain_of_its_own_without_which_tokens_open_nothing",
            ),
            "properties.disableLocalAuth": Decision(
                "No key opens it.", f"{_AI}::test_an_account_has_no_key_that_opens_it"
            ),
            "properties.networkAcls.defaultAction": Decision(
                _OPEN,
                f"{_AI}::test_an_account_is_open_to_every_network_unless_something_is_said",
                ("allowed_ip_ranges", "allowed_subnet_ids", *_PATHS),
            ),
            "properties.publicNetworkAccess": Decision(
                _OPEN,
                f"{_AI}::test_a_private_endpoint_has_its_records_in_the_zones_of_all_its_domains",
                _PATHS,
            ),
        },
        names(
            "accountName kind properties.networkAcls.ipRules properties.networkAcls.virtualNetworkRules"
            " sku.name"
        ),
    ),
    "search:Service": Stated(
        SearchService,
        IN_GROUP,
        lambda: search.Service("bare", search_service_name="bare", resource_group_name="rg"),
        {
            "disableLocalAuth": Decision(
                "No key opens it, and no options let one in.",
                f"{_SEARCH}::test_a_service_has_no_key_that_opens_it_and_no_options_that_let_one_in",
            ),
            "networkRuleSet.bypass": Decision(
                "Azure's own services are let in by the rules like everybody else.",
                f"{_SEARCH}::test_a_service_is_created_with_these_inputs_and_no_others",
            ),
            "publicNetworkAccess": Decision(
                _OPEN,
                f"{_SEARCH}::test_a_service_is_open_to_every_network_unless_something_is_said",
                ("allowed_ip_ranges", *_PATHS),
            ),
        },
        names("hostingMode networkRuleSet.ipRules partitionCount replicaCount searchServiceName sku.name"),
    ),
}
