"""A site's settings and publishing policies, judged by azure-mgmt-web."""

from collections.abc import Iterator

import pytest
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError

from local_azure.app_service.service import AppService
from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure.app_service_stage import GREETING_APP, GROUP, Stage, refusal


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with LocalAzure(begun(tmp_path_factory.mktemp("azure"))) as local:
        yield Stage(local)


def listed(stage: Stage, site: str) -> dict[str, str] | None:
    return stage.web.web_apps.list_application_settings(GROUP, site).properties


def test_a_write_replaces_all_settings(stage: Stage) -> None:
    """A14."""
    name = stage.name("app")
    stage.site(name)
    assert not listed(stage, name)
    written = stage.web.web_apps.update_application_settings(
        GROUP, name, {"properties": {"A": "1", "B": "2"}}
    )
    assert written.properties == {"A": "1", "B": "2"}
    stage.settings(name, {"B": "3"})
    assert listed(stage, name) == {"B": "3"}


def test_a_site_without_settings_in_it_keeps_those_there_are(stage: Stage) -> None:
    """A14."""
    name, plan = stage.name("app"), stage.plan()
    stage.site(name, serverFarmId=plan)
    stage.settings(name, {"A": "1"})
    stage.site(name, serverFarmId=plan, siteConfig={"http20Enabled": True})
    assert listed(stage, name) == {"A": "1"}
    stage.site(name, serverFarmId=plan, siteConfig={"appSettings": [{"name": "B", "value": "2"}]})
    assert listed(stage, name) == {"B": "2"}


def test_settings_are_not_shown_to_who_may_only_read(stage: Stage) -> None:
    """A15."""
    name = stage.name("app")
    stage.site(name)
    stage.settings(name, {"A": "planted-setting"})
    with pytest.raises(HttpResponseError) as refused:
        stage.arm("GET", stage.id("Microsoft.Web/sites", f"{name}/config/appsettings"))
    assert refused.value.status_code == 405
    whole = stage.arm("GET", stage.id("Microsoft.Web/sites", f"{name}/config"))
    assert [one["name"] for one in whole["value"]] == ["web"]
    assert "planted-setting" not in str(whole)
    assert "planted-setting" not in str(stage.arm("GET", stage.id("Microsoft.Web/sites", name)))


def test_a_setting_is_a_string(stage: Stage) -> None:
    name = stage.name("app")
    stage.site(name)
    path = stage.id("Microsoft.Web/sites", f"{name}/config/appsettings")
    with pytest.raises(HttpResponseError) as refused:
        stage.arm("PUT", path, {"properties": {"COUNT": 3}})
    assert refused.value.status_code == 400
    assert not listed(stage, name)


@pytest.mark.parametrize("alone", [True, False], ids=["alone", "with the site"])
def test_a28_settings_whose_names_differ_in_case_only_are_one_name(stage: Stage, alone: bool) -> None:
    name, plan, both = stage.name("app"), stage.plan(), {"Mode": "1", "MODE": "2"}
    stage.site(name, serverFarmId=plan)
    stage.settings(name, {"Mode": "kept"})
    entries = [{"name": key, "value": value} for key, value in both.items()]

    def write() -> None:
        if alone:
            stage.settings(name, both)
        else:
            stage.site(name, serverFarmId=plan, siteConfig={"appSettings": entries})

    with pytest.raises(HttpResponseError) as refused:
        write()
    assert refused.value.status_code == 409
    answer = refusal(refused)
    assert (answer["Code"], answer["Message"]) == ("Conflict", "Parameter with name MODE already exists.")
    assert listed(stage, name) == {"Mode": "kept"}
    stage.settings(name, {"MODE": "2"})
    assert listed(stage, name) == {"MODE": "2"}


def test_settings_of_a_site_that_does_not_exist_are_refused(stage: Stage) -> None:
    """G6."""
    with pytest.raises(ResourceNotFoundError):
        stage.settings(stage.name("app"), {"A": "1"})


def test_basic_authentication_is_allowed_until_it_is_refused(stage: Stage) -> None:
    name = stage.name("app")
    stage.site(name)
    for read, write in (
        (stage.web.web_apps.get_ftp_allowed, stage.web.web_apps.update_ftp_allowed),
        (stage.web.web_apps.get_scm_allowed, stage.web.web_apps.update_scm_allowed),
    ):
        before = read(GROUP, name).properties
        assert before is not None
        assert before.allow is True
        write(GROUP, name, {"properties": {"allow": False}})
        after = read(GROUP, name).properties
        assert after is not None
        assert after.allow is False
    policies = stage.web.web_apps.list_basic_publishing_credentials_policies(GROUP, name)
    assert sorted(str(one.name) for one in policies) == ["ftp", "scm"]


def test_a_policy_that_says_neither_yes_nor_no_is_refused(stage: Stage) -> None:
    name = stage.name("app")
    stage.site(name)
    with pytest.raises(HttpResponseError) as refused:
        stage.web.web_apps.update_scm_allowed(GROUP, name, {"properties": {}})
    assert refused.value.status_code == 400


def test_what_comes_with_a_site_goes_only_with_it(stage: Stage) -> None:
    name = stage.name("app")
    stage.site(name)
    path = stage.id("Microsoft.Web/sites", name)
    with pytest.raises(HttpResponseError) as refused:
        stage.arm("DELETE", f"{path}/config/web")
    assert refused.value.status_code == 405
    stage.web.web_apps.delete(GROUP, name)
    assert stage.local.azure.store.list(under=path) == []


def test_an_app_runs_with_its_settings_and_starts_once_for_each_write(stage: Stage) -> None:
    """F13."""
    name, plan = stage.name("app"), stage.plan()
    service, id_ = stage.local.azure.service(AppService).hosting, stage.id("Microsoft.Web/sites", name)
    stage.site(name, serverFarmId=plan, siteConfig={"linuxFxVersion": "PYTHON|3.12"})
    stage.settings(name, {"COLOUR": "green"})
    assert service.starts(id_) == 0
    stage.deploy(name, {"app.py": GREETING_APP})
    seen = stage.get(name).json()
    assert seen["COLOUR"] == "green"
    assert seen["WEBSITE_SITE_NAME"] == name
    assert seen["WEBSITE_HOSTNAME"] == f"{name}.azurewebsites.net"
    assert service.starts(id_) == 1
    stage.settings(name, {"COLOUR": "blue"})
    assert stage.get(name).json()["COLOUR"] == "blue"
    assert service.starts(id_) == 2
    stage.site(name, serverFarmId=plan, siteConfig={"http20Enabled": True})
    service.settle()
    assert service.starts(id_) == 3
    stage.arm("PATCH", id_, {"tags": {"cost": "none"}})
    service.settle()
    assert service.starts(id_) == 3


def test_an_app_gets_the_way_to_azure_and_nothing_of_the_deployer(stage: Stage) -> None:
    name = stage.name("app")
    stage.site(name)
    stage.deploy(name, {"app.py": GREETING_APP})
    seen = stage.get(name).json()
    client = stage.local.client_environment()
    assert {key: seen[key] for key in client} == client
    assert not [key for key in seen if key.startswith(("ARM_", "AZURE_", "IDENTITY_", "MSI_", "PULUMI_"))]
    secret = stage.local.environment()["AZURE_CLIENT_SECRET"]
    assert secret not in str(seen)


def test_an_app_that_ended_is_unavailable(stage: Stage) -> None:
    name = stage.name("app")
    stage.site(name)
    stage.deploy(name, {"app.py": "app = None\nraise RuntimeError('a defect')\n"})
    assert stage.get(name).status_code in (502, 503)
    stage.deploy(name, {"app.py": GREETING_APP})
    assert stage.get(name).status_code == 200


def test_a_restart_starts_the_app_anew(stage: Stage) -> None:
    name = stage.name("app")
    stage.site(name, identity={"type": "SystemAssigned"})
    stage.deploy(name, {"app.py": GREETING_APP})
    first = stage.get(name).json()["IDENTITY_HEADER"]
    stage.web.web_apps.restart(GROUP, name)
    second = stage.get(name).json()["IDENTITY_HEADER"]
    assert first != second
    stored = stage.stored().decode()
    assert name in stored
    assert first not in stored
    assert second not in stored


def test_code_without_an_app_is_unavailable_and_the_log_says_why(stage: Stage) -> None:
    name = stage.name("app")
    stage.site(name)
    stage.deploy(name, {"main.txt": "no app"})
    assert stage.get(name).status_code == 503
    log = stage.local.azure.state / "logs" / f"{name}.log"
    assert log.read_text().startswith("No startup command was detected")
