"""The example of a logic app through the real engine: it starts for nobody without a token, and leaves
nothing behind. What its actions say to the partner is not asked here: that one is made up.
"""

import ssl
from pathlib import Path

import httpx
import pytest

from local_azure.leftovers import leftovers
from local_azure.server import LocalAzure
from tests.attached import AttachedEngine
from tests.engine.example_stacks import ExampleStacks


@pytest.fixture
def stacks(engine: AttachedEngine, cloud: LocalAzure, tmp_path: Path) -> ExampleStacks:
    return ExampleStacks(tmp_path, engine, cloud.environment())


def test_a_workflow_of_the_example_takes_no_call_without_a_token_and_leaves_nothing(
    stacks: ExampleStacks, cloud: LocalAzure
) -> None:
    stack = stacks.prepare("logic-app")
    outputs = stack.up()
    assert [
        one.partition(" may ")[2].partition(" (")[0].partition(" in ")[0] for one in outputs["access"]
    ] == [
        "read the values of secrets",
        "read, write and delete blobs",
    ]
    assert "sig=" not in outputs["url"]
    trust = ssl.create_default_context(cafile=cloud.environment()["SSL_CERT_FILE"])
    with httpx.Client(proxy=cloud.proxy_url, verify=trust, trust_env=False) as stranger:
        refused = stranger.post(outputs["url"], json={"order": 1})
    assert (refused.status_code, refused.json()["error"]["code"]) == (401, "DirectApiAuthorizationRequired")
    stack.expect_no_changes()
    stack.destroy()
    left = leftovers(cloud.azure)
    assert (left["resources"], left["role_assignments"]) == ([], [])
