"""Who is let into a vault: the challenge, the token, the grant, as azure-keyvault-secrets sees them."""

from collections.abc import Iterator

import pytest
from azure.core.exceptions import HttpResponseError
from azure.keyvault.secrets import ApiVersion, SecretClient

from local_azure.constants import DEPLOYER, DEVELOPER, TENANT_ID, VAULT_READERS
from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure.vault_stage import VaultStage, inner_code, refused

DAY = 86_400


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VaultStage]:
    with LocalAzure(begun(tmp_path_factory.mktemp("azure"))) as local:
        yield VaultStage(local)


@pytest.mark.parametrize("version", [version.value for version in ApiVersion])
def test_every_version_that_the_client_can_speak_is_served(stage: VaultStage, version: str) -> None:
    vault = stage.vault()
    stage.officer_of(vault).set_secret("password", "value")
    reader = stage.identity()
    stage.grant(stage.id(vault), "Key Vault Secrets User", reader.object_id)
    client = SecretClient(
        f"https://{vault}.vault.azure.net", stage.holder(reader), api_version=version, **stage.trust
    )
    assert client.get_secret("password").value == "value"


def test_a_version_that_nobody_knows_is_refused(stage: VaultStage) -> None:
    host = f"https://{stage.vault()}.vault.azure.net"
    client = SecretClient(host, stage.holder(stage.identity()), api_version="2099-01-01", **stage.trust)
    with pytest.raises(HttpResponseError) as error:
        client.get_secret("password")
    assert refused(error)[0] == 400


def test_the_challenge_tells_a_client_the_tenant_and_the_resource(stage: VaultStage) -> None:
    url = f"https://{stage.vault()}.vault.azure.net/secrets/password?api-version=7.4"
    with stage.http() as client:
        answer = client.get(url)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == (
        f'Bearer authorization="https://login.microsoftonline.com/{TENANT_ID}", '
        'resource="https://vault.azure.net"'
    )
    assert answer.json()["error"] == {
        "code": "Unauthorized",
        "message": "AKV10000: Request is missing a Bearer or PoP token.",
    }


@pytest.mark.parametrize("kind", ["another audience", "expired", "forged"])
def test_a_token_that_is_not_for_the_vault_is_refused(stage: VaultStage, kind: str) -> None:
    vault, reader = stage.vault(), stage.identity()
    stage.grant(stage.id(vault), "Key Vault Secrets User", reader.object_id)
    audience = "https://management.azure.com" if kind == "another audience" else "https://vault.azure.net"
    token, _ = stage.azure.entra.issue(reader, audience)
    if kind == "expired":
        stage.azure.clock.advance(DAY)
        stage.sign_in()
    if kind == "forged":
        head, claims, signature = token.split(".")
        token = f"{head}.{claims}.{'A' if signature[0] != 'A' else 'B'}{signature[1:]}"
    url = f"https://{vault}.vault.azure.net/secrets/password?api-version=7.4"
    with stage.http() as client:
        answer = client.get(url, headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401
    assert "resource=" in answer.headers["WWW-Authenticate"]


def test_s4_without_a_grant_the_refusal_has_azures_own_lines(stage: VaultStage) -> None:
    vault, app = stage.vault(), stage.identity()
    stage.officer_of(vault).set_secret("password", "value")
    with pytest.raises(HttpResponseError) as error:
        stage.secrets(vault, app).get_secret("password")
    assert refused(error) == (
        403,
        "Forbidden",
        "Caller is not authorized to perform action on resource.\r\n"
        "If role assignments, deny assignments or role definitions were changed recently, please observe "
        "propagation time.\r\n"
        f"Caller: appid={app.client_id};oid={app.object_id};iss=https://sts.windows.net/{TENANT_ID}/\r\n"
        "Action: 'Microsoft.KeyVault/vaults/secrets/getSecret/action'\r\n"
        f"Resource: '{stage.id(vault).lower()}/secrets/password'\r\n"
        "Assignment: (not found)\r\n"
        "DenyAssignmentId: null\r\n"
        "DecisionReason: null \r\n"
        f"Vault: {vault};location=westeurope\r\n",
    )
    assert inner_code(error) == "ForbiddenByRbac"


@pytest.mark.parametrize("role", ["Owner", "Contributor", "Reader", "Key Vault Reader"])
def test_s4_a_role_without_the_data_action_reads_no_value(stage: VaultStage, role: str) -> None:
    vault, caller = stage.vault(), stage.identity()
    stage.officer_of(vault).set_secret("password", "value")
    stage.grant(stage.id(vault), role, caller.object_id)
    with pytest.raises(HttpResponseError) as error:
        stage.secrets(vault, caller).get_secret("password")
    assert (refused(error)[0], inner_code(error)) == (403, "ForbiddenByRbac")


def test_s4_the_deployer_owns_the_subscription_and_reads_no_secret(stage: VaultStage) -> None:
    vault = stage.vault()
    stage.officer_of(vault).set_secret("password", "value")
    client = stage.secrets(vault, stage.person(DEPLOYER))
    attempts = (
        lambda: client.get_secret("password"),
        lambda: client.set_secret("password", "mine"),
        lambda: client.begin_delete_secret("password"),
    )
    for attempt in attempts:
        with pytest.raises(HttpResponseError) as error:
            attempt()
        assert (refused(error)[0], inner_code(error)) == (403, "ForbiddenByRbac")


def test_s4_a_secrets_user_reads_and_lists_and_nothing_else(stage: VaultStage) -> None:
    vault, app = stage.vault(), stage.identity()
    stage.officer_of(vault).set_secret("password", "value")
    stage.grant(stage.id(vault), "Key Vault Secrets User", app.object_id)
    client = stage.secrets(vault, app)
    assert client.get_secret("password").value == "value"
    assert [one.name for one in client.list_properties_of_secrets()] == ["password"]
    with pytest.raises(HttpResponseError) as error:
        client.set_secret("password", "mine")
    assert "setSecret/action" in refused(error)[2]
    with pytest.raises(HttpResponseError) as error:
        client.begin_delete_secret("password")
    assert "Action: 'Microsoft.KeyVault/vaults/secrets/delete'" in refused(error)[2]
    assert client.get_secret("password").value == "value"


def test_s4_a_grant_on_one_secret_opens_that_one_only(stage: VaultStage) -> None:
    vault, app = stage.vault(), stage.identity()
    officer = stage.officer_of(vault)
    officer.set_secret("mine", "value")
    officer.set_secret("mine-too", "value")
    stage.grant(f"{stage.id(vault)}/secrets/mine", "Key Vault Secrets User", app.object_id)
    client = stage.secrets(vault, app)
    assert client.get_secret("mine").value == "value"
    for wanted in ("mine-too", "none"):
        with pytest.raises(HttpResponseError) as error:
            client.get_secret(wanted)
        assert refused(error)[0] == 403


def test_s4_a_grant_that_is_taken_away_is_over(stage: VaultStage) -> None:
    vault, app = stage.vault(), stage.identity()
    stage.officer_of(vault).set_secret("password", "value")
    made = stage.grant(stage.id(vault), "Key Vault Secrets User", app.object_id)
    assert stage.secrets(vault, app).get_secret("password").value == "value"
    stage.roles.delete_by_id(made.id)
    with pytest.raises(HttpResponseError) as error:
        stage.secrets(vault, app).get_secret("password")
    assert inner_code(error) == "ForbiddenByRbac"


def test_r13_a_new_grant_is_shown_at_once_and_honoured_later(stage: VaultStage) -> None:
    vault, app = stage.vault(), stage.identity()
    stage.officer_of(vault).set_secret("password", "value")
    stage.azure.authorizer.set_propagation(seconds=300)
    made = stage.grant(stage.id(vault), "Key Vault Secrets User", app.object_id)
    stage.azure.authorizer.set_propagation()
    assert stage.roles.get_by_id(made.id).principal_id == app.object_id
    client = stage.secrets(vault, app)
    stage.azure.clock.advance(200)
    with pytest.raises(HttpResponseError) as error:
        client.get_secret("password")
    assert inner_code(error) == "ForbiddenByRbac"
    assert "Assignment: (not found)" in refused(error)[2]
    stage.azure.clock.advance(100)
    assert client.get_secret("password").value == "value"
    stage.sign_in()


def test_r13_a_new_grant_can_be_ignored_for_a_number_of_requests(stage: VaultStage) -> None:
    vault, app = stage.vault(), stage.identity()
    stage.officer_of(vault).set_secret("password", "value")
    stage.azure.authorizer.set_propagation(requests=2)
    stage.grant(stage.id(vault), "Key Vault Secrets User", app.object_id)
    stage.azure.authorizer.set_propagation()
    client = stage.secrets(vault, app)
    for _ in range(2):
        with pytest.raises(HttpResponseError):
            client.get_secret("password")
    assert client.get_secret("password").value == "value"


def test_r14_a_group_counts_from_the_next_token_on(stage: VaultStage) -> None:
    vault, person = stage.vault(), stage.person(DEVELOPER)
    stage.officer_of(vault).set_secret("password", "value")
    stage.grant(stage.id(vault), "Key Vault Secrets User", VAULT_READERS.object_id, "Group")
    before = stage.secrets(vault, person)
    with pytest.raises(HttpResponseError):
        before.get_secret("password")
    stage.azure.entra.add_member(VAULT_READERS.object_id, DEVELOPER.object_id)
    try:
        with pytest.raises(HttpResponseError):
            before.get_secret("password")
        assert stage.secrets(vault, person).get_secret("password").value == "value"
    finally:
        stage.azure.entra.remove_member(VAULT_READERS.object_id, DEVELOPER.object_id)


def test_k10_a_vault_without_rbac_lets_nobody_in_through_role_assignments(stage: VaultStage) -> None:
    vault, app = stage.vault(enableRbacAuthorization=False), stage.identity()
    stage.grant(stage.id(vault), "Key Vault Secrets Officer", app.object_id)
    with pytest.raises(HttpResponseError) as error:
        stage.secrets(vault, app).set_secret("password", "value")
    assert refused(error)[:2] == (403, "Forbidden")
    assert inner_code(error) != "ForbiddenByRbac"


def test_an_unknown_identity_of_a_valid_token_has_no_access(stage: VaultStage) -> None:
    vault, app = stage.vault(), stage.identity()
    stage.officer_of(vault).set_secret("password", "value")
    client = stage.secrets(vault, app)
    stage.azure.entra.remove_identity(app.object_id)
    with pytest.raises(HttpResponseError) as error:
        client.get_secret("password")
    assert error.value.status_code == 403
