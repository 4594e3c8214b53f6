"""A swap of two slots, by the command of the slots guide, judged by azure-mgmt-web."""

from collections.abc import Iterator
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError

from local_azure.app_service.service import AppService
from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure.app_service_stage import GREETING_APP, GROUP, Json, Stage

SYSTEM: Json = {"type": "SystemAssigned"}


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with LocalAzure(begun(tmp_path_factory.mktemp("azure"))) as local:
        yield Stage(local)


class Pair:
    """A site and its slot `staging`, each with an identity of its own."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.web, self.name = stage, stage.web.web_apps, stage.name("app")
        self.site = stage.site(self.name, serverFarmId=stage.plan("S1"), identity=SYSTEM)
        body: Json = {"location": "westeurope", "kind": "app,linux", "identity": SYSTEM, "properties": {}}
        self.slot = self.web.begin_create_or_update_slot(GROUP, self.name, "staging", body).result()

    def write(self, production: dict[str, str], staging: dict[str, str]) -> None:
        self.stage.settings(self.name, production)
        self.web.update_application_settings_slot(GROUP, self.name, "staging", {"properties": staging})

    def keep(self, **names: list[str]) -> None:
        self.web.update_slot_configuration_names(GROUP, self.name, {"properties": names})

    def settings(self) -> tuple[Any, Any]:
        return (
            self.web.list_application_settings(GROUP, self.name).properties,
            self.web.list_application_settings_slot(GROUP, self.name, "staging").properties,
        )

    def swap(self, target: str = "production", **options: Any) -> None:
        """What `az webapp deployment slot swap --slot staging` sends."""
        entity = {"targetSlot": target, "preserveVnet": True, **options}
        self.web.begin_swap_slot(GROUP, self.name, "staging", entity).result()


def mount(share: str) -> Json:
    return {"type": "AzureFiles", "accountName": "stone", "shareName": share, "mountPath": f"/{share}"}


def test_a35_a_swap_moves_code_and_settings_and_leaves_sticky_ones(stage: Stage) -> None:
    pair = Pair(stage)
    pair.keep(appSettingNames=["where"], connectionStringNames=["DB"], azureStorageConfigNames=["logs"])
    pair.write(
        {"WHERE": "production", "COLOUR": "blue", "FUNCTIONS_EXTENSION_VERSION": "~4"},
        {"WHERE": "staging", "COLOUR": "green", "ONLY": "staging", "FUNCTIONS_EXTENSION_VERSION": "~3"},
    )
    old, new = (
        {name: {"value": text, "type": "Custom"} for name in ("DB", "LOG")} for text in ("old", "new")
    )
    pair.web.update_connection_strings(GROUP, pair.name, {"properties": old})
    pair.web.update_connection_strings_slot(GROUP, pair.name, "staging", {"properties": new})
    old, new = ({name: mount(share) for name in ("logs", "media")} for share in ("old", "new"))
    pair.web.update_azure_storage_accounts(GROUP, pair.name, {"properties": old})
    pair.web.update_azure_storage_accounts_slot(GROUP, pair.name, "staging", {"properties": new})
    stage.deploy(pair.name, {"app.py": GREETING_APP + "\nVERSION = 'old'"})
    stage.deploy(f"{pair.name}-staging", {"app.py": GREETING_APP + "\nVERSION = 'new'"})
    hosting = stage.local.azure.service(AppService).hosting
    before = [hosting.latest_deployment(str(one.id)) for one in (pair.site, pair.slot)]
    pair.swap()
    assert pair.settings() == (
        {"WHERE": "production", "COLOUR": "green", "ONLY": "staging", "FUNCTIONS_EXTENSION_VERSION": "~4"},
        {"WHERE": "staging", "COLOUR": "blue", "FUNCTIONS_EXTENSION_VERSION": "~3"},
    )
    strings = pair.web.list_connection_strings(GROUP, pair.name).properties
    assert {name: one.value for name, one in strings.items()} == {"DB": "old", "LOG": "new"}
    mounts = pair.web.list_azure_storage_accounts(GROUP, pair.name).properties
    assert {name: one.share_name for name, one in mounts.items()} == {"logs": "old", "media": "new"}
    seen = stage.get(pair.name).json()
    assert (seen["WHERE"], seen["COLOUR"], seen["WEBSITE_SLOT_NAME"]) == ("production", "green", "Production")
    after = [hosting.latest_deployment(str(one.id)) for one in (pair.slot, pair.site)]
    assert [one and one["id"] for one in after] == [one and one["id"] for one in before]
    assert after[1]
    assert after[1]["url"].startswith(f"https://{pair.name}.scm.azurewebsites.net/")
    status = pair.web.get(GROUP, pair.name).properties.slot_swap_status
    assert (status.source_slot_name, status.destination_slot_name) == ("staging", "Production")


def test_a35_a_swap_leaves_identities_and_network_rules_where_they_are(stage: Stage) -> None:
    pair = Pair(stage)
    rules = [{"ipAddress": "198.51.100.0/24", "action": "Allow", "priority": 100, "name": "office"}]
    config: Json = {
        "alwaysOn": True, "ipSecurityRestrictions": rules, "minTlsVersion": "1.3",
        "linuxFxVersion": "PYTHON|3.11", "webSocketsEnabled": True,
    }  # fmt: skip
    pair.web.update_configuration(GROUP, pair.name, {"properties": config})
    pair.web.update_configuration_slot(
        GROUP, pair.name, "staging", {"properties": {"linuxFxVersion": "PYTHON|3.12"}}
    )
    pair.web.update_scm_allowed(GROUP, pair.name, {"properties": {"allow": False}})
    pair.swap()
    site, slot = pair.web.get(GROUP, pair.name), pair.web.get_slot(GROUP, pair.name, "staging")
    assert site.identity.principal_id == pair.site.identity.principal_id
    assert slot.identity.principal_id == pair.slot.identity.principal_id
    here = pair.web.get_configuration(GROUP, pair.name).properties
    there = pair.web.get_configuration_slot(GROUP, pair.name, "staging").properties
    assert [one.name for one in here.ip_security_restrictions] == ["office"]
    assert (here.always_on, here.min_tls_version) == (True, "1.3")
    assert (there.always_on, there.min_tls_version) == (False, "1.2")
    assert not there.ip_security_restrictions
    assert (here.linux_fx_version, there.linux_fx_version) == ("PYTHON|3.12", "PYTHON|3.11")
    assert there.web_sockets_enabled is True
    assert pair.web.get_scm_allowed(GROUP, pair.name).properties.allow is False
    assert pair.web.get_scm_allowed_slot(GROUP, pair.name, "staging").properties.allow is True


def test_a35_references_are_resolved_with_the_identity_of_their_slot(stage: Stage) -> None:
    """A reference that is not kept goes to an identity that may not read it: why all of ours are."""
    pair, vault = Pair(stage), stage.vault()
    stage.secret(vault, "greeting", "hello")
    stage.grant(vault, pair.slot.identity.principal_id)
    reference = f"@Microsoft.KeyVault(SecretUri=https://{vault}.vault.azure.net/secrets/greeting)"
    pair.keep(appSettingNames=["KEPT"])
    pair.write({}, {"KEPT": reference, "MOVES": reference})
    assert slot_statuses(pair) == {"KEPT": "Resolved", "MOVES": "Resolved"}
    pair.swap()
    assert slot_statuses(pair) == {"KEPT": "Resolved"}
    assert stage.statuses(pair.name) == {"MOVES": "AccessToKeyVaultDenied"}


def slot_statuses(pair: Pair) -> dict[str, str | None]:
    found = pair.web.get_app_settings_key_vault_references_slot(GROUP, pair.name, "staging")
    return {str(one.name): one.properties.status for one in found}


def test_a35_a_swap_needs_two_slots_that_run(stage: Stage) -> None:
    pair = Pair(stage)
    pair.write({"A": "production"}, {"A": "staging"})
    with pytest.raises(ResourceNotFoundError):
        pair.swap("nobody")
    with pytest.raises(HttpResponseError) as itself:
        pair.swap("staging")
    assert itself.value.status_code == 409
    pair.web.stop_slot(GROUP, pair.name, "staging")
    with pytest.raises(HttpResponseError) as stopped:
        pair.web.begin_swap_slot_with_production(
            GROUP, pair.name, {"targetSlot": "staging", "preserveVnet": True}
        )
    assert stopped.value.status_code == 409
    assert pair.settings() == ({"A": "production"}, {"A": "staging"})
