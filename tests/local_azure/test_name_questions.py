"""`checkNameAvailability` of each service that has it, for what a client would never send."""

import pytest

from local_azure.azure import Azure
from local_azure.constants import DEVELOPER, SUBSCRIPTION_SCOPE
from local_azure.http import Request
from local_azure.resource_manager.service import ResourceManager
from tests.local_azure.arm import Arm, refusal


@pytest.mark.parametrize(
    "body",
    [b"{", b"[]", b'{"name": NaN}', b'{"name": ' + b"[" * 100_000, b"\xff"],
    ids=["half", "a list", "no number", "deep", "no text"],
)
@pytest.mark.parametrize("provider", ["Microsoft.Storage", "Microsoft.KeyVault", "Microsoft.Web"])
def test_a_question_about_a_name_that_is_no_json_is_refused_as_one(
    azure: Azure, provider: str, body: bytes
) -> None:
    arm = Arm(azure)
    path = f"{SUBSCRIPTION_SCOPE}/providers/{provider}/checkNameAvailability"
    version = {
        "Microsoft.Storage": "2024-01-01", "Microsoft.KeyVault": "2024-11-01", "Microsoft.Web": "2024-11-01",
    }[provider]  # fmt: skip
    request = Request(
        "POST",
        "management.azure.com",
        path,
        {"api-version": version},
        {"authorization": f"Bearer {arm.token()}"},
        body,
    )
    assert refusal(azure.service(ResourceManager).handle(request))[:2] == (400, "InvalidRequestContent")


@pytest.mark.parametrize("provider", ["Microsoft.Storage", "Microsoft.KeyVault", "Microsoft.Web"])
def test_r11_a_name_is_asked_for_by_who_may_read_the_subscription(azure: Azure, provider: str) -> None:
    path = f"{SUBSCRIPTION_SCOPE}/providers/{provider}/checkNameAvailability"
    stranger = Arm(azure).as_(DEVELOPER)
    answer = stranger("POST", path, {"name": "shop", "type": "Microsoft.Web/sites"}, api_version="2024-01-01")
    status, code, message = refusal(answer)
    assert (status, code) == (403, "AuthorizationFailed")
    assert f"'{provider}/checkNameAvailability/read' over scope '{SUBSCRIPTION_SCOPE}'" in message


def test_an_action_whose_body_is_no_json_is_refused_and_does_nothing(azure: Azure) -> None:
    arm = Arm(azure)
    account = f"{arm.group()}/providers/Microsoft.Storage/storageAccounts/stone"
    body = {"kind": "StorageV2", "location": "westeurope", "sku": {"name": "Standard_LRS"}, "properties": {}}
    assert arm("PUT", account, body).status == 200
    request = Request(
        "POST",
        "management.azure.com",
        f"{account}/regenerateKey",
        {"api-version": "2024-01-01"},
        {"authorization": f"Bearer {arm.token()}"},
        b"{",
    )
    assert refusal(azure.service(ResourceManager).handle(request))[:2] == (400, "InvalidRequestContent")
    assert azure.store.documents("storage-keys").items() == []
