"""What is said of each change of team.py."""

from collections.abc import Mapping
from typing import Final

from tests.scenarios.facts import CLEAN, READS, SEES, WRITES, Facts

APP, VAULT, DATA = "identity app", "key vault team", "storage account data"
DEVELOPERS, ON_CALL = (f"group 10ca1a2e-0000-4000-8000-0000000000f{number}" for number in (1, 2))
FACTS: Final[Mapping[str, Facts]] = {
    "condition_removed": Facts(
        f"1 update. Grants: 0 added, 1 widened, 0 removed; {CLEAN}; 1 exposure opened.",
        grants=(("widened", APP, "Storage Blob Data Reader", DATA),),
        exposures=("authorization:RoleAssignment app-reports: version of the condition 2.0 → none",),
        conditions=("wider-access", "public-exposure"),
    ),
    "cors_for_everybody": Facts(
        f"1 update. No grant changes; {CLEAN}; 1 exposure opened.",
        exposures=("app app: sites whose scripts may call it https://team.example → *",),
        conditions=("public-exposure",),
    ),
    "custom_role_widened": Facts(
        f"1 update. Grants: 0 added, 1 widened, 0 removed; {CLEAN}; 1 exposure opened.",
        grants=(("widened", DEVELOPERS, "Stocktaker", DATA),),
        exposures=(
            "authorization:RoleDefinition stocktaker: what the role allows "
            "1 action → read the keys of storage accounts",
        ),
        conditions=("wider-access", "public-exposure"),
    ),
    "deployment_opened": Facts(
        f"1 update. No grant changes; {CLEAN}; 2 exposures opened.",
        exposures=(
            "app app: addresses let in to the deployment site none → 0.0.0.0/0, ::/0",
            "app app: rule of the deployment site for every other address Deny → Allow",
        ),
        conditions=("public-exposure",),
    ),
    "first_deployment_in_azure_native": Facts(
        f"22 creates. Grants: 6 added, 0 removed; {CLEAN}; 9 exposures opened.",
        grants=(
            ("added", DEVELOPERS, "Contributor", "resource group team"),
            ("added", DEVELOPERS, "Stocktaker", DATA),
            ("added", "group on-call", SEES, VAULT),
            ("added", APP, READS, VAULT),
            ("added", APP, "Reader", "resource group team"),
            ("added", APP, "Storage Blob Data Reader", DATA),
        ),
        exposures=(
            "authorization:RoleDefinition stocktaker: where the role may be given known only by the update",
            "key vault team: rule for every network Allow",
            "monitor:DiagnosticSetting vault: workspace that gets the logs known only by the update",
            "Log Analytics workspace team: Entra authentication only off",
            "Log Analytics workspace team: public network access for what is sent Enabled",
            "Log Analytics workspace team: public network access for reading Enabled",
            "storage account data: public network access Enabled",
            "app app: public network access Enabled",
            "app app: sites whose scripts may call it https://team.example",
        ),
        conditions=("wider-access", "public-exposure"),
    ),
    "image_changed": Facts(
        f"1 update. No grant changes; {CLEAN}; 1 source of code changed.",
        exposures=(
            "app app: image or runtime DOCKER|team.azurecr.io/app:1 → DOCKER|somebody.azurecr.io/app:1",
        ),
        conditions=("changed-code",),
    ),
    "imported_identity": Facts(
        f"1 create, 1 import. Grants: 1 added, 0 removed; {CLEAN}.",
        grants=(("added", "identity reports", READS, VAULT),),
        conditions=("wider-access",),
    ),
    "kept_grant_removed": Facts(
        f"1 left in Azure. No grant changes; {CLEAN}; 1 authorization:RoleAssignment left behind.",
        events=(
            "authorization:RoleAssignment app-watches stays in Azure as it is, "
            "and no stack looks after it any more",
        ),
    ),
    "lock_deleted": Facts(
        f"1 delete. No grant changes; {CLEAN}; 1 protection taken away.",
        events=("protection vault a lock is taken away",),
        conditions=("removed-protection",),
    ),
    "logs_switched_off": Facts(
        f"1 delete. No grant changes; {CLEAN}; 1 monitor:DiagnosticSetting deleted.",
        events=("monitor:DiagnosticSetting vault is deleted; what happens to it is kept no more",),
        conditions=("removed-protection",),
    ),
    "not_weighed": Facts(
        "1 create. 1 change not weighed, to be read; No grant changes in what was weighed.",
        unweighed=("create pulumi:index:Stash notes",),
        conditions=("not-weighed",),
    ),
    "one_target": Facts(
        f"1 create, 1 not made, as the run names others. Grants: 1 added, 0 removed; {CLEAN}.",
        grants=(("added", ON_CALL, WRITES, VAULT),),
        conditions=("wider-access",),
    ),
    "other_principal": Facts(
        f"1 replacement. Grants: 1 added, 1 removed; {CLEAN}.",
        grants=(("added", "group on-call", SEES, VAULT), ("removed", "group on-call", SEES, VAULT)),
        conditions=("wider-access",),
    ),
    "publishing_opened": Facts(
        f"1 delete. No grant changes; {CLEAN}; 1 web:WebAppScmAllowed deleted.",
        events=(
            "web:WebAppScmAllowed app is deleted; user name and password are taken for deployment again",
        ),
        conditions=("removed-protection",),
    ),
    "reference_to_another_vault": Facts(
        f"1 update. No grant changes; {CLEAN}; 1 reference to another vault."
    ),
    "role_that_gives_roles": Facts(
        f"1 update. Grants: 1 added, 1 removed; {CLEAN}.",
        grants=(
            ("added", DEVELOPERS, "Role Based Access Control Administrator", "resource group team"),
            ("removed", DEVELOPERS, "Contributor", "resource group team"),
        ),
        conditions=("wider-access",),
    ),
    "role_that_leads_to_more": Facts(
        f"1 create. Grants: 1 added, 0 removed; {CLEAN}.",
        grants=(("added", APP, "Key Vault Contributor", VAULT),),
        conditions=("wider-access",),
    ),
    "second_host": Facts(
        f"1 create. No grant changes; {CLEAN}; 1 identity with another host.",
        hosts=("admin as app",),
        conditions=("wider-access",),
    ),
    "setting_in_clear": Facts(
        "1 update. No grant changes; 1 secret value now in clear.",
        secrets_in_clear=("LEGACY_PASSWORD of app",),
        conditions=("public-exposure",),
    ),
    "sign_in_switched_off": Facts(
        f"1 update. No grant changes; {CLEAN}; 1 exposure opened.",
        exposures=("web:WebAppAuthSettingsV2 app: sign-in on → off",),
        conditions=("public-exposure",),
    ),
    "start_up_command_changed": Facts(
        f"1 update. No grant changes; {CLEAN}; 1 source of code changed.",
        exposures=("app app: start-up command run → run --with-a-shell",),
        conditions=("changed-code",),
    ),
    "storage_opened": Facts(
        f"2 updates. No grant changes; {CLEAN}; 3 exposures opened.",
        exposures=(
            "container reports: blobs open to everybody None → Blob",
            "storage account data: blobs open to everybody off → on",
            "storage account data: rule for every network Deny → Allow",
        ),
        conditions=("public-exposure",),
    ),
    "unknown_scope": Facts(
        f"2 creates. Grants: 1 added, 0 removed; {CLEAN}.",
        grants=(
            (
                "added",
                APP,
                READS,
                "scope that only the update will know, "
                "made from random:index/randomId:RandomId archive and resource group team",
            ),
        ),
        conditions=("wider-access",),
    ),
}
