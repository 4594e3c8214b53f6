"""Defaults of Cosmos DB accounts."""

from collections.abc import Mapping
from typing import Final

from pulumi_azure_native import cosmosdb

from components import CosmosAccount
from tests.unit.reference.stated import IN_GROUP, Decision, Stated, names

_TESTS: Final = "test_cosmos_account.py"
_NO_KEY: Final = f"{_TESTS}::test_an_account_has_no_key_that_opens_it"
_ALL: Final = f"{_TESTS}::test_an_account_is_created_with_these_inputs_and_no_others"
_NETWORKS: Final = (
    "public_network_access",
    "allowed_ip_ranges",
    "allowed_subnet_ids",
    "private_endpoint_subnet_id",
)
_RULED: Final = f"{_TESTS}::test_who_is_named_may_call_the_account_and_nobody_else"

OF_COSMOS: Final[Mapping[str, Stated]] = {
    "cosmosdb:DatabaseAccount": Stated(
        CosmosAccount,
        {**IN_GROUP, "location": "westeurope"},
        lambda: cosmosdb.DatabaseAccount(
            "bare",
            account_name="bare",
            database_account_offer_type=cosmosdb.DatabaseAccountOfferType.STANDARD,
            locations=[],
            resource_group_name="rg",
        ),
        {
            "disableLocalAuth": Decision("No key opens it.", _NO_KEY),
            "disableKeyBasedMetadataWriteAccess": Decision(
                "No key changes databases and containers, should keys ever be on.", _NO_KEY
            ),
            "minimalTlsVersion": Decision("TLS 1.2 or newer.", _ALL),
            "publicNetworkAccess": Decision(
                "Open to every network until something is said; a token and a role are asked for either way.",
                f"{_TESTS}::test_with_a_private_endpoint_alone_an_account_has_no_public_address",
                _NETWORKS,
            ),
            "ipRules": Decision("All rules are sent, so one that is taken out is gone.", _RULED, _NETWORKS),
            "isVirtualNetworkFilterEnabled": Decision(
                "Subnets are asked for where some are named.", _RULED, _NETWORKS
            ),
            "virtualNetworkRules": Decision(
                "All rules are sent, so one that is taken out is gone.", _RULED, _NETWORKS
            ),
            "networkAclBypass": Decision("No service of Azure's passes the rules by.", _RULED),
            "backupPolicy.type": Decision(
                "It can be brought back to any moment of a week.",
                f"{_TESTS}::test_to_when_an_account_can_be_brought_back_is_a_choice",
                ("backup",),
            ),
        },
        names(
            "accountName backupPolicy.continuousModeProperties.tier capabilities createMode"
            " consistencyPolicy.defaultConsistencyLevel databaseAccountOfferType kind location locations"
        ),
    ),
    "cosmosdb:SqlResourceSqlDatabase": Stated(
        CosmosAccount,
        {**IN_GROUP, "location": "westeurope", "databases": ["shop"]},
        lambda: cosmosdb.SqlResourceSqlDatabase(
            "bare",
            account_name="bare",
            database_name="bare",
            resource={"id": "bare"},
            resource_group_name="rg",
        ),
        {},
        names("accountName databaseName resource.id"),
    ),
}
