"""Key Vault references in settings: what the app gets, what the status says, and when either changes."""

from collections.abc import Iterator

import pytest

from local_azure.app_service.references import find_references
from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure.app_service_stage import GREETING_APP, GROUP, SECRETS_USER, Json, Stage

DAY = 24 * 60 * 60


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with LocalAzure(begun(tmp_path_factory.mktemp("azure"))) as local:
        yield Stage(local)


def reference(vault: str, secret: str = "greeting", version: str | None = None) -> str:
    tail = f"/{version}" if version else ""
    return f"@Microsoft.KeyVault(SecretUri=https://{vault}.vault.azure.net/secrets/{secret}{tail})"


class Scene:
    """A site with an identity of its own, a vault with the secret `greeting`, and no grant yet."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.plan, self.site, self.vault = stage.plan(), stage.name("app"), stage.vault()
        self.version = stage.secret(self.vault, "greeting", "planted-one")
        site = stage.site(self.site, serverFarmId=self.plan, identity={"type": "SystemAssigned"})
        self.principal: str = site.identity.principal_id

    def grant(self) -> str:
        return self.stage.grant(self.vault, self.principal)

    def write(self, **settings: str) -> None:
        self.stage.settings(self.site, settings)

    def status(self) -> str | None:
        [status] = self.stage.statuses(self.site).values()
        return status

    def environment(self) -> dict[str, str]:
        """What the running app has."""
        return self.stage.get(self.site).json()

    def properties(self) -> Json:
        path = self.stage.id("Microsoft.Web/sites", f"{self.site}/config/configreferences/appsettings")
        [one] = self.stage.arm("GET", path)["value"]
        return one["properties"]


@pytest.fixture
def scene(stage: Stage) -> Scene:
    return Scene(stage)


def test_a_reference_is_resolved_with_the_sites_identity(scene: Scene) -> None:
    scene.grant()
    scene.write(GREETING=reference(scene.vault))
    assert scene.properties() == {
        "reference": reference(scene.vault),
        "status": "Resolved",
        "vaultName": scene.vault,
        "secretName": "greeting",
        "secretVersion": None,
        "activeVersion": scene.version,
        "identityType": {"type": "SystemAssigned"},
        "details": "Reference has been successfully resolved.",
        "source": "KeyVault",
    }
    one = scene.stage.web.web_apps.get_app_setting_key_vault_reference(GROUP, scene.site, "greeting")
    assert one.properties is not None
    assert one.properties.status == "Resolved"
    scene.stage.deploy(scene.site, {"app.py": GREETING_APP})
    assert scene.environment()["GREETING"] == "planted-one"


def test_an_unresolved_reference_is_reported_and_reaches_the_app_as_text(scene: Scene) -> None:
    """F1 and F6."""
    scene.write(GREETING=reference(scene.vault), COLOUR="green")
    assert scene.stage.statuses(scene.site) == {"GREETING": "AccessToKeyVaultDenied"}
    scene.stage.deploy(scene.site, {"app.py": GREETING_APP})
    assert scene.environment()["GREETING"] == reference(scene.vault)
    assert scene.environment()["COLOUR"] == "green"


def test_a_failure_stays_until_a_refresh(scene: Scene) -> None:
    """F2."""
    scene.write(GREETING=reference(scene.vault))
    scene.grant()
    assert scene.status() == "AccessToKeyVaultDenied"
    scene.stage.web.web_apps.restart(GROUP, scene.site)
    scene.stage.site(scene.site, serverFarmId=scene.plan, httpsOnly=True)
    assert scene.status() == "AccessToKeyVaultDenied"
    scene.stage.refresh(scene.site)
    assert scene.status() == "Resolved"


def test_a_failure_stays_until_settings_are_written(scene: Scene) -> None:
    """F2."""
    scene.write(GREETING=reference(scene.vault))
    scene.grant()
    scene.write(GREETING=reference(scene.vault))
    assert scene.status() == "Resolved"


def test_a_failure_stays_for_a_day(scene: Scene) -> None:
    """F2."""
    scene.write(GREETING=reference(scene.vault))
    scene.grant()
    scene.stage.advance(DAY - 60)
    assert scene.status() == "AccessToKeyVaultDenied"
    scene.stage.advance(60)
    assert scene.status() == "Resolved"


def test_revoking_the_grant_shows_after_a_refresh(scene: Scene) -> None:
    """F6."""
    assignment = scene.grant()
    scene.write(GREETING=reference(scene.vault))
    scene.stage.deploy(scene.site, {"app.py": GREETING_APP})
    scene.stage.arm("DELETE", assignment, None, "2022-04-01")
    assert scene.status() == "Resolved"
    assert scene.environment()["GREETING"] == "planted-one"
    scene.stage.refresh(scene.site)
    assert scene.status() == "AccessToKeyVaultDenied"
    assert scene.environment()["GREETING"] == reference(scene.vault)


def test_a_new_version_is_seen_after_a_refresh(scene: Scene) -> None:
    """F9."""
    scene.grant()
    scene.write(GREETING=reference(scene.vault))
    scene.stage.deploy(scene.site, {"app.py": GREETING_APP})
    assert scene.environment()["GREETING"] == "planted-one"
    version = scene.stage.secret(scene.vault, "greeting", "planted-two")
    assert scene.properties()["activeVersion"] == scene.version
    assert scene.environment()["GREETING"] == "planted-one"
    scene.stage.refresh(scene.site)
    assert scene.properties()["activeVersion"] == version
    assert scene.environment()["GREETING"] == "planted-two"


def test_a_new_version_is_seen_within_a_day(scene: Scene) -> None:
    """F9."""
    scene.grant()
    scene.write(GREETING=reference(scene.vault))
    scene.stage.deploy(scene.site, {"app.py": GREETING_APP})
    scene.stage.secret(scene.vault, "greeting", "planted-two")
    scene.stage.advance(DAY)
    assert scene.environment()["GREETING"] == "planted-two"


def test_a_versioned_reference_never_moves(scene: Scene) -> None:
    """F8."""
    scene.grant()
    scene.write(GREETING=reference(scene.vault, version=scene.version))
    scene.stage.secret(scene.vault, "greeting", "planted-two")
    scene.stage.refresh(scene.site)
    assert scene.properties()["activeVersion"] == scene.version
    assert scene.properties()["secretVersion"] == scene.version


def test_each_typo_has_its_own_status(scene: Scene) -> None:
    """F7."""
    scene.grant()
    scene.write(
        NO_VAULT=reference(scene.stage.name("kv")),
        NO_SECRET=reference(scene.vault, "greting"),
        NO_VERSION=reference(scene.vault, version="0" * 32),
        NO_SYNTAX=f"@Microsoft.KeyVault(SecretURL=https://{scene.vault}.vault.azure.net/secrets/greeting)",
        SLASH=reference(scene.vault, "greeting/"),
        BY_NAME=f"@Microsoft.KeyVault(VaultName={scene.vault};SecretName=greeting)",
        PLAIN="Microsoft.KeyVault",
    )
    assert scene.stage.statuses(scene.site) == {
        "BY_NAME": "Resolved",
        "NO_SECRET": "SecretNotFound",
        "NO_SYNTAX": "InvalidSyntax",
        "NO_VAULT": "VaultNotFound",
        "NO_VERSION": "SecretVersionNotFound",
        "SLASH": "Resolved",
    }


def test_a_user_assigned_identity_must_be_named_as_the_reference_identity(stage: Stage) -> None:
    """F3 and F4."""
    identity, other, vault = stage.identity(), stage.identity(), stage.vault()
    stage.secret(vault, "greeting", "planted-one")
    stage.grant(vault, identity["properties"]["principalId"])
    name, plan = stage.name("app"), stage.plan()
    attached: Json = {"type": "UserAssigned", "userAssignedIdentities": {identity["id"]: {}}}
    stage.site(name, serverFarmId=plan, identity=attached)
    stage.settings(name, {"GREETING": reference(vault)})
    assert stage.statuses(name) == {"GREETING": "MSINotEnabled"}
    stage.site(name, serverFarmId=plan, keyVaultReferenceIdentity=other["id"])
    stage.refresh(name)
    assert stage.statuses(name) == {"GREETING": "MSINotEnabled"}
    stage.site(name, serverFarmId=plan, keyVaultReferenceIdentity=identity["id"].upper())
    stage.refresh(name)
    assert stage.statuses(name) == {"GREETING": "Resolved"}
    stage.site(name, serverFarmId=plan, keyVaultReferenceIdentity="SystemAssigned")
    stage.refresh(name)
    assert stage.statuses(name) == {"GREETING": "MSINotEnabled"}


def test_a_site_without_identity_resolves_nothing(stage: Stage) -> None:
    """F3."""
    name, vault = stage.name("app"), stage.vault()
    entry = {"name": "GREETING", "value": reference(vault)}
    stage.site(name, siteConfig={"appSettings": [entry]})
    assert stage.statuses(name) == {"GREETING": "MSINotEnabled"}


def test_a_secret_is_stored_by_the_vault_alone(scene: Scene) -> None:
    scene.grant()
    scene.write(GREETING=reference(scene.vault))
    scene.stage.deploy(scene.site, {"app.py": "def app(environ, start_response):\n    raise ValueError\n"})
    scene.stage.get(scene.site)
    stored = scene.stage.stored()
    assert b"greeting" in stored
    assert b"planted-one" not in stored
    for file in (scene.stage.local.azure.state / "logs").glob("*"):
        assert b"planted-one" not in file.read_bytes()


def test_only_settings_that_begin_as_a_reference_are_one() -> None:
    settings = {
        "A": "text @Microsoft.KeyVault(SecretUri=https://v.vault.azure.net/secrets/a)",
        "B": "@microsoft.keyvault(secreturi=https://V.vault.azure.net/secrets/b/)",
        "C": "@Microsoft.KeyVault(SecretUri=http://v.vault.azure.net/secrets/c)",
        "D": "@Microsoft.KeyVault(VaultName=v;SecretName=d;SecretVersion=1f)",
    }
    found = find_references(settings)
    assert sorted(found) == ["B", "C", "D"]
    assert (found["B"].host, found["B"].secret, found["B"].version) == ("v.vault.azure.net", "b", None)
    assert found["C"].host is None
    assert (found["D"].vault, found["D"].secret, found["D"].version) == ("v", "d", "1f")


def test_the_role_that_the_tests_grant_is_key_vault_secrets_user(stage: Stage) -> None:
    path = f"/providers/Microsoft.Authorization/roleDefinitions/{SECRETS_USER}"
    role = stage.arm("GET", f"/subscriptions/{stage.subscription}{path}", None, "2022-04-01")
    assert role["properties"]["roleName"] == "Key Vault Secrets User"
