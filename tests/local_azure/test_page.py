"""The page for people: a tree with names, who may do what, why somebody was refused, requests by caller."""

import re
from html import unescape

import httpx
import pytest
from azure.core.exceptions import HttpResponseError

from components.azure_facts.roles import built_in_roles
from local_azure.azure import Azure
from local_azure.constants import DEVELOPER, OFFICER, SUBSCRIPTION_SCOPE, VAULT_READERS
from local_azure.http import Lacking, Request
from local_azure.page.names import in_words
from local_azure.page.refusals import fitting_role
from local_azure.portal import Portal
from local_azure.server import LocalAzure
from tests.local_azure.arm import Arm
from tests.local_azure.scene import Scene
from tests.patience import PATIENCE

VAULT = f"{SUBSCRIPTION_SCOPE}/resourceGroups/rg-one/providers/Microsoft.KeyVault/vaults/kv-a"
READ = "Microsoft.KeyVault/vaults/secrets/getSecret/action"


def page_of(azure: Azure) -> str:
    body = Portal(azure).handle(Request("GET", "127.0.0.1", "/")).body
    assert isinstance(body, bytes)
    return body.decode()


def part(page: str, id: str) -> str:
    """The words of one section."""
    found = re.search(rf'<section id="{id}">(.*?)</section>', page, re.DOTALL)
    return " ".join(unescape(re.sub("<[^>]*>", " ", found[1])).split()) if found else ""


def test_what_exists_is_a_tree_with_names_and_the_ids_beside_them(scene: Scene) -> None:
    page = page_of(scene.azure)
    assert part(page, "resources") == (
        "What exists subscription Local Azure resource group rg-one key vault kv-authorizer secret greeting"
    )
    tree = page.partition('<section id="resources">')[2].partition("</section>")[0]
    assert tree.count("<details open>") == 3
    assert f'<span title="{scene.vault}/secrets/greeting">greeting</span>' in tree
    assert SUBSCRIPTION_SCOPE not in re.sub(r'title="[^"]*"', "", tree)


def test_settings_of_a_resource_are_said_beside_it(azure: Azure) -> None:
    arm = Arm(azure)
    arm.group("rg-one")
    place = f"{SUBSCRIPTION_SCOPE}/resourceGroups/rg-one/providers/Microsoft.Storage/storageAccounts/stone"
    body = {"location": "westeurope", "sku": {"name": "Standard_LRS"}, "kind": "StorageV2"}
    assert arm("PUT", place, {**body, "properties": {"allowSharedKeyAccess": False}}).status in (200, 202)
    assert arm("PUT", f"{place}/blobServices/default/containers/reports", {"properties": {}}).status == 201
    assert "storage account stone container reports" in part(page_of(azure), "resources")


def test_an_empty_azure_says_so_and_shows_nothing_else(azure: Azure) -> None:
    page = page_of(azure)
    assert part(page, "resources") == "What exists Nothing yet."
    assert part(page, "requests") == "The last requests None yet."
    assert part(page, "refusal") == part(page, "apps") == ""


def test_who_may_do_what_is_said_with_names(scene: Scene) -> None:
    identity = scene.identity()["principalId"]
    scene.grant(identity, "Key Vault Secrets User", scope=f"{scene.vault}/secrets/greeting")
    scene.grant(VAULT_READERS.object_id, "Key Vault Reader", "Group")
    told = part(page_of(scene.azure), "grants")
    assert "Key Vault Secrets User secret greeting in key vault kv-authorizer" in told
    assert "group vault-readers Key Vault Reader key vault kv-authorizer" in told
    assert identity not in told
    scene.azure.entra.remove_identity(identity)
    assert f"somebody who is not there any more ({identity})" in part(page_of(scene.azure), "grants")


def test_a_refusal_names_the_action_the_scope_and_the_assignment_that_is_missing(scene: Scene) -> None:
    client = scene.reader(DEVELOPER.object_id)
    with pytest.raises(HttpResponseError):
        client.get_secret("greeting")
    page = page_of(scene.azure)
    told = part(page, "refusal")
    assert told.startswith(f"Why the last request was refused Who {DEVELOPER.name} Asked GET kv-authorizer.")
    assert f"Action {READ} (on data) Scope secret greeting in key vault kv-authorizer" in told
    assert "Missing An assignment of Key Vault Secrets User there or above it." in told
    assert told.endswith("Has No assignment at all.")

    command = unescape(re.findall("<pre>(.*?)</pre>", page)[0])
    assert command == (
        "az role assignment create --role 'Key Vault Secrets User' "
        f"--assignee-object-id {DEVELOPER.object_id} --assignee-principal-type User "
        f"--scope {scene.vault}/secrets/greeting"
    )
    # What it says is what helps.
    scene.grant(DEVELOPER.object_id, "Key Vault Secrets User", "User", f"{scene.vault}/secrets/greeting")
    assert client.get_secret("greeting").value == "hello"
    assert "Has Key Vault Secrets User on secret greeting in key vault kv-authorizer" in part(
        page_of(scene.azure), "refusal"
    )


def test_resource_manager_and_storage_say_why_too(azure: Azure) -> None:
    arm = Arm(azure)
    arm.group("rg-one")
    assert arm.as_(DEVELOPER)("GET", "/resourceGroups/rg-one").status == 403
    refused = arm.as_(DEVELOPER)("DELETE", "/resourceGroups/rg-one")
    assert refused.lacking == Lacking(
        DEVELOPER.object_id,
        "Microsoft.Resources/subscriptions/resourceGroups/delete",
        f"{SUBSCRIPTION_SCOPE}/resourceGroups/rg-one",
    )
    assert "lacking" not in str(refused.body)


def test_the_newest_refusal_is_kept_over_a_restart_and_the_oldest_are_forgotten(azure: Azure) -> None:
    for number in range(25):
        lacking = Lacking(DEVELOPER.object_id, READ, f"{VAULT}/secrets/s{number}", data=True)
        azure.journal.record("kv-a.vault.azure.net", "GET", "/", 403, None, "refused", lacking)
    kept = azure.journal.refusals()
    assert [one.lacking.scope.rpartition("/s")[2] for one in kept] == [str(n) for n in range(5, 25)]
    assert kept[-1].lacking == Lacking(DEVELOPER.object_id, READ, f"{VAULT}/secrets/s24", data=True)
    assert "secret s24 in key vault kv-a" in part(page_of(azure), "refusal")


def test_a_condition_that_is_not_fulfilled_is_no_missing_assignment(azure: Azure) -> None:
    lacking = Lacking(
        OFFICER.object_id, "Microsoft.Authorization/roleAssignments/write", VAULT, condition=True
    )
    azure.journal.record("management.azure.com", "PUT", "/", 403, None, "refused", lacking)
    told = part(page_of(azure), "refusal")
    assert (
        "Missing Nothing: a role that was given would allow it, but its condition is not fulfilled." in told
    )


def test_requests_stand_by_caller_and_one_with_a_refusal_is_open(azure: Azure) -> None:
    for who, status, decision in (
        ("deployer", 200, "allowed"),
        ("developer", 403, "refused: AuthorizationFailed"),
        (None, 401, "refused: AuthenticationFailed"),
        ("deployer", 404, "failed: ResourceNotFound"),
    ):
        azure.journal.record("management.azure.com", "GET", "/x", status, who, decision)
    page = page_of(azure)
    requests = page.partition('<section id="requests">')[2]
    summaries = re.findall(
        r"<details( open)?><summary><b>(.*?)</b> <span class=\"kind\">(.*?)</span>", requests
    )
    assert summaries == [
        ("", "deployer", "2 requests, 1 failed"),
        ("", "nobody who was recognised", "1 request, 1 refused"),
        (" open", "developer", "1 request, 1 refused"),
    ]
    assert "403 refused: AuthorizationFailed GET management.azure.com/x" in part(page, "requests")


@pytest.mark.parametrize(
    ("action", "data", "role"),
    [
        (READ, True, "Key Vault Secrets User"),
        ("Microsoft.KeyVault/vaults/secrets/setSecret/action", True, "Key Vault Secrets Officer"),
        ("Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read", True,
         "Storage Blob Data Reader"),
        ("Microsoft.Resources/subscriptions/resourceGroups/read", False, "Reader"),
        ("Microsoft.Web/sites/write", False, "Website Contributor"),
        ("Microsoft.Authorization/roleAssignments/write", False, "Role Based Access Control Administrator"),
    ],
)  # fmt: skip
def test_the_role_that_is_advised_is_the_usual_one(action: str, data: bool, role: str) -> None:
    found = fitting_role(action, data=data)
    assert found is not None
    assert found.name == role
    assert found.id in built_in_roles()


def test_what_no_role_allows_has_no_role_to_advise() -> None:
    assert fitting_role("Microsoft.NoSuch/things/read", data=True) is None


@pytest.mark.parametrize(
    ("id", "words"),
    [
        ("/", "tenant everything"),
        (SUBSCRIPTION_SCOPE, "subscription Local Azure"),
        (f"{SUBSCRIPTION_SCOPE}/resourceGroups/rg", "resource group rg"),
        (f"{VAULT}/secrets/a", "secret a in key vault kv-a"),
        ("nonsense", "nonsense"),
    ],
)
def test_a_place_is_called_by_its_word_and_name(id: str, words: str) -> None:
    assert in_words(id) == words


def test_the_page_brings_everything_itself(local_azure: LocalAzure) -> None:
    page = httpx.get(local_azure.portal_url, timeout=PATIENCE)
    assert not re.search(r"<script|<link|<img|src=|url\(|@import|\son\w+=", page.text)
    assert page.text.count("<style>") == 1
    assert "prefers-color-scheme:dark" in page.text
    assert '<meta name="viewport"' in page.text
