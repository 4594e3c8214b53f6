"""Publishing code to a site, and what is left of it after restarts and deletions."""

import io
import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from local_azure.app_service.service import AppService
from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure.app_service_stage import GREETING_APP, GROUP, Stage, package


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with LocalAzure(begun(tmp_path_factory.mktemp("azure"))) as local:
        yield Stage(local)


def publish(
    stage: Stage, site: str, content: bytes, query: str = "?type=zip", token: str | None = None
) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token or stage.token()}"}
    with stage.http() as client:
        return client.post(
            f"https://{site}.scm.azurewebsites.net/api/publish{query}", content=content, headers=headers
        )


def latest(stage: Stage, site: str) -> httpx.Response:
    with stage.http() as client:
        url = f"https://{site}.scm.azurewebsites.net/api/deployments/latest"
        return client.get(url, headers={"Authorization": f"Bearer {stage.token()}"})


def content_of(stage: Stage, site: str) -> list[str]:
    """The files of a site on the disk, the deployment's folder left out."""
    folder = stage.local.azure.state / "content" / site
    files = [
        path.relative_to(folder)
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    ]
    return sorted("/".join(path.parts[1:]) for path in files)


def answering(text: str) -> dict[str, str]:
    code = f"def app(environ, start_response):\n    start_response('200 OK', [])\n    return [b'{text}']\n"
    return {"app.py": code}


def test_published_code_answers(stage: Stage) -> None:
    site = stage.name("app")
    stage.site(site)
    assert latest(stage, site).status_code == 404
    answer = publish(stage, site, package(answering("one")))
    assert answer.status_code == 200
    assert stage.get(site).text == "one"
    deployment = latest(stage, site).json()
    assert deployment["id"] == answer.json()["id"]
    assert (deployment["status"], deployment["complete"], deployment["active"]) == (4, True, True)


def test_published_code_replaces_what_was_there(stage: Stage) -> None:
    site = stage.name("app")
    stage.site(site)
    stage.deploy(site, {**answering("one"), "old.txt": "old"})
    stage.deploy(site, answering("two"))
    assert stage.get(site).text == "two"
    stage.local.azure.service(AppService).hosting.settle()
    assert content_of(stage, site) == ["app.py"]


def test_an_asynchronous_deployment_says_where_to_look(stage: Stage) -> None:
    site = stage.name("app")
    stage.site(site)
    answer = publish(stage, site, package(answering("one")), "?type=zip&async=true")
    assert answer.status_code == 202
    with stage.http() as client:
        found = client.get(answer.headers["location"], headers={"Authorization": f"Bearer {stage.token()}"})
    assert found.json()["status"] == 4


def test_basic_authentication_does_not_publish(stage: Stage) -> None:
    site = stage.name("app")
    stage.site(site)
    stage.web.web_apps.update_scm_allowed(GROUP, site, {"properties": {"allow": False}})
    with stage.http() as client:
        url = f"https://{site}.scm.azurewebsites.net/api/publish?type=zip"
        answer = client.post(url, content=package(answering("one")), auth=("$" + site, "password"))
    assert answer.status_code == 401
    assert content_of(stage, site) == []


def test_a_token_for_something_else_does_not_publish(stage: Stage) -> None:
    site = stage.name("app")
    stage.site(site)
    token = stage.credential.get_token("https://vault.azure.net/.default").token
    assert publish(stage, site, package(answering("one")), token=token).status_code == 401
    assert content_of(stage, site) == []


def test_who_may_not_publish_is_refused(stage: Stage) -> None:
    site, identity = stage.name("app"), stage.identity()
    stage.site(site)
    principal = stage.local.azure.entra.principal(identity["properties"]["principalId"])
    assert principal is not None
    token, _ = stage.local.azure.entra.issue(principal, "https://management.azure.com")
    assert publish(stage, site, package(answering("one")), token=token).status_code == 403
    assert content_of(stage, site) == []


def test_a_site_that_does_not_exist_takes_no_code(stage: Stage) -> None:
    assert publish(stage, stage.name("nobody"), package(answering("one"))).status_code == 404


@pytest.mark.parametrize(
    "name", ["../outside.py", "/outside.py", "a/../../outside.py", "..\\outside.py", "C:/outside.py"]
)
def test_a_package_never_writes_outside_its_folder(stage: Stage, name: str) -> None:
    site = stage.name("app")
    stage.site(site)
    answer = publish(stage, site, package({**answering("one"), name: "planted"}))
    assert answer.status_code == 400
    assert latest(stage, site).status_code == 404
    assert list(stage.local.azure.state.rglob("outside.py*")) == []


def test_a_package_brings_no_links(stage: Stage) -> None:
    site, buffer = stage.name("app"), io.BytesIO()
    stage.site(site)
    link = zipfile.ZipInfo("link")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    assert publish(stage, site, buffer.getvalue()).status_code == 400
    assert content_of(stage, site) == []


@pytest.mark.parametrize(
    ("content", "query"), [(b"no zip", "?type=zip"), (b"", "?type=zip"), (b"", "?type=war")]
)
def test_what_is_no_package_is_refused(stage: Stage, content: bytes, query: str) -> None:
    site = stage.name("app")
    stage.site(site)
    assert publish(stage, site, content, query).status_code == 400
    assert list((stage.local.azure.state / "incoming").glob("*")) == []


def test_a_deleted_site_leaves_no_code_and_no_process(stage: Stage) -> None:
    site = stage.name("app")
    stage.site(site)
    stage.deploy(site, answering("one"))
    assert stage.get(site).text == "one"
    address = stage.local.azure.service(AppService).hosting.browser_addresses()[site]
    assert httpx.get(address, trust_env=False).text == "one"
    stage.web.web_apps.delete(GROUP, site)
    stage.local.azure.service(AppService).hosting.settle()
    assert content_of(stage, site) == []
    assert site not in stage.local.azure.service(AppService).hosting.browser_addresses()
    with pytest.raises(httpx.TransportError):
        httpx.get(address, trust_env=False)
    stage.site(site)
    assert "no code has been deployed" in stage.get(site).text


def test_apps_run_again_after_the_local_azure_was_restarted(tmp_path: Path) -> None:
    with LocalAzure(tmp_path / "azure") as local:
        stage = Stage(local)
        site, vault = stage.name("app"), stage.vault()
        principal = stage.site(site, identity={"type": "SystemAssigned"}).identity.principal_id
        stage.secret(vault, "greeting", "planted-one")
        stage.grant(vault, principal)
        settings = {"GREETING": f"@Microsoft.KeyVault(VaultName={vault};SecretName=greeting)"}
        stage.settings(
            site, {**settings, "LATER": f"@Microsoft.KeyVault(VaultName={vault};SecretName=later)"}
        )
        stage.deploy(site, {"app.py": GREETING_APP})
        first = stage.get(site).json()
        assert first["GREETING"] == "planted-one"
        stage.secret(vault, "greeting", "planted-two")
        stage.secret(vault, "later", "planted-later")
    with pytest.raises(httpx.TransportError):
        httpx.get(f"http://127.0.0.1:{first['PORT']}", trust_env=False)
    with LocalAzure(tmp_path / "azure") as local:
        stage = Stage(local)
        second = stage.get(site).json()
        # A restart of the platform is no resolution: neither a rotation nor a mended failure shows.
        assert second["GREETING"] == "planted-one"
        assert second["LATER"] == first["LATER"]
        assert stage.statuses(site) == {"GREETING": "Resolved", "LATER": "SecretNotFound"}
        assert second["IDENTITY_HEADER"] != first["IDENTITY_HEADER"]
