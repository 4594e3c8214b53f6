"""The stand-in for azure-native, before a Resource Manager that is recorded and never waits."""

from collections.abc import Iterator

import pytest

from local_azure.plugins import arm_client
from local_azure.plugins.azure_native import AzureNative
from tests.local_azure.plugin_client import Plugin, connected
from tests.local_azure.recorded_azure import ENVIRONMENT, RecordedAzure


@pytest.fixture
def azure(monkeypatch: pytest.MonkeyPatch) -> RecordedAzure:
    monkeypatch.setattr(arm_client, "_RETRY_DELAYS", (0.0, 0.0, 0.0))
    monkeypatch.setattr(arm_client, "_POLL_DELAY", 0.0)
    return RecordedAzure()


@pytest.fixture
def plugin(azure: RecordedAzure) -> Iterator[Plugin]:
    with connected(AzureNative(azure.transport, ENVIRONMENT)) as plugin:
        yield plugin
