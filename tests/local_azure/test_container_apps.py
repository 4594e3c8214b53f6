"""Container apps and jobs, judged by azure-mgmt-appcontainers: what a write reads, what code gets, how a job
ends."""

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError

from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure.arm import content
from tests.local_azure.container_apps_stage import ContainerAppsStage
from tests.local_azure.networks import delegated, network_body
from tests.local_azure.vault_stage import GROUP, Json
from tests.patience import PATIENCE

INGRESS: Json = {"external": True, "targetPort": 8000}


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ContainerAppsStage]:
    with LocalAzure(begun(tmp_path_factory.mktemp("azure"))) as local:
        yield ContainerAppsStage(local)


@pytest.fixture(scope="module")
def image(stage: ContainerAppsStage) -> str:
    return stage.image()


def refused(act: Callable[[], Any]) -> tuple[int, str, str]:
    with pytest.raises(HttpResponseError) as error:
        act()
    response: Any = error.value.response
    said: Json = json.loads(response.text())["error"]
    return response.status_code, said["code"], said["message"]


def subnet(stage: ContainerAppsStage, service: str = "Microsoft.App/environments", **more: Any) -> str:
    id = f"{stage.group}/providers/Microsoft.Network/virtualNetworks/{stage.name('vnet')}"
    body = delegated("10.0.0.0/23", **more)
    body["delegations"][0]["properties"]["serviceName"] = service
    content(stage.arm("PUT", id, network_body(snet_apps=body)))
    return f"{id}/subnets/snet-apps"


def until(is_it: Callable[[], bool]) -> bool:
    end = time.monotonic() + PATIENCE
    while not is_it() and time.monotonic() < end:
        time.sleep(0.05)
    return is_it()


def test_code_gets_its_variables_its_secrets_and_the_platforms_words_and_nothing_of_this_machine(
    stage: ContainerAppsStage, image: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OF_THE_PERSON", "1")
    id, principal, client_id = stage.attached()
    vault, url = stage.secret()
    stage.grant(stage.registry_id, "AcrPull", principal)
    stage.grant(vault, "Key Vault Secrets User", principal)
    body = stage.body(
        image, id, ingress=INGRESS, secrets=[{"name": "db", "keyVaultUrl": url, "identity": id}]
    )
    body["properties"]["template"]["containers"][0]["env"] = [
        {"name": "DB_PASSWORD", "secretRef": "db"},
        {"name": "LEVEL", "value": "1"},
    ]
    app = stage.app(body)
    status, text = stage.get(app)
    assert status == 200
    told: dict[str, str] = json.loads(text)
    assert (told["DB_PASSWORD"], told["LEVEL"]) == ("of the vault", "1")
    assert told["CONTAINER_APP_NAME"] == app.name
    assert told["CONTAINER_APP_REVISION"] == app.properties.latest_revision_name
    assert told["CONTAINER_APP_HOSTNAME"] == app.properties.configuration.ingress.fqdn
    assert told["CONTAINER_APP_PORT"] == "8000"
    assert "OF_THE_PERSON" not in told
    assert stage.get(app, f"/token/&client_id={client_id}") == (200, client_id.upper())
    assert stage.get(app, "/token/") == (200, "400")


def test_ca2_a_secret_that_cannot_be_read_refuses_the_write_until_it_can(
    stage: ContainerAppsStage, image: str
) -> None:
    id, principal, _ = stage.attached()
    stage.grant(stage.registry_id, "AcrPull", principal)
    vault, url = stage.secret()
    name = stage.name("ca")
    body = stage.body(image, id, secrets=[{"name": "db", "keyVaultUrl": url, "identity": id}])
    status, code, text = refused(lambda: stage.app(body, name))
    assert (status, code) == (400, "InvalidParameterValueInContainerTemplate")
    assert f"Unable to get value using Managed identity {id} for secret db." in text
    assert refused(lambda: stage.client.container_apps.get(GROUP, name))[0] == 404
    stage.grant(vault, "Key Vault Secrets User", principal)
    assert stage.app(body, name).properties.provisioning_state == "Succeeded"
    body["properties"]["configuration"]["secrets"][0]["keyVaultUrl"] = f"{url}-absent"
    assert refused(lambda: stage.app(body, name))[1] == "InvalidParameterValueInContainerTemplate"


def test_ca2_a_new_apps_own_identity_reads_no_secret(stage: ContainerAppsStage, image: str) -> None:
    _, url = stage.secret()
    name = stage.name("ca")
    body = stage.body(
        image, stage.puller(), secrets=[{"name": "db", "keyVaultUrl": url, "identity": "system"}]
    )
    body["identity"]["type"] = "SystemAssigned,UserAssigned"
    assert "using Managed identity system for secret db" in refused(lambda: stage.app(body, name))[2]
    assert not [one for one in stage.azure.entra.principals() if one.name == name]


def test_ca2_a_closed_vault_lets_in_the_subnet_of_the_environment(
    stage: ContainerAppsStage, image: str
) -> None:
    id, principal, _ = stage.attached()
    stage.grant(stage.registry_id, "AcrPull", principal)
    within = subnet(stage, serviceEndpoints=[{"service": "Microsoft.KeyVault"}])
    rules = {"defaultAction": "Deny", "bypass": "None", "virtualNetworkRules": [{"id": within}]}
    _, url = stage.secret()
    vault = url.partition("//")[2].partition(".")[0]
    stage.grant(stage.id(vault), "Key Vault Secrets User", principal)
    stage.vault(vault, networkAcls=rules)
    body = stage.body(image, id, secrets=[{"name": "db", "keyVaultUrl": url, "identity": id}])
    assert "Unable to get value" in refused(lambda: stage.app(body))[2]
    body["properties"]["environmentId"] = stage.new_environment(
        vnetConfiguration={"infrastructureSubnetId": within}
    )
    assert stage.app(body).properties.provisioning_state == "Succeeded"


def test_ca3_an_app_whose_image_cannot_be_pulled_is_left_as_failed_until_a_write_can(
    stage: ContainerAppsStage, image: str
) -> None:
    id, principal, _ = stage.attached()
    name = stage.name("ca")
    _, code, text = refused(lambda: stage.app(stage.body(image, id), name))
    assert code == "ContainerAppOperationError"
    assert text.startswith(f"Failed to provision revision for container app '{name}'. Error details: ")
    assert f"unable to pull image using Managed identity {id} for registry {stage.host}" in text
    left = stage.client.container_apps.get(GROUP, name).properties
    assert (left.provisioning_state, left.latest_revision_name) == ("Failed", None)
    assert list(stage.client.container_apps_revisions.list_revisions(GROUP, name)) == []
    stage.grant(stage.registry_id, "AcrPull", principal)
    made = stage.app(stage.body(image, id, ingress=INGRESS), name)
    assert made.properties.provisioning_state == "Succeeded"
    assert stage.get(made)[0] == 200
    absent = refused(lambda: stage.app(stage.body(f"{image}-absent", id, ingress=INGRESS), name))
    assert absent[1] == "ContainerAppOperationError"
    kept = stage.client.container_apps.get(GROUP, name)
    assert kept.properties.latest_revision_name == made.properties.latest_revision_name
    assert stage.get(made)[0] == 200
    stage.client.container_apps.begin_delete(GROUP, name).result()
    assert refused(lambda: stage.app(stage.body("mcr.microsoft.com/k8se/quickstart")))[0] == 501


def test_ca3_a_job_whose_image_cannot_be_pulled_is_refused(stage: ContainerAppsStage, image: str) -> None:
    id, _, _ = stage.attached()
    body = stage.body(image, id)
    body["properties"]["configuration"] |= {
        "triggerType": "Manual",
        "replicaTimeout": 60,
        "manualTriggerConfig": {"parallelism": 1, "replicaCompletionCount": 1},
    }
    name = stage.name("caj")
    status, code, text = refused(lambda: stage.job(body, name))
    assert (status, code) == (400, "InvalidParameterValueInContainerTemplate")
    assert f"unable to pull image using Managed identity {id} for registry {stage.host}" in text
    assert refused(lambda: stage.client.jobs.get(GROUP, name))[0] == 404


def test_ca4_what_a_body_names_exists(stage: ContainerAppsStage, image: str) -> None:
    puller = stage.puller()
    body = stage.body(image, puller)
    body["properties"]["environmentId"] = f"{stage.environment}-absent"
    assert refused(lambda: stage.app(body))[0] == 400
    body = stage.body(image, puller, registries=[{"server": stage.host, "identity": stage.puller()}])
    assert "is not assigned" in refused(lambda: stage.app(body))[2]
    body = stage.body(image, puller)
    body["properties"]["template"]["containers"][0]["env"] = [{"name": "A", "secretRef": "absent"}]
    assert refused(lambda: stage.app(body))[1] == "ContainerAppSecretRefNotFound"
    body = stage.body(image, puller)
    body["properties"]["template"]["containers"][0]["resources"] = {"cpu": 0.5, "memory": "2Gi"}
    assert refused(lambda: stage.app(body))[1] == "ContainerAppInvalidResourceTotal"
    body["properties"]["template"]["containers"][0]["resources"] = {"cpu": 0.5, "memory": "1.0Gi"}
    assert stage.app(body).properties.template.containers[0].resources.cpu == 0.5
    for name in ("Upper", "two--hyphens", "x" * 33):
        assert refused(lambda one=name: stage.app(body, one))[0] == 400


def test_ca5_a_change_of_the_template_makes_a_revision_and_one_of_the_configuration_none(
    stage: ContainerAppsStage, image: str
) -> None:
    body = stage.body(image, stage.puller(), ingress=INGRESS)
    name = stage.name("ca")
    first = stage.app(body, name).properties.latest_revision_name
    body["properties"]["configuration"]["ingress"] = {**INGRESS, "external": False}
    inside = stage.app(body, name)
    assert inside.properties.latest_revision_name == first
    assert inside.properties.configuration.ingress.fqdn.startswith(f"{name}.internal.")
    body["properties"]["template"]["containers"][0]["env"] = [{"name": "A", "value": "2"}]
    second = stage.app(body, name)
    assert second.properties.latest_revision_name != first
    known = list(stage.client.container_apps_revisions.list_revisions(GROUP, name))
    assert [(one.name, one.properties.active) for one in known] == [
        (first, False),
        (second.properties.latest_revision_name, True),
    ]
    assert json.loads(stage.get(second)[1])["A"] == "2"


def test_ca6_no_value_of_a_secret_is_answered(stage: ContainerAppsStage, image: str) -> None:
    name = stage.name("ca")
    body = stage.body(image, stage.puller(), secrets=[{"name": "db", "value": "planted-4711"}])
    assert "planted-4711" not in json.dumps(stage.app(body, name).as_dict())
    read = stage.client.container_apps.get(GROUP, name)
    assert [one.as_dict() for one in read.properties.configuration.secrets] == [{"name": "db"}]
    (listed,) = stage.client.container_apps.list_secrets(GROUP, name).value
    assert (listed.name, listed.value) == ("db", "planted-4711")
    body["properties"]["configuration"]["secrets"] = [{"name": "db"}]
    stage.app(body, name)
    assert stage.client.container_apps.list_secrets(GROUP, name).value[0].value == "planted-4711"


def test_a_write_is_an_operation_and_its_answer_leaves_out_what_was_null(
    stage: ContainerAppsStage, image: str
) -> None:
    """`az containerapp` breaks where it is not so."""
    body = stage.body(image, stage.puller())
    body["properties"]["template"]["containers"][0]["env"] = None
    path = f"{stage.group}/providers/Microsoft.App/containerApps/{stage.name('ca')}"
    written = stage.arm("PUT", path, body)
    assert (written.status, sorted(content(written)["properties"]["template"]["containers"][0])) == (
        201,
        ["image", "name"],
    )
    assert "Azure-AsyncOperation" in written.headers


def test_ca8_an_identity_whose_lifecycle_is_none_is_not_there_for_code(
    stage: ContainerAppsStage, image: str
) -> None:
    pulls, (own, _, client_id) = stage.puller(), stage.attached()
    settings = [{"identity": pulls, "lifecycle": "None"}]
    app = stage.app(stage.body(image, pulls, own, ingress=INGRESS, identitySettings=settings))
    assert stage.get(app, f"/token/&mi_res_id={pulls}") == (200, "400")
    assert stage.get(app, f"/token/&client_id={client_id}") == (200, client_id.upper())
    other = stage.app(stage.body(image, pulls, ingress=INGRESS))
    assert stage.get(other, f"/token/&mi_res_id={pulls}")[1] != "400"


def test_an_app_that_is_deleted_is_gone_with_its_containers_and_its_own_identity(
    stage: ContainerAppsStage, image: str
) -> None:
    body = stage.body(image, stage.puller(), ingress=INGRESS)
    body["identity"]["type"] = "SystemAssigned,UserAssigned"
    app = stage.app(body)
    assert stage.get(app)[0] == 200
    assert stage.azure.entra.principal(app.identity.principal_id)
    stage.client.container_apps.begin_delete(GROUP, app.name).result()
    assert stage.get(app)[0] == 404
    assert stage.azure.entra.principal(app.identity.principal_id) is None
    assert not [one for one in (stage.azure.state / "containers").iterdir() if (one / app.name).exists()]


def test_a_command_that_is_not_python_is_said_where_the_app_would_answer(stage: ContainerAppsStage) -> None:
    image = stage.image(Entrypoint=["node"])
    app = stage.app(stage.body(image, stage.puller(), ingress=INGRESS))
    status, text = stage.get(app)
    assert status == 503
    assert "needs node, which is not here" in text


def manual(stage: ContainerAppsStage, code: str, **configuration: Any) -> str:
    """The name of a new job that is started by hand."""
    how = {"triggerType": "Manual", "replicaTimeout": 600, "manualTriggerConfig": {"parallelism": 1}}
    return str(stage.job(stage.body(stage.image(code), stage.puller(), **{**how, **configuration})).name)


def status_of(stage: ContainerAppsStage, job: str, execution: str) -> str:
    return str(stage.client.job_execution(GROUP, job, execution).properties.status.value)


def test_ca7_a_job_that_is_started_has_an_execution_that_tells_how_it_ended(
    stage: ContainerAppsStage,
) -> None:
    job = manual(stage, "import os; print(os.environ['CONTAINER_APP_JOB_EXECUTION_NAME'])")
    started = stage.client.jobs.begin_start(GROUP, job).result()
    assert until(lambda: status_of(stage, job, started.name) == "Succeeded")
    assert stage.log(job) == f"{started.name}\n"
    bad = manual(stage, "print('tried'); raise SystemExit(3)", replicaRetryLimit=1)
    failed = stage.client.jobs.begin_start(GROUP, bad).result()
    assert until(lambda: status_of(stage, bad, failed.name) == "Failed")
    assert stage.log(bad) == "tried\n" * 2
    assert [one.name for one in stage.client.jobs_executions.list(GROUP, job)] == [started.name]


def test_ca7_an_execution_may_be_given_containers_of_its_own_and_the_next_has_the_jobs(
    stage: ContainerAppsStage,
) -> None:
    job = manual(stage, "import os, sys; print(os.environ.get('SHOP'), *sys.argv[1:], flush=True)")
    (of_job,) = stage.client.jobs.get(GROUP, job).properties.template.containers
    own: Json = {"name": of_job.name, "image": of_job.image, "env": [{"name": "SHOP", "value": "a"}]}
    own |= {"args": ["python", "app.py", "b"]}
    started = stage.client.jobs.begin_start(GROUP, job, {"containers": [own]}).result()
    assert until(lambda: status_of(stage, job, started.name) == "Succeeded")
    again = stage.client.jobs.begin_start(GROUP, job).result()
    assert until(lambda: status_of(stage, job, again.name) == "Succeeded")
    assert stage.log(job) == "a b\nNone\n"


def test_ca7_an_execution_ends_at_its_timeout_or_when_it_is_stopped(stage: ContainerAppsStage) -> None:
    code = "import time; print('begun', flush=True); time.sleep(86400)"
    slow = manual(stage, code, replicaTimeout=1)
    started = stage.client.jobs.begin_start(GROUP, slow).result()
    assert until(lambda: status_of(stage, slow, started.name) == "Failed")
    job = manual(stage, code)
    started = stage.client.jobs.begin_start(GROUP, job).result()
    assert until(lambda: stage.log(job) == "begun\n")
    assert status_of(stage, job, started.name) == "Running"
    stage.client.jobs.begin_stop_execution(GROUP, job, started.name).result()
    assert until(lambda: status_of(stage, job, started.name) == "Stopped")


def test_ca7_a_job_says_what_triggers_it_and_how_long_it_may_take(
    stage: ContainerAppsStage, image: str
) -> None:
    puller = stage.puller()
    timed: Json = {"triggerType": "Schedule", "replicaTimeout": 60}
    assert refused(lambda: stage.job(stage.body(image, puller, **timed)))[0] == 400
    timed["scheduleTriggerConfig"] = {"cronExpression": "0 3 * * *"}
    assert stage.job(stage.body(image, puller, **timed)).properties.provisioning_state == "Succeeded"
    del timed["replicaTimeout"]
    assert refused(lambda: stage.job(stage.body(image, puller, **timed)))[0] == 400


@pytest.mark.parametrize(
    ("schedule", "why"),
    [
        ("60 3 * * *", "the minute is from 0 to 59"),
        ("0 24 * * *", "the hour is from 0 to 23"),
        ("0 3 * * 7", "the day of the week is from 0 to 6"),
        ("0 3 * *", "it is to have five fields"),
        ("0 0 3 * * *", "it is to have five fields"),
        ("00:00:05", "it is to have five fields"),
        ("", "it is to have five fields"),
    ],
)
def test_ca7_a_schedule_is_five_fields_of_cron_within_their_ranges(
    stage: ContainerAppsStage, image: str, schedule: str, why: str
) -> None:
    timed: Json = {"triggerType": "Schedule", "replicaTimeout": 60}
    timed["scheduleTriggerConfig"] = {"cronExpression": schedule}
    said = refused(lambda: stage.job(stage.body(image, stage.puller(), **timed)))
    text = f"Given CRON expression - '{schedule}' is not valid: {why}."
    assert said == (400, "InvalidCronExpression", text)


def test_a_job_whose_grant_is_gone_is_not_started(stage: ContainerAppsStage) -> None:
    id, principal, _ = stage.attached()
    granted = stage.grant(stage.registry_id, "AcrPull", principal)
    how = {"triggerType": "Manual", "replicaTimeout": 600, "manualTriggerConfig": {"parallelism": 1}}
    job = stage.job(stage.body(stage.image("print(1)"), id, **how)).name
    stage.roles.delete_by_id(granted.id)
    assert "unable to pull image" in refused(lambda: stage.client.jobs.begin_start(GROUP, job).result())[2]
    assert list(stage.client.jobs_executions.list(GROUP, job)) == []


def test_ca1_an_environment_with_apps_is_not_deleted(stage: ContainerAppsStage, image: str) -> None:
    environment = stage.new_environment()
    name = environment.rpartition("/")[2]
    body = stage.body(image, stage.puller())
    body["properties"]["environmentId"] = environment
    app = stage.app(body).name
    delete = stage.client.managed_environments.begin_delete
    assert refused(lambda: delete(GROUP, name).result())[0] == 409
    stage.client.container_apps.begin_delete(GROUP, app).result()
    delete(GROUP, name).result()
    assert refused(lambda: stage.client.managed_environments.get(GROUP, name))[0] == 404


def test_ca1_an_environments_subnet_is_delegated_and_stays(stage: ContainerAppsStage) -> None:
    profiles = [{"name": "Consumption", "workloadProfileType": "Consumption"}]
    other = subnet(stage, "Microsoft.Web/serverFarms")
    given: Json = {"workloadProfiles": profiles, "vnetConfiguration": {"infrastructureSubnetId": other}}
    assert refused(lambda: stage.new_environment(**given))[0] == 400
    given["vnetConfiguration"] = {"infrastructureSubnetId": f"{other}-absent"}
    assert refused(lambda: stage.new_environment(**given))[0] == 400
    assert refused(lambda: stage.new_environment(vnetConfiguration={"internal": True}))[0] == 400
    given["vnetConfiguration"] = {"infrastructureSubnetId": subnet(stage), "internal": True}
    name = stage.new_environment(**given).rpartition("/")[2]
    body = {"location": "westeurope", "properties": {"workloadProfiles": profiles}}
    write = stage.client.managed_environments.begin_create_or_update
    assert refused(lambda: write(GROUP, name, body).result())[0] == 400


def test_ca1_logs_go_to_a_workspace_only_with_its_key(stage: ContainerAppsStage) -> None:
    def logs(destination: str, **workspace: str) -> Json:
        more = {"logAnalyticsConfiguration": workspace} if workspace else {}
        return {"appLogsConfiguration": {"destination": destination, **more}}

    assert refused(lambda: stage.new_environment(**logs("elsewhere")))[0] == 400
    assert refused(lambda: stage.new_environment(**logs("log-analytics", customerId="w")))[0] == 400
    stage.new_environment(**logs("azure-monitor"))
    made = stage.new_environment(**logs("log-analytics", customerId="w", sharedKey="planted-0815"))
    read = stage.client.managed_environments.get(GROUP, made.rpartition("/")[2])
    assert "planted-0815" not in json.dumps(read.as_dict())


def test_apps_run_again_after_the_local_azure_was_stopped(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("again")
    with LocalAzure(folder) as local:
        first = ContainerAppsStage(local)
        app = first.app(first.body(first.image(), first.puller(), ingress=INGRESS))
        assert first.get(app)[0] == 200
    with LocalAzure(folder) as local, ContainerAppsStage(local).http() as client:
        answer = client.get(f"https://{app.properties.configuration.ingress.fqdn}/", timeout=PATIENCE)
        assert json.loads(answer.text)["CONTAINER_APP_NAME"] == app.name
