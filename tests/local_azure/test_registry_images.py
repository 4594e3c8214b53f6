"""Images in a registry, judged by azure-containerregistry: who may pull and push which, and what becomes of
them.
"""

import base64
import hashlib
import io
import json
from collections.abc import Callable, Iterator
from typing import Any

import jwt
import pytest
from azure.containerregistry import ArtifactTagOrder
from azure.core.exceptions import ClientAuthenticationError, HttpResponseError, ResourceNotFoundError
from azure.mgmt.containerregistry import ContainerRegistryManagementClient

from local_azure.constants import DEPLOYER, SUBSCRIPTION_ID
from local_azure.entra.directory import Principal
from local_azure.origins import PERSON_ADDRESS
from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure import networks
from tests.local_azure.app_service_stage import Stage
from tests.local_azure.arm import content
from tests.local_azure.registry_stage import READER, VERSION, WRITER, RegistryStage, only
from tests.local_azure.vault_stage import GROUP, Json

BY_REPOSITORY: Json = {"roleAssignmentMode": "AbacRepositoryPermissions"}
WRITES = ("content/read", "content/write", "metadata/read", "metadata/write")
READS = ("content/read", "metadata/read")


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RegistryStage]:
    with LocalAzure(begun(tmp_path_factory.mktemp("azure"))) as local:
        yield RegistryStage(local)


def refused(act: Callable[[], Any]) -> tuple[int, str, list[Json]]:
    """Status, code and detail of a refusal in the registry's own envelope."""
    with pytest.raises(HttpResponseError) as error:
        act()
    response: Any = error.value.response
    response.read()
    (one,) = json.loads(response.text())["errors"]
    return response.status_code, one["code"], one.get("detail", [])


def pushing(
    stage: RegistryStage, host: str, who: Principal, repository: str = "shop/web"
) -> Callable[[], Any]:
    return lambda: stage.pushed(host, who, repository, "v1")


def tags(stage: RegistryStage, host: str, who: Principal | None, repository: str = "shop/web") -> list[str]:
    client: Any = stage.images(host, who)
    return [one.name for one in client.list_tag_properties(repository)]


def test_what_one_identity_pushes_another_pulls_and_each_may_do_nothing_else(stage: RegistryStage) -> None:
    id, host = stage.registry()
    builder, app = stage.with_role("AcrPush", id), stage.with_role("AcrPull", id)
    digest = stage.pushed(host, builder, "shop/web", "v1", "latest")
    client: Any = stage.images(host, app)
    found = client.get_manifest("shop/web", "v1")
    assert (found.digest, found.media_type) == (digest, "application/vnd.oci.image.manifest.v1+json")
    layer = found.manifest["layers"][0]["digest"]
    assert b"".join(client.download_blob("shop/web", layer)) == b"layer of v1"
    assert list(client.list_repository_names()) == ["shop/web"]
    assert tags(stage, host, app) == ["latest", "v1"]
    status, code, detail = refused(pushing(stage, host, app))
    assert (status, code) == (401, "UNAUTHORIZED")
    assert detail == [{"Type": "repository", "Name": "shop/web", "Action": "push"}]
    for who in (app, builder):
        deleting: Any = stage.images(host, who)
        assert refused(lambda one=deleting: one.delete_manifest("shop/web", digest))[0] == 401
    assert stage.pushed(host, builder, "shop/web", "v2") != digest


def test_images_are_listed_looked_at_and_deleted(stage: RegistryStage) -> None:
    id, host = stage.registry()
    owner = stage.with_role("AcrPush", id)
    stage.grant(id, "AcrDelete", owner.object_id)
    one, two = stage.pushed(host, owner, "shop/web", "v1", "V1"), stage.pushed(host, owner, "shop/web", "v2")
    stage.pushed(host, owner, "shop/worker", "v1")
    client: Any = stage.images(host, owner)
    about = client.get_repository_properties("shop/web")
    assert (about.name, about.manifest_count, about.tag_count) == ("shop/web", 2, 3)
    assert {each.digest for each in client.list_manifest_properties("shop/web")} == {one, two}
    assert client.get_manifest_properties("shop/web", "v1").tags == ["V1", "v1"]
    ordered = client.list_tag_properties("shop/web", order_by=ArtifactTagOrder.LAST_UPDATED_ON_ASCENDING)
    assert [each.name for each in ordered] == ["V1", "v1", "v2"]
    assert list(client.list_repository_names(results_per_page=1)) == ["shop/web", "shop/worker"]
    client.delete_tag("shop/web", "V1")
    client.delete_manifest("shop/web", "v2")
    assert tags(stage, host, owner) == ["v1"]
    with pytest.raises(ResourceNotFoundError):
        client.get_tag_properties("shop/web", "v2")
    client.delete_repository("shop/web")
    assert list(client.list_repository_names()) == ["shop/worker"]
    assert stage.arm("DELETE", id).status in (200, 204)
    again = {"location": "westeurope", "sku": {"name": "Standard"}, "properties": {}}
    content(stage.arm("PUT", id, again, api_version=VERSION))
    stage.grant(id, "AcrPull", owner.object_id)
    assert list(client.list_repository_names()) == []


def test_j1_without_a_role_no_token_is_given(stage: RegistryStage) -> None:
    id, host = stage.registry()
    stage.pushed(host, stage.with_role("AcrPush", id), "shop/web", "v1")
    stranger = stage.identity()
    assert refused(lambda: tags(stage, host, stranger))[:2] == (401, "UNAUTHORIZED")
    neighbour, _ = stage.registry()
    stage.grant(neighbour, "AcrPull", stranger.object_id)
    assert refused(lambda: tags(stage, host, stranger))[:2] == (401, "UNAUTHORIZED")
    last = stage.azure.journal.entries(1)[0]
    assert (last["host"], last["decision"]) == (host, "refused: UNAUTHORIZED")


def test_a_grant_opens_images_only_after_its_propagation(stage: RegistryStage) -> None:
    """(R13)"""
    id, host = stage.registry()
    stage.azure.authorizer.set_propagation(seconds=300)
    try:
        reader = stage.with_role("AcrPull", id)
    finally:
        stage.azure.authorizer.set_propagation()
    client: Any = stage.images(host, reader)
    with pytest.raises(ClientAuthenticationError):
        list(client.list_repository_names())
    stage.azure.clock.advance(301)
    assert list(client.list_repository_names()) == []


def test_j2_where_roles_are_for_repositories_the_others_open_nothing(stage: RegistryStage) -> None:
    id, host = stage.registry(**BY_REPOSITORY)
    writer, reader = stage.with_role(WRITER, id), stage.with_role(READER, id)
    stage.pushed(host, writer, "shop/web", "v1")
    assert tags(stage, host, reader) == ["v1"]
    assert refused(pushing(stage, host, reader))[0] == 401
    for role in ("AcrPull", "AcrPush", "Owner", "Contributor", "Reader"):
        who = stage.with_role(role, id)
        assert refused(lambda who=who: tags(stage, host, who))[0] == 401


def test_j2_a_role_for_one_repository_opens_no_other(stage: RegistryStage) -> None:
    id, host = stage.registry(**BY_REPOSITORY)
    builder, app, lister = stage.identity(), stage.identity(), stage.identity()
    stage.grant(
        id, WRITER, builder.object_id, **only("shop/", *WRITES, operator="StringStartsWithIgnoreCase")
    )
    stage.grant(id, READER, app.object_id, **only("shop/web", *READS))
    stage.pushed(host, builder, "shop/web", "v1")
    stage.pushed(host, builder, "shop/worker", "v1")
    assert refused(pushing(stage, host, builder, "other/web"))[0] == 401
    assert tags(stage, host, app) == ["v1"]
    for neighbour in ("shop/worker", "shop/web/more", "web"):
        assert refused(lambda name=neighbour: tags(stage, host, app, name))[0] == 401
    assert refused(pushing(stage, host, app))[0] == 401
    client: Any = stage.images(host, app)
    assert refused(lambda: list(client.list_repository_names()))[0] == 401
    stage.grant(id, "Container Registry Repository Catalog Lister", lister.object_id)
    listing: Any = stage.images(host, lister)
    assert list(listing.list_repository_names()) == ["shop/web", "shop/worker"]
    assert refused(lambda: tags(stage, host, lister))[0] == 401


def test_the_condition_that_a_link_makes_is_for_its_repositories_and_no_others(stage: RegistryStage) -> None:
    from components.repositories import condition

    id, host = stage.registry(**BY_REPOSITORY)
    builder, app = stage.with_role(WRITER, id), stage.identity()
    for name in ("shop/web", "shop/worker", "shop/other"):
        stage.pushed(host, builder, name, "v1")
    text = condition(READER, ["shop/web", "shop/worker"])
    stage.grant(id, READER, app.object_id, condition=text, conditionVersion="2.0")
    assert [tags(stage, host, app, name) for name in ("shop/web", "shop/worker")] == [["v1"], ["v1"]]
    assert refused(lambda: tags(stage, host, app, "shop/other"))[0] == 401


def test_j3_a_token_for_something_else_is_not_exchanged(stage: RegistryStage) -> None:
    id, host = stage.registry()
    app = stage.with_role("AcrPush", id)
    stage.pushed(host, app, "shop/web", "v1")

    def found(audience: str) -> list[str]:
        client: Any = stage.images(host, app, audience=audience)
        return [one.name for one in client.list_tag_properties("shop/web")]

    assert found("https://management.azure.com") == ["v1"]
    assert refused(lambda: found("https://vault.azure.net"))[:2] == (401, "UNAUTHORIZED")
    off = {"policies": {"azureADAuthenticationAsArmPolicy": {"status": "disabled"}}}
    body = {"location": "westeurope", "sku": {"name": "Standard"}, "properties": off}
    content(stage.arm("PUT", id, body, api_version=VERSION))
    assert refused(lambda: found("https://management.azure.com"))[:2] == (401, "UNAUTHORIZED")
    assert found("https://containerregistry.azure.net") == ["v1"]


def test_j4_a_grant_that_is_taken_away_is_felt_at_the_next_token(stage: RegistryStage) -> None:
    id, host = stage.registry()
    app = stage.identity()
    grant = stage.grant(id, "AcrPush", app.object_id)
    stage.pushed(host, app, "shop/web", "v1")
    client: Any = stage.images(host, app)
    assert client.get_tag_properties("shop/web", "v1").name == "v1"
    with stage.http() as http:
        token = access_token(stage, http, host, app, "repository:shop/web:pull")
        stage.roles.delete_by_id(grant.id)
        bearer = {"authorization": f"Bearer {token}"}
        manifest = f"https://{host}/v2/shop/web/manifests/v1"
        assert http.get(manifest, headers=bearer).status_code == 200
        assert refused(lambda: client.get_tag_properties("shop/web", "v1"))[0] == 401
        stage.azure.clock.advance(75 * 60)
        assert http.get(manifest, headers=bearer).status_code == 401
    stage.sign_in()


def access_token(stage: RegistryStage, http: Any, host: str, who: Principal, scope: str) -> str:
    entra = stage.azure.entra.issue(who, "https://containerregistry.azure.net")[0]
    exchanged = {"grant_type": "access_token", "service": host, "access_token": entra}
    refresh = http.post(f"https://{host}/oauth2/exchange", data=exchanged).json()["refresh_token"]
    asked = {"grant_type": "refresh_token", "service": host, "scope": scope, "refresh_token": refresh}
    return str(http.post(f"https://{host}/oauth2/token", data=asked).json()["access_token"])


def test_a_token_of_one_registry_or_repository_opens_no_other(stage: RegistryStage) -> None:
    (id, host), (other_id, other) = stage.registry(), stage.registry()
    app = stage.with_role("AcrPush", id)
    stage.grant(other_id, "AcrPush", app.object_id)
    for one in (host, other):
        for repository in ("shop/web", "shop/worker"):
            stage.pushed(one, app, repository, "v1")
    with stage.http() as http:
        token = access_token(stage, http, host, app, "repository:shop/web:pull")
        bearer = {"authorization": f"Bearer {token}"}
        status = {
            path: http.get(f"https://{path}/manifests/v1", headers=bearer).status_code
            for path in (f"{host}/v2/shop/web", f"{host}/v2/shop/worker", f"{other}/v2/shop/web")
        }
        refresh = {"authorization": f"Bearer {token[:-2]}"}
        assert http.get(f"https://{host}/v2/", headers=refresh).status_code == 401
    assert list(status.values()) == [200, 401, 401]


def test_an_upload_is_of_its_repository_and_nobody_of_another_adds_to_it_or_ends_it(
    stage: RegistryStage,
) -> None:
    id, host = stage.registry(**BY_REPOSITORY)
    mine, other = stage.identity(), stage.identity()
    for who, name in ((mine, "shop/web"), (other, "shop/web-secret")):
        stage.grant(id, WRITER, who.object_id, **only(name, *WRITES))
    digest = "sha256:" + hashlib.sha256(b"layer").hexdigest()
    with stage.http() as http:

        def bearer(who: Principal, name: str) -> dict[str, str]:
            token = access_token(stage, http, host, who, f"repository:{name}:pull,push")
            return {"authorization": f"Bearer {token}"}

        web, secret = bearer(mine, "shop/web"), bearer(other, "shop/web-secret")
        began = http.post(f"https://{host}/v2/shop/web/blobs/uploads/", headers=web)
        place = f"https://{host}{began.headers['location']}"
        elsewhere = place.replace("/shop/web/", "/shop/web-secret/")
        assert http.patch(elsewhere, content=b"worse", headers=secret).status_code == 404
        assert http.delete(elsewhere, headers=secret).status_code == 404
        assert http.patch(place, content=b"layer", headers=web).status_code == 202
        assert http.put(place, params={"digest": digest}, headers=web).status_code == 201
        # What is in one repository is mounted in no other: who asks for that is told to upload it.
        mount = {"mount": digest, "from": "shop/web"}
        uploads = f"https://{host}/v2/shop/web-secret/blobs/uploads/"
        assert http.post(uploads, params=mount, headers=secret).status_code == 202
        blob = f"https://{host}/v2/{{}}/blobs/{digest}"
        assert http.get(blob.format("shop/web-secret"), headers=secret).status_code == 404
        assert http.get(blob.format("shop/web"), headers=secret).status_code == 401
        assert http.get(blob.format("shop/web"), headers=web).content == b"layer"


def test_who_may_do_one_thing_is_given_no_token_for_more(stage: RegistryStage) -> None:
    id, host = stage.registry(**BY_REPOSITORY)
    app = stage.identity()
    stage.grant(id, READER, app.object_id, **only("shop/web", *READS))
    with stage.http() as http:
        asked = "repository:shop/web:pull,push,delete,metadata_write,* repository:shop/web-secret:pull"
        token = access_token(stage, http, host, app, asked)
    claims = jwt.decode(token, options={"verify_signature": False})
    assert claims["access"] == [{"Type": "repository", "Name": "shop/web", "Actions": ["pull"]}]


def test_j5_the_admin_user_opens_nothing(stage: RegistryStage) -> None:
    id, host = stage.registry(adminUserEnabled=True)
    name = host.partition(".")[0]
    login = base64.b64encode(f"{name}:password".encode()).decode()
    with stage.http() as http:
        for path in ("/v2/", f"/oauth2/token?service={host}&scope=repository:shop/web:pull"):
            answer = http.get(f"https://{host}{path}", headers={"authorization": f"Basic {login}"})
            assert (answer.status_code, answer.json()["errors"][0]["code"]) == (401, "UNAUTHORIZED")
    assert stage.arm("POST", f"{id}/listCredentials", {}).status == 400


def test_docker_signs_in_with_a_refresh_token_as_the_password_of_nobody(stage: RegistryStage) -> None:
    id, host = stage.registry()
    app = stage.with_role("AcrPush", id)
    stage.pushed(host, app, "shop/web", "v1")
    entra = stage.azure.entra.issue(app, "https://containerregistry.azure.net")[0]
    with stage.http() as http:
        exchanged = {"grant_type": "access_token", "service": host, "access_token": entra}
        refresh = http.post(f"https://{host}/oauth2/exchange", data=exchanged).json()["refresh_token"]
        nobody = ("00000000-0000-0000-0000-000000000000", refresh)
        asked = {"service": host, "scope": "repository:shop/web:pull"}
        token = http.get(f"https://{host}/oauth2/token", params=asked, auth=nobody).json()["access_token"]
        bearer = {"authorization": f"Bearer {token}"}
        assert http.get(f"https://{host}/v2/", headers=bearer).status_code == 200
        assert http.get(f"https://{host}/v2/shop/web/tags/list", headers=bearer).json()["tags"] == ["v1"]


def test_j5_everybody_pulls_where_the_registry_says_so_and_nobody_pushes(stage: RegistryStage) -> None:
    (id, host), (_, closed) = stage.registry(anonymousPullEnabled=True), stage.registry()
    stage.pushed(host, stage.with_role("AcrPush", id), "shop/web", "v1")
    assert tags(stage, host, None) == ["v1"]
    client: Any = stage.images(host, None)
    assert refused(lambda: client.upload_blob("shop/web", io.BytesIO(b"more")))[0] == 401
    with pytest.raises(ClientAuthenticationError):
        tags(stage, closed, None)


def test_j6_a_closed_registry_answers_whom_its_rules_name_and_private_endpoints(stage: RegistryStage) -> None:
    rules = {"defaultAction": "Deny", "ipRules": [{"value": "203.0.113.0/24", "action": "Allow"}]}
    id, host = stage.registry("Premium", networkRuleSet=rules)
    person = stage.with_role("AcrPush", id)
    status, code, _ = refused(pushing(stage, host, person))
    assert (status, code) == (403, "DENIED")
    rules["ipRules"] = [{"value": PERSON_ADDRESS, "action": "Allow"}]
    body = {"location": "westeurope", "sku": {"name": "Premium"}, "properties": {"networkRuleSet": rules}}
    content(stage.arm("PUT", id, body, api_version=VERSION))
    stage.pushed(host, person, "shop/web", "v1")
    body["properties"] = {"publicNetworkAccess": "Disabled"}
    content(stage.arm("PUT", id, body, api_version=VERSION))
    assert refused(lambda: tags(stage, host, person))[:2] == (403, "DENIED")
    network = networks.network(stage.arm, stage.group, "vnet-registry")
    endpoint = networks.private_endpoint(stage.arm, stage.group, network, id, "registry")
    zone = networks.zone(stage.arm, stage.group, network, "privatelink.azurecr.io")
    networks.zone_group(stage.arm, endpoint, zone)
    apps = Stage(stage.local)
    site = apps.site(
        apps.name("app"),
        serverFarmId=apps.plan(),
        identity={"type": "SystemAssigned"},
        virtualNetworkSubnetId=f"{network}/subnets/{networks.SITES}",
        outboundVnetRouting={"allTraffic": True},
    )
    app = stage.azure.entra.principal(site.identity.principal_id)
    assert app
    stage.grant(id, "AcrPull", app.object_id)
    assert tags(stage, host, app) == ["v1"]


def test_j7_what_is_pushed_is_whole_and_has_its_digest(stage: RegistryStage) -> None:
    id, host = stage.registry()
    app = stage.with_role("AcrPush", id)
    client: Any = stage.images(host, app)
    missing = "sha256:" + hashlib.sha256(b"missing").hexdigest()
    manifest: Json = {"schemaVersion": 2, "config": {"digest": missing, "size": 1}, "layers": []}
    assert refused(lambda: client.set_manifest("shop/web", manifest))[:2] == (400, "MANIFEST_BLOB_UNKNOWN")
    assert refused(lambda: list(client.download_blob("shop/web", missing)))[:2] == (404, "BLOB_UNKNOWN")
    with stage.http() as http:
        token = access_token(stage, http, host, app, "repository:shop/web:pull,push")
        bearer = {"authorization": f"Bearer {token}"}
        uploads = f"https://{host}/v2/shop/web/blobs/uploads/"
        wrong = http.post(uploads, params={"digest": missing}, content=b"other", headers=bearer)
        assert (wrong.status_code, wrong.json()["errors"][0]["code"]) == (400, "DIGEST_INVALID")
        whole = http.post(uploads, params={"digest": missing}, content=b"missing", headers=bearer)
        assert (whole.status_code, whole.headers["docker-content-digest"]) == (201, missing)


def test_a_layer_of_several_megabytes_is_taken_in_pieces_from_who_may_push(stage: RegistryStage) -> None:
    id, host = stage.registry()
    app, reader = stage.with_role("AcrPush", id), stage.with_role("AcrPull", id)
    layer = b"0123456789abcdef" * 350_000
    client: Any = stage.images(host, app)
    digest, size = client.upload_blob("shop/web", io.BytesIO(layer))
    assert (digest, size) == ("sha256:" + hashlib.sha256(layer).hexdigest(), len(layer))
    assert b"".join(client.download_blob("shop/web", digest)) == layer
    other: Any = stage.images(host, reader)
    assert refused(lambda: other.upload_blob("shop/web", io.BytesIO(layer)))[0] == 401


def test_j8_a_tier_has_what_it_has(stage: RegistryStage) -> None:
    premium: list[Json] = [
        {"publicNetworkAccess": "Disabled"},
        {"networkRuleSet": {"defaultAction": "Deny"}},
        {"dataEndpointEnabled": True},
    ]
    ended = {"policies": {"exportPolicy": {"status": "disabled"}}}

    def status(sku: str, properties: Json) -> int:
        name = stage.name("cr").replace("-", "")
        id = f"{stage.group}/providers/Microsoft.ContainerRegistry/registries/{name}"
        body = {"location": "westeurope", "sku": {"name": sku}, "properties": properties}
        return stage.arm("PUT", id, body, api_version=VERSION).status

    assert [status("Standard", one) for one in premium] == [400, 400, 400]
    assert [status("Premium", one) for one in premium] == [201, 201, 201]
    assert [status("Premium", one) for one in (ended, {**ended, **premium[0]})] == [400, 201]
    assert [status(sku, {"anonymousPullEnabled": True}) for sku in ("Basic", "Standard")] == [400, 201]
    id, _ = stage.registry()
    network = networks.network(stage.arm, stage.group, "vnet-standard")
    subnet = f"{network}/subnets/{networks.ENDPOINTS}"
    endpoint = f"{stage.group}/providers/Microsoft.Network/privateEndpoints/pe-standard"
    body = networks.private_endpoint_body(subnet, id, "registry")
    assert stage.arm("PUT", endpoint, body).status == 400


def test_j8_what_roles_can_be_for_stays_where_a_client_does_not_know_it(stage: RegistryStage) -> None:
    id, _ = stage.registry(**BY_REPOSITORY)
    body = {"location": "westeurope", "sku": {"name": "Standard"}, "properties": {}}
    content(stage.arm("PUT", id, body, api_version="2023-01-01-preview"))
    found = content(stage.arm("GET", id, api_version=VERSION))["properties"]
    assert found["roleAssignmentMode"] == "AbacRepositoryPermissions"


def test_microsofts_client_creates_a_registry_whose_roles_are_for_repositories(stage: RegistryStage) -> None:
    client: Any = ContainerRegistryManagementClient(
        stage.holder(stage.person(DEPLOYER)), SUBSCRIPTION_ID, **stage.trust
    )
    name = stage.name("cr").replace("-", "")
    properties = {"adminUserEnabled": False, **BY_REPOSITORY}
    body = {"location": "westeurope", "sku": {"name": "Basic"}, "properties": properties}
    made = client.registries.begin_create(GROUP, name, body).result()
    assert (made.login_server, made.role_assignment_mode) == (
        f"{name}.azurecr.io",
        "AbacRepositoryPermissions",
    )
    assert made.admin_user_enabled is False
    assert name in [one.name for one in client.registries.list_by_resource_group(GROUP)]
    client.registries.begin_delete(GROUP, name).result()
    with pytest.raises(ResourceNotFoundError):
        client.registries.get(GROUP, name)
