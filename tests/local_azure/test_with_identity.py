"""Resources with a principal of their own, as Microsoft's management clients see them, and their token
services as unmodified azure-identity does."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError
from azure.identity import ManagedIdentityCredential
from azure.mgmt.automation import AutomationClient
from azure.mgmt.eventgrid import EventGridManagementClient
from azure.mgmt.hybridcompute import HybridComputeManagementClient
from azure.mgmt.msi import ManagedServiceIdentityClient
from azure.mgmt.web import WebSiteManagementClient

from local_azure.constants import DEPLOYER, SUBSCRIPTION_ID
from local_azure.hybrid_compute.challenge import is_writable, keys_folder
from local_azure.hybrid_compute.service import HybridCompute
from local_azure.server import LocalAzure
from local_azure.with_identity.service import ResourcesWithIdentity
from tests.drawn_key import begun
from tests.local_azure.vault_stage import GROUP, Json, VaultStage
from tests.proofs import leave_out

OWN: Json = {"type": "SystemAssigned"}
VAULT = "https://vault.azure.net/.default"


class Stage(VaultStage):
    """One running local Azure."""

    def management(self, kind: Any) -> Any:
        principal = self.azure.entra.principal(DEPLOYER.object_id)
        assert principal
        return kind(self.holder(principal), SUBSCRIPTION_ID, **self.trust)

    def account(self, name: str, identity: Json | None = None) -> Any:
        """An automation account, which reads no password."""
        sku: Json = {"sku": {"name": "Basic"}}
        body: Json = {"location": "westeurope", "properties": sku, "identity": identity or OWN}
        accounts = self.management(AutomationClient).automation_account
        return accounts.create_or_update(GROUP, name, body)

    def machine(self, name: str, identity: Json | None = None) -> Any:
        """A machine that Arc has connected."""
        body: Json = {
            "location": "westeurope",
            "identity": identity or OWN,
            "properties": {"osType": "linux"},
        }
        return self.management(HybridComputeManagementClient).machines.create_or_update(GROUP, name, body)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with LocalAzure(begun(tmp_path_factory.mktemp("azure"))) as local:
        yield Stage(local)


def refusal(error: pytest.ExceptionInfo[HttpResponseError]) -> int | None:
    return error.value.status_code


def told(monkeypatch: pytest.MonkeyPatch, environment: Mapping[str, str]) -> None:
    """What code is told, and nothing else of the kind."""
    for name in ("IDENTITY_ENDPOINT", "IDENTITY_HEADER", "IMDS_ENDPOINT", "MSI_ENDPOINT", "AZURE_CLIENT_ID"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)


def holder_of(credential: ManagedIdentityCredential) -> str:
    token = credential.get_token(VAULT).token
    return str(jwt.decode(token, options={"verify_signature": False})["oid"])


def test_i20_a_resource_that_is_made_again_is_a_stranger(stage: Stage) -> None:
    """(I20)"""
    accounts = stage.management(AutomationClient).automation_account
    first = stage.account("aa-again").identity.principal_id
    assert stage.account("aa-again").identity.principal_id == first
    assert stage.azure.entra.principal(first) is not None
    accounts.delete(GROUP, "aa-again")
    assert stage.azure.entra.principal(first) is None
    second = stage.account("aa-again").identity.principal_id
    assert second != first
    assert stage.account("aa-again", {"type": "None"}).identity.principal_id is None
    assert stage.azure.entra.principal(second) is None
    with pytest.raises(ResourceNotFoundError):
        accounts.get(GROUP, "aa-never")


def test_i20_a_resource_has_the_kinds_of_identity_that_its_type_has(stage: Stage) -> None:
    """(I20)"""
    identities = stage.management(ManagedServiceIdentityClient).user_assigned_identities
    made = identities.create_or_update(GROUP, "id-any", {"location": "westeurope"})
    borrowed: Json = {"type": "UserAssigned", "userAssignedIdentities": {made.id: {}}}
    account = stage.account("aa-borrows", borrowed)
    assert account.identity.user_assigned_identities[made.id].client_id == made.client_id
    assert account.identity.principal_id is None
    with pytest.raises(HttpResponseError) as refused:
        stage.machine("srv-borrows", borrowed)
    assert refusal(refused) == 400
    missing: Json = {"type": "UserAssigned", "userAssignedIdentities": {f"{made.id}-gone": {}}}
    with pytest.raises(HttpResponseError) as refused:
        stage.account("aa-missing", missing)
    assert refusal(refused) == 400


def test_i21_a_static_site_has_an_identity_on_the_standard_plan(stage: Stage) -> None:
    """(I21)"""
    sites = stage.management(WebSiteManagementClient).static_sites

    def site(plan: str) -> Any:
        body: Json = {"location": "westeurope", "sku": {"name": plan}, "identity": OWN, "properties": {}}
        return sites.begin_create_or_update_static_site(GROUP, f"stapp-{plan.lower()}", body).result()

    with pytest.raises(HttpResponseError) as refused:
        site("Free")
    assert refusal(refused) == 400
    assert stage.azure.entra.principal(site("Standard").identity.principal_id) is not None


def test_a_system_topic_delivers_as_its_own_principal(stage: Stage) -> None:
    """(I20)"""
    body: Json = {
        "location": "westeurope",
        "identity": OWN,
        "properties": {"source": stage.group, "topicType": "Microsoft.Resources.ResourceGroups"},
    }
    topics = stage.management(EventGridManagementClient).system_topics
    made = topics.begin_create_or_update(GROUP, "evgs-one", body).result()
    principal = stage.azure.entra.principal(made.identity.principal_id)
    assert principal is not None
    assert (principal.name, principal.resource_id) == ("evgs-one", made.id)
    topics.begin_delete(GROUP, "evgs-one").result()
    assert stage.azure.entra.principal(made.identity.principal_id) is None


def test_i22_a_runbook_gets_tokens_as_its_account(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """(I22)"""
    account = stage.account("aa-runs")
    environment = stage.azure.service(ResourcesWithIdentity).runbooks.environment(account.id)
    told(monkeypatch, environment)
    assert holder_of(ManagedIdentityCredential()) == account.identity.principal_id
    told(monkeypatch, {**environment, "IDENTITY_HEADER": "somebody-elses"})
    with pytest.raises(Exception, match="IDENTITY-HEADER is missing or wrong"):
        ManagedIdentityCredential().get_token(VAULT)
    stage.management(AutomationClient).automation_account.delete(GROUP, "aa-runs")
    told(monkeypatch, environment)
    with pytest.raises(Exception, match="IDENTITY-HEADER"):
        ManagedIdentityCredential().get_token(VAULT)


def test_there_is_no_sandbox_and_no_agent_for_what_is_not_there(stage: Stage) -> None:
    with pytest.raises(LookupError):
        stage.azure.service(ResourcesWithIdentity).runbooks.environment(f"{stage.group}/providers/x/y/z")
    with pytest.raises(LookupError):
        stage.azure.service(HybridCompute).agent.environment(stage.account("aa-no-machine").id)


def require_folder() -> None:
    if not is_writable():
        leave_out(f"make {keys_folder()} writable, where Azure's client looks for Arc's files")


def test_i23_code_on_a_connected_machine_gets_tokens_as_the_machine(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """(I23)"""
    require_folder()
    machine = stage.machine("srv-one")
    told(monkeypatch, stage.azure.service(HybridCompute).agent.environment(machine.id))
    assert holder_of(ManagedIdentityCredential()) == machine.identity.principal_id
    assert list(keys_folder().glob("*.key")) == []
    with pytest.raises(Exception, match="did not confirm the requested user-assigned"):
        ManagedIdentityCredential(client_id="c11e4700-0000-4000-8000-00000000000a").get_token(VAULT)


def test_i23_the_content_of_the_file_is_good_once(stage: Stage) -> None:
    """(I23)"""
    require_folder()
    agent = stage.azure.service(HybridCompute).agent
    address = agent.environment(stage.machine("srv-two").id)["IDENTITY_ENDPOINT"]
    query = {"api-version": "2020-06-01", "resource": "https://vault.azure.net"}
    with httpx.Client(trust_env=False) as http:
        asked = http.get(address, params=query, headers={"Metadata": "true"})
        assert asked.status_code == 401
        file = Path(asked.headers["WWW-Authenticate"].removeprefix("Basic realm="))
        assert file.stat().st_mode & 0o077 == 0
        answered = {"Metadata": "true", "Authorization": f"Basic {file.read_text(encoding='utf-8')}"}
        first = http.get(address, params=query, headers=answered)
        assert (first.status_code, int(first.json()["expires_in"]) > 0) == (200, True)
        assert not file.exists()
        assert http.get(address, params=query, headers=answered).status_code == 401
    agent.forget()
    assert list(keys_folder().glob("*.key")) == []


def test_the_content_of_one_machines_file_is_nothing_to_another_machine(stage: Stage) -> None:
    """(I23)"""
    require_folder()
    agent = stage.azure.service(HybridCompute).agent
    first, second = (
        agent.environment(stage.machine(name).id)["IDENTITY_ENDPOINT"] for name in ("srv-a", "srv-b")
    )
    query = {"api-version": "2020-06-01", "resource": "https://vault.azure.net"}
    with httpx.Client(trust_env=False) as http:
        asked = http.get(first, params=query, headers={"Metadata": "true"})
        file = Path(asked.headers["WWW-Authenticate"].removeprefix("Basic realm="))
        answered = {"Metadata": "true", "Authorization": f"Basic {file.read_text(encoding='utf-8')}"}
        assert http.get(second, params=query, headers=answered).status_code == 401
        assert http.get(first, params=query, headers=answered).status_code == 200
    agent.forget()


def test_files_that_nobody_answers_with_do_not_pile_up(stage: Stage) -> None:
    """(I23)"""
    require_folder()
    agent = stage.azure.service(HybridCompute).agent
    address = agent.environment(stage.machine("srv-asked").id)["IDENTITY_ENDPOINT"]
    with httpx.Client(trust_env=False) as http:
        for _ in range(120):
            http.get(address, params={"api-version": "2020-06-01"}, headers={"Metadata": "true"})
    assert len(list(keys_folder().glob("*.key"))) == 100
    agent.forget()


def test_i23_a_request_without_the_header_is_refused(stage: Stage) -> None:
    """(I23)"""
    address = stage.azure.service(HybridCompute).agent.environment(stage.machine("srv-three").id)
    query = {"api-version": "2020-06-01", "resource": "https://vault.azure.net"}
    with httpx.Client(trust_env=False) as http:
        assert http.get(address["IDENTITY_ENDPOINT"], params=query).status_code == 400
        gone = address["IDENTITY_ENDPOINT"].replace("srv-three", "srv-never")
        assert http.get(gone, params=query, headers={"Metadata": "true"}).status_code == 400
