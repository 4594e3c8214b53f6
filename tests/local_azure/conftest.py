"""A local Azure for each test: its parts in this process, or the whole of it behind its proxy."""

import inspect
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from azure.identity import ClientSecretCredential

from local_azure.azure import Azure
from local_azure.constants import DEPLOYER, TENANT_ID
from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure.arm import Arm
from tests.local_azure.grants import Grants
from tests.local_azure.led_here import lead_here
from tests.local_azure.scene import Scene
from tests.patience import PATIENCE


@pytest.fixture(autouse=True, scope="session")
def patient_clients() -> None:
    """Left alone, httpx gives up after five seconds, which a loaded machine may need."""
    default = inspect.signature(httpx.Client).parameters["timeout"].default
    for wait in ("connect", "read", "write", "pool"):
        setattr(default, wait, PATIENCE)


@pytest.fixture
def azure(tmp_path: Path) -> Iterator[Azure]:
    """The parts, without a listener."""
    parts = Azure(begun(tmp_path / "azure"))
    yield parts
    parts.close()


@pytest.fixture
def arm(azure: Azure) -> Arm:
    """Resource Manager as the deployer calls it."""
    return Arm(azure)


@pytest.fixture
def local_azure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalAzure]:
    """A local Azure that listens; the clients of this process are led to it, without a credential."""
    with LocalAzure(begun(tmp_path / "azure")) as cloud:
        lead_here(monkeypatch, cloud)
        yield cloud


@pytest.fixture
def deployer(local_azure: LocalAzure) -> ClientSecretCredential:
    """The deployer, as azure-identity signs it in."""
    secret = local_azure.environment()["AZURE_CLIENT_SECRET"]
    return ClientSecretCredential(TENANT_ID, str(DEPLOYER.client_id), secret)


@pytest.fixture
def grants(local_azure: LocalAzure, deployer: ClientSecretCredential) -> Grants:
    """The deployer, about to assign roles."""
    return Grants(local_azure, deployer)


@pytest.fixture
def scene(local_azure: LocalAzure) -> Scene:
    """A vault with the secret `greeting`, and everybody's clients."""
    return Scene(local_azure)
