"""A site that runs a package from a blob: fetched with its identity, started by its command (I9 A12)."""

from collections.abc import Iterator

import pytest

from local_azure.app_service.service import AppService
from local_azure.server import LocalAzure
from local_azure.storage.service import Storage
from tests.drawn_key import begun
from tests.local_azure.app_service_stage import Json, Stage, package

BLOB_READER = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"
SERVER = """
import http.server, os
class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers(); self.wfile.write(b"%s")
    def log_message(self, *_): pass
http.server.HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Page).serve_forever()
"""


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with LocalAzure(begun(tmp_path_factory.mktemp("azure"))) as local:
        yield Stage(local)


def account(stage: Stage) -> str:
    """A new storage account with a container `packages`."""
    name = stage.name("st").replace("-", "")
    id = stage.id("Microsoft.Storage/storageAccounts", name)
    body: Json = {"location": "westeurope", "kind": "StorageV2", "sku": {"name": "Standard_LRS"}}
    stage.arm("PUT", id, {**body, "properties": {"allowSharedKeyAccess": False}}, "2024-01-01")
    stage.arm("PUT", f"{id}/blobServices/default/containers/packages", {}, "2024-01-01")
    return name


def upload(stage: Stage, account: str, content: bytes) -> str:
    """The address of a package that is stored there."""
    stage.local.azure.service(Storage).blobs.put(account, "packages", "shop.zip", content, "application/zip")
    return f"https://{account}.blob.core.windows.net/packages/shop.zip"


def serving(text: str) -> bytes:
    return package({"serve.py": SERVER % text})


def settings(address: str, identity: str) -> dict[str, str]:
    return {
        "WEBSITE_RUN_FROM_PACKAGE": address,
        "WEBSITE_RUN_FROM_PACKAGE_BLOB_MI_RESOURCE_ID": identity,
    }


def log(stage: Stage, site: str) -> str:
    stage.local.azure.service(AppService).hosting.settle()
    return (stage.local.azure.state / "logs" / f"{site}.log").read_text()


def test_a_package_is_fetched_with_the_named_identity_once_it_may_read_it(stage: Stage) -> None:
    storage, identity, site = account(stage), stage.identity(), stage.name("app")
    address = upload(stage, storage, serving("one"))
    attached: Json = {"type": "UserAssigned", "userAssignedIdentities": {identity["id"]: {}}}
    stage.site(site, identity=attached, siteConfig={"appCommandLine": "python serve.py"})
    stage.settings(site, settings(address, identity["id"]))
    assert "Blob storage answered 403 AuthorizationPermissionMismatch" in log(stage, site)
    refused = stage.get(site)
    assert refused.status_code == 503
    assert "RunFromPackageFailure" in refused.text

    scope = stage.id(
        "Microsoft.Storage/storageAccounts", f"{storage}/blobServices/default/containers/packages"
    )
    stage.assign(scope, identity["properties"]["principalId"], BLOB_READER)
    stage.settings(site, {**settings(address, identity["id"]), "A": "1"})
    assert stage.get(site).text == "one"

    upload(stage, storage, serving("two"))
    assert stage.get(site).text == "one"
    stage.web.web_apps.restart("rg-apps", site)
    assert stage.get(site).text == "two"


def test_system_assigned_is_the_sites_own_identity(stage: Stage) -> None:
    storage, site = account(stage), stage.name("app")
    address = upload(stage, storage, serving("own"))
    made = stage.site(
        site, identity={"type": "SystemAssigned"}, siteConfig={"appCommandLine": "python serve.py"}
    )
    stage.assign(
        stage.id("Microsoft.Storage/storageAccounts", storage), made.identity.principal_id, BLOB_READER
    )
    stage.settings(site, settings(address, "SystemAssigned"))
    assert stage.get(site).text == "own"


def test_an_identity_that_is_not_attached_fetches_nothing(stage: Stage) -> None:
    site = stage.name("app")
    stage.site(site)
    stage.settings(site, settings(upload(stage, account(stage), b""), stage.identity()["id"]))
    assert "is not attached to the site" in log(stage, site)


def test_what_is_no_zip_file_is_said(stage: Stage) -> None:
    storage, site = account(stage), stage.name("app")
    made = stage.site(site, identity={"type": "SystemAssigned"})
    stage.assign(
        stage.id("Microsoft.Storage/storageAccounts", storage), made.identity.principal_id, BLOB_READER
    )
    stage.settings(site, settings(upload(stage, storage, b"no zip"), "SystemAssigned"))
    assert "the package is not a zip file" in log(stage, site)


def test_nothing_outside_the_local_azure_is_asked_for_a_package(stage: Stage) -> None:
    site = stage.name("app")
    stage.site(site, identity={"type": "SystemAssigned"})
    stage.settings(site, settings("https://example.org/shop.zip", "SystemAssigned"))
    assert "example.org is no blob storage of the local Azure" in log(stage, site)


def test_a_site_without_a_package_runs_what_was_published_again(stage: Stage) -> None:
    storage, site = account(stage), stage.name("app")
    made = stage.site(
        site, identity={"type": "SystemAssigned"}, siteConfig={"appCommandLine": "python serve.py"}
    )
    stage.assign(
        stage.id("Microsoft.Storage/storageAccounts", storage), made.identity.principal_id, BLOB_READER
    )
    stage.deploy(site, {"serve.py": SERVER % "published"})
    stage.settings(site, settings(upload(stage, storage, serving("package")), "SystemAssigned"))
    assert stage.get(site).text == "package"
    stage.settings(site, {})
    assert stage.get(site).text == "published"


def test_a_start_up_command_starts_the_app_and_another_one_starts_it_anew(stage: Stage) -> None:
    """A12."""
    site, plan = stage.name("app"), stage.plan()
    stage.site(site, serverFarmId=plan, siteConfig={"appCommandLine": "python serve.py"})
    stage.deploy(site, {"serve.py": SERVER % "first", "other.py": SERVER % "second"})
    assert stage.get(site).text == "first"
    stage.site(site, serverFarmId=plan, siteConfig={"appCommandLine": "python other.py"})
    assert stage.get(site).text == "second"
