"""The policy pack in the real engine: our own program passes, and bad programs are refused in words."""

import json
from pathlib import Path

import pytest

from local_azure.server import LocalAzure
from loop.preview import policy_options
from loop.stack import EngineError
from tests.attached import AttachedEngine
from tests.engine.conftest import Loop
from tests.engine.findings import told
from tests.engine.given_program import given_program
from toolchain.paths import ROOT

POLICY = policy_options(ROOT)
WITHOUT_WAIVERS = POLICY[:2]
PLANTED = "planted" + "-" + "password"
WAIVED = {
    "vault-network-closed: vault keyless answers every network",
    "vault-purge-protection: vault keyless can be purged, and its secrets with it",
}
PROGRAM = """
import json
from pathlib import Path
from pulumi import Output
from pulumi_azure_native import authorization, keyvault, managedidentity, resources, web

bad = set(json.loads((Path(__file__).parent / "bad.json").read_text()))
client = authorization.get_client_config()
tenant, subscription = client.tenant_id, f"/subscriptions/{client.subscription_id}"
group = resources.ResourceGroup("shop", location="westeurope", tags={"environment": "test"})
tags = {} if "tags" in bad else {"environment": "test"}
place = {"resource_group_name": group.name, "location": "westeurope", "tags": tags}
vault = keyvault.Vault(
    "shop",
    properties=keyvault.VaultPropertiesArgs(
        enable_purge_protection=None if "purge" in bad else True,
        enable_rbac_authorization="roles" not in bad,
        public_network_access="Enabled" if "network" in bad else "Disabled",
        sku=keyvault.SkuArgs(family="A", name="standard"),
        tenant_id=tenant,
    ),
    vault_name="kv-policy-test",
    **place,
)
identity = managedidentity.UserAssignedIdentity("shop", **place)
plan = web.AppServicePlan("shop", kind="linux", reserved=True, sku=web.SkuDescriptionArgs(name="B1"), **place)
if "grant" not in bad:
    grant = authorization.RoleAssignment(
        "shop",
        principal_id=identity.principal_id,
        principal_type="User" if "kind" in bad else "ServicePrincipal",
        role_definition_id=vault.id.apply(lambda id: "/".join(id.split("/")[:3]) + "/providers/"
            "Microsoft.Authorization/roleDefinitions/4633458b-17de-408a-b874-0445c86b69e6"),
        scope=vault.id,
    )
if "broad" in bad:
    contributor = "/providers/Microsoft.Authorization/roleDefinitions/b24988ac-6180-42a0-ab88-20f7382dd24c"
    authorization.RoleAssignment(
        "broad",
        principal_id=identity.principal_id,
        principal_type="ServicePrincipal",
        role_definition_id=contributor,
        scope=group.id,
    )
if "wide" in bad:
    reader = "/providers/Microsoft.Authorization/roleDefinitions/4633458b-17de-408a-b874-0445c86b69e6"
    authorization.RoleAssignment(
        "wide",
        principal_id=identity.principal_id,
        principal_type="ServicePrincipal",
        role_definition_id=reader,
        scope=subscription,
    )
if "people" in bad:
    authorization.RoleAssignment(
        "people",
        principal_id="0b1ec700-0000-4000-8000-0000000000ff",
        principal_type="Group",
        role_definition_id="/providers/Microsoft.Authorization/roleDefinitions/8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
        scope=subscription,
    )
if "custom" in bad:
    authorization.RoleDefinition(
        "custom",
        assignable_scopes=[subscription],
        permissions=[authorization.PermissionArgs(actions=["*"], not_actions=["Microsoft.Authorization/*"])],
        role_name="Everything but roles",
        role_type="CustomRole",
        scope=subscription,
    )
if {"kept", "literal"} & bad:
    password = "PLANTED" if "literal" in bad else Output.secret("PLANTED")
    web.Certificate("certificate", password=password, server_farm_id=plan.id, **place)
    keyvault.Secret(
        "secret",
        properties=keyvault.SecretPropertiesArgs(value=password),
        resource_group_name=group.name,
        vault_name=vault.name,
    )
site = web.WebApp(
    "shop",
    https_only="http" not in bad,
    identity=web.ManagedServiceIdentityArgs(type="UserAssigned", user_assigned_identities=[identity.id]),
    key_vault_reference_identity="SystemAssigned" if "reader" in bad else identity.id,
    server_farm_id=plan.id,
    site_config=web.SiteConfigArgs(
        app_settings=[web.NameValuePairArgs(name="A", value="1")] if "owner" in bad else None,
        ftps_state="FtpsOnly" if "ftp" in bad else "Disabled",
        min_tls_version="1.2",
        scm_min_tls_version=None if "tls" in bad else "1.2",
    ),
    **place,
)
of_site = {"name": site.name, "resource_group_name": group.name}
if "basic" not in bad:
    web.WebAppFtpAllowed("shop", allow=False, **of_site)
    web.WebAppScmAllowed("shop", allow=False, **of_site)
properties = {
    "AZURE_CLIENT_ID": identity.principal_id if "client" in bad else identity.client_id,
    "DB": "@Microsoft.KeyVault(SecretUri=https://kv-policy-test.vault.azure.net/secrets/db)",
}
if "clear" in bad:
    properties["DB_PASSWORD"] = "PLANTED"
if "key" in bad:
    properties["AzureWebJobsStorage"] = "DefaultEndpointsProtocol=https;AccountName=st;AccountKey=PLANTED"
web.WebAppApplicationSettings("shop", properties=properties, **of_site)
""".replace("PLANTED", PLANTED)


def test_our_own_program_passes_with_no_rule_switched_off_and_tells_what_is_waived(loop: Loop) -> None:
    first = loop.stack.preview(*POLICY)
    update = loop.stack.up("--skip-preview", *POLICY)
    later = loop.stack.preview(*POLICY)
    for printed in (first, update, later):
        assert told(printed, "mandatory") == set()
        assert told(printed, "advisory") - {"api-version-retirement"} == {"waived"}
        assert {
            line.strip().partition(". Waived: ")[0] for line in printed.splitlines() if "Waived:" in line
        } == WAIVED
        assert "can't run policy" not in printed
    levels = json.loads(Path(POLICY[3]).read_text())
    assert [id for id, config in levels.items() if "enforcementLevel" in config] == []


def test_configuration_changes_what_a_rule_does_and_a_waiver_needs_a_reason(
    loop: Loop, tmp_path: Path
) -> None:
    file = tmp_path / "policy.json"
    changed = {"vault-network-closed": "advisory", "vault-purge-protection": "disabled"}
    file.write_text(json.dumps(changed))
    printed = loop.stack.preview(*POLICY[:3], str(file))
    assert told(printed, "mandatory") == set()
    assert told(printed, "advisory") - {"api-version-retirement"} == {"vault-network-closed"}

    file.write_text(json.dumps({"vault-network-closed": {"waivers": [{"resource": "*", "reason": "so"}]}}))
    with pytest.raises(EngineError) as refused:
        loop.stack.preview(*POLICY[:3], str(file))
    assert "vault-network-closed: waivers.0.reason: String length must be" in refused.value.output


def test_what_is_misspelt_in_the_configuration_is_refused_by_name(loop: Loop, tmp_path: Path) -> None:
    file = tmp_path / "policy.json"
    waiver = {"resource": "app", "reason": "For a reason.", "untill": "2027-01-31"}
    for given, says in (
        (
            {"vault-network-closd": "advisory"},
            "there is no rule `vault-network-closd`; did you mean `vault-network-closed`?",
        ),
        (
            {"network-not-everybody": {"largestShre": 0.5}},
            "`network-not-everybody`: there is no option `largestShre`; did you mean `largestShare`?",
        ),
        (
            {"site-no-ftp": {"waivers": [waiver]}},
            "`site-no-ftp`: waivers, entry 1: there is no `untill`; did you mean `until`?",
        ),
    ):
        file.write_text(json.dumps(given))
        with pytest.raises(EngineError) as refused:
            loop.stack.preview(*POLICY[:3], str(file))
        assert f"the configuration: {says}" in refused.value.output


class Raw(Loop):
    """A program on azure-native alone, with what a test calls bad in it."""

    def has(self, *bad: str) -> None:
        (self.stack.program / "bad.json").write_text(json.dumps(bad))

    def preview(self, *bad: str) -> str:
        self.has(*bad)
        return self.stack.preview(*WITHOUT_WAIVERS)

    def refused(self, *bad: str) -> str:
        with pytest.raises(EngineError) as refused:
            self.preview(*bad)
        return refused.value.output


@pytest.fixture
def raw(engine: AttachedEngine, cloud: LocalAzure, tmp_path: Path) -> Raw:
    return given_program(Raw, engine, cloud, tmp_path, PROGRAM)


def test_a_program_of_somebody_else_passes_when_it_is_good_and_is_refused_in_words_when_not(raw: Raw) -> None:
    good = raw.preview()
    assert told(good, "mandatory") == set()
    assert told(good, "advisory") - {"api-version-retirement"} == set()

    by_itself = raw.refused(
        *("purge", "roles", "network", "http", "ftp", "tls", "clear", "key", "custom", "tags")
    )
    assert told(by_itself, "mandatory") >= {
        "role-spelt-out",
        "setting-no-account-key",
        "vault-purge-protection",
        "vault-roles-only",
        "vault-network-closed",
        "site-https-only",
        "site-no-ftp",
        "site-tls-floor",
        "setting-no-secret-in-clear",
    }
    assert "required-tags" in told(by_itself, "advisory")
    assert "Next: Set properties.enablePurgeProtection to true" in by_itself
    assert "setting DB_PASSWORD of shop looks like a secret in clear" in by_itself
    assert "custom role custom allows actions *" in by_itself
    assert PLANTED not in by_itself

    together = raw.refused("reader", "basic", "kind", "owner", "broad", "wide", "people")
    assert told(together, "mandatory") == {
        "grant-data-role-scope",
        "grant-no-broad-role",
        "grant-no-standing-owner",
        "grant-principal-type",
        "reference-identity-attached",
        "settings-one-owner",
        "site-no-basic-publishing",
    }
    assert "role assignment broad gives Contributor to a workload" in together
    assert "role assignment people gives Owner, which may give roles, on all of /subscriptions/" in together
    assert "Next: Declare WebAppFtpAllowed and WebAppScmAllowed" in together

    ungranted = raw.refused("grant")
    assert told(ungranted, "mandatory") == {"reference-granted"}
    assert "no grant in this stack lets identity shop do so" in ungranted


def test_a_password_that_the_program_keeps_secret_is_told_from_one_that_stands_in_it(raw: Raw) -> None:
    assert told(raw.preview("kept"), "mandatory") == set()
    in_clear = raw.refused("literal")
    assert told(in_clear, "mandatory") == {"setting-no-secret-in-clear"}
    assert "property password of certificate is a secret in clear" in in_clear
    assert "property value of secret is a secret in clear" in in_clear
    assert PLANTED not in in_clear


def test_what_exists_is_judged_by_its_ids_in_later_previews(raw: Raw) -> None:
    raw.has()
    raw.stack.up("--skip-preview")
    assert told(raw.preview(), "mandatory") == set()
    assert told(raw.refused("grant", "client"), "mandatory") == {"client-id-attached", "reference-granted"}
    assert told(raw.refused("reader", "basic"), "mandatory") == {
        "reference-identity-attached",
        "site-no-basic-publishing",
    }
