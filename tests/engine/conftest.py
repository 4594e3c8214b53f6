"""The real engine on the real program against a local Azure of the test's own; only the engine is shared."""

import io
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from azure.mgmt.authorization import AuthorizationManagementClient
from azure.mgmt.authorization.models import RoleAssignmentCreateParameters
from azure.mgmt.msi import ManagedServiceIdentityClient
from azure.mgmt.msi.models import Identity
from azure.mgmt.resource.resources import ResourceManagementClient
from azure.mgmt.resource.resources.models import ResourceGroup

from local_azure.constants import SUBSCRIPTION_ID
from local_azure.http import Request, Response
from local_azure.resource_manager.manager import Manager
from local_azure.server import LocalAzure
from loop.session import Session
from loop.stack import Stack
from loop.terminal import Terminal
from loop.up import deliver, write_secrets
from readiness import Readiness, check
from tests.app.status import status_page
from tests.attached import AttachedEngine, attached_stack
from tests.azure_models.arrivals import Arrivals
from tests.drawn_key import begun
from tests.local_azure.led_here import lead_here
from tests.patience import PATIENCE

SECRETS_USER = "4633458b-17de-408a-b874-0445c86b69e6"
SECRETS_OFFICER = "b86a8fe4-44ce-4948-aee5-eccb2c155cd7"
SECRETS = {"DATABASE_PASSWORD": "database-password", "PAYMENT_API_KEY": "payment-api-key"}


@pytest.fixture
def arrivals() -> Arrivals:
    """The bodies that Resource Manager is sent in this test."""
    return Arrivals()


@pytest.fixture
def cloud(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arrivals: Arrivals) -> Iterator[LocalAzure]:
    """A local Azure in this process, whose clock a test can move; this process's clients are routed to it.

    Whatever a test does, every body that arrives is one that Microsoft's own clients would send.
    """
    answer = Manager.handle

    def recorded(manager: Manager, request: Request) -> Response:
        return arrivals.recording(partial(answer, manager))(request)

    monkeypatch.setattr(Manager, "handle", recorded)
    with LocalAzure(begun(tmp_path / "azure")) as azure:
        lead_here(monkeypatch, azure, azure.environment())
        yield azure
    assert arrivals.problems() == []


@dataclass
class Loop:
    """One stack in one local Azure, and what a test asks of both."""

    session: Session
    cloud: LocalAzure
    terminal: io.StringIO = field(default_factory=io.StringIO)

    def said(self) -> str:
        """What a person has read on the terminal."""
        return self.terminal.getvalue()

    @property
    def stack(self) -> Stack:
        return self.session.stack

    def up(self, **configuration: Any) -> dict[str, Any]:
        """Configuration as given (None removes a key), then one `pulumi up`; the stack's outputs."""
        self.stack.write_configuration(configuration)
        self.stack.up("--skip-preview")
        return self.stack.outputs()

    def deliver(self, outputs: dict[str, Any]) -> None:
        """Secrets by the officer, code by the deployer, as `make up` does it."""
        write_secrets(self.session, outputs)
        deliver(self.session, outputs)

    def readiness(
        self, outputs: dict[str, Any], seconds: float = PATIENCE, refresh: bool | None = None
    ) -> Readiness:
        credential = self.session.credential
        return check([outputs["app_id"]], credential, timeout=seconds, interval=0.1, refresh=refresh)

    def app_status(self, outputs: dict[str, Any]) -> dict[str, Any]:
        return status_page(f"{outputs['url']}/status.json")

    def grants(self, principal_type: str = "ServicePrincipal") -> set[tuple[str, str, str]]:
        """(role GUID, principal id, lower-cased scope) of each role assignment but the deployer's own."""
        return {
            (
                properties["roleDefinitionId"].rpartition("/")[2],
                properties["principalId"],
                properties["scope"].lower(),
            )
            for properties in (assignment["properties"] for assignment in self.assignments())
            if properties["principalType"] == principal_type
        }

    def assignments(self) -> list[dict[str, Any]]:
        left = {id.lower() for id in self.session.control("/leftovers")["role_assignments"]}
        stored = self.cloud.azure.store.list(type="Microsoft.Authorization/roleAssignments")
        return [{**resource.body, "id": resource.id} for resource in stored if resource.id.lower() in left]

    def grant(self, principal_id: str, scope: str, role: str) -> str:
        """A role assignment made by hand, as a platform team would; its id."""
        name = str(uuid.uuid4())
        client: Any = AuthorizationManagementClient(self.session.credential, SUBSCRIPTION_ID)
        definition = (
            f"/subscriptions/{SUBSCRIPTION_ID}/providers/Microsoft.Authorization/roleDefinitions/{role}"
        )
        parameters = RoleAssignmentCreateParameters(
            role_definition_id=definition, principal_id=principal_id, principal_type="ServicePrincipal"
        )
        return client.role_assignments.create(scope, name, parameters).id

    def shared_identity(self, vault_id: str) -> Identity:
        """A user-assigned identity that another team made in a group of its own and granted on the vault."""
        resources: Any = ResourceManagementClient(self.session.credential, SUBSCRIPTION_ID)
        resources.resource_groups.create_or_update("rg-platform", ResourceGroup(location="westeurope"))
        identities: Any = ManagedServiceIdentityClient(self.session.credential, SUBSCRIPTION_ID)
        identity = identities.user_assigned_identities.create_or_update(
            "rg-platform", "id-shared", Identity(location="westeurope")
        )
        self.grant(identity.principal_id, vault_id, SECRETS_USER)
        return identity

    def resources(self, type: str) -> list[dict[str, Any]]:
        return [resource.body for resource in self.cloud.azure.store.list(type=type)]


@pytest.fixture
def loop(engine: AttachedEngine, cloud: LocalAzure, tmp_path: Path) -> Loop:
    stack = attached_stack(engine, tmp_path, cloud.environment())
    stack.prepare()
    assert cloud.environment()["ARM_SUBSCRIPTION_ID"] == SUBSCRIPTION_ID
    terminal = io.StringIO()
    return Loop(
        Session(tmp_path, cloud.azure.state, cloud.environment(), stack, Terminal(terminal)), cloud, terminal
    )
