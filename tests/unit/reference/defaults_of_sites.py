"""Defaults of sites, of what they report to, and of grants."""

from collections.abc import Mapping
from typing import Final

from pulumi_azure_native import applicationinsights, authorization, web

from components import AccessGrant, WebApp
from tests.unit.components.answering_azure import ENDPOINT, PRINCIPAL, VAULT, WORKSPACE
from tests.unit.reference.stated import IN_GROUP, Decision, Stated, names

_SECRET: Final = {"secrets": {"DB": "db"}, "vault_id": VAULT, "vault_endpoint": ENDPOINT}
_APP, _NETWORK = "test_web_app.py", "test_web_app_network.py"
_INSIGHTS: Final = "test_web_app_observability.py"
_TLS: Final = f"{_APP}::test_nothing_below_tls_1_2_is_answered_by_site_and_deployment_site"
_PASSWORDS: Final = f"{_APP}::test_basic_publishing_credentials_are_off_for_both_ways_of_publishing"
_SITE: Final = {
    "httpsOnly": Decision("Only HTTPS is answered.", f"{_APP}::test_only_https_is_answered"),
    "identity.type": Decision(
        "The app runs as an identity of its own, which is let in before it starts.",
        "test_web_app_identity.py::test_the_identity_is_user_assigned_unless_told_otherwise",
        ("identity", "identity_id"),
    ),
    "keyVaultReferenceIdentity": Decision(
        "References are read with that identity and no other.",
        "test_web_app_identity.py::test_the_reference_identity_is_always_attached",
    ),
    "publicNetworkAccess": Decision(
        "The app has a public address unless it is closed.",
        f"{_NETWORK}::test_an_app_is_in_no_network_and_open_to_all_unless_something_is_said",
        ("public_network_access", "private_endpoint_subnet_id", "allowed_ip_ranges"),
    ),
    "siteConfig.ftpsState": Decision("No FTP.", f"{_APP}::test_ftp_is_off"),
    "siteConfig.http20Enabled": Decision("HTTP/2.", f"{_APP}::test_http_2_is_on"),
    "siteConfig.minTlsVersion": Decision("TLS 1.2 or newer for the app.", _TLS),
    "siteConfig.remoteDebuggingEnabled": Decision(
        "No remote debugging.", f"{_APP}::test_remote_debugging_is_off"
    ),
    "siteConfig.scmMinTlsVersion": Decision("TLS 1.2 or newer for the deployment site.", _TLS),
}
_OF_A_SITE: Final = names(
    "clientAffinityEnabled hyperV isXenon kind reserved scmSiteAlsoStopped serverFarmId"
    " identity.userAssignedIdentities siteConfig.alwaysOn siteConfig.linuxFxVersion"
    " siteConfig.localMySqlEnabled siteConfig.netFrameworkVersion"
)


OF_SITES: Final[Mapping[str, Stated]] = {
    "web:WebApp": Stated(
        WebApp, {**IN_GROUP, **_SECRET},
        lambda: web.WebApp("bare", resource_group_name="rg"), _SITE, _OF_A_SITE,
    ),
    "web:WebAppFtpAllowed": Stated(
        WebApp, IN_GROUP,
        None,
        {"allow": Decision("No user name and password for FTP.", _PASSWORDS)}, names(""),
    ),
    "web:WebAppScmAllowed": Stated(
        WebApp, IN_GROUP,
        None,
        {"allow": Decision("No user name and password for the deployment site.", _PASSWORDS)}, names(""),
    ),
    "authorization:RoleAssignment": Stated(
        AccessGrant, {"principal_id": PRINCIPAL, "scope_id": VAULT, "role": "Key Vault Secrets User"},
        lambda: authorization.RoleAssignment(
            "bare", principal_id=PRINCIPAL, role_definition_id="/providers/x", scope=VAULT
        ),
        {
            "principalType": Decision(
                "A grant says that it is for an identity; the SDK's default is a person.",
                "test_access_grant.py::test_every_grant_to_an_identity_states_that_it_is_a_service_principal",
                ("principal_type",),
            ),
            "description": Decision(
                "A grant says in words who may do what, and who made it.",
                "test_access_grant.py::test_the_description_says_who_made_the_grant",
                ("granted_by", "principal_name"),
            ),
        },
        names("principalId roleAssignmentName roleDefinitionId scope"),
    ),
    "applicationinsights:Component": Stated(
        WebApp, {**IN_GROUP, "application_insights_workspace_id": WORKSPACE},
        lambda: applicationinsights.Component("bare", kind="web", resource_group_name="rg"),
        {
            "disableLocalAuth": Decision(
                "No key sends telemetry.",
                f"{_INSIGHTS}::test_application_insights_is_created_for_tokens_only",
            ),
            **{
                f"publicNetworkAccessFor{what}": Decision(
                    f"It has a public address for {words}; whoever calls needs a token and a role.",
                    f"{_INSIGHTS}::test_application_insights_is_created_for_tokens_only",
                )
                for what, words in (("Ingestion", "telemetry"), ("Query", "queries"))
            },
        },
        names("applicationType flowType ingestionMode kind requestSource workspaceResourceId"),
    ),
}  # fmt: skip
