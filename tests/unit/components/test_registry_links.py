"""Links to a container registry: the role of the verb, on the one repository where one is named."""

from typing import Any

import pulumi
import pytest

from components import AccessGrant, RegistryAccess, Role, WorkloadAccess
from components.repositories import condition
from tests.unit.components.answering_azure import CLIENT, GROUP, PRINCIPAL, REGISTRY
from tests.unit.components.recorded_azure import Deployment, deploy
from tests.unit.components.web_apps import refusal, settings_of, web_app

PULL, PUSH = "7f951dda-4ed3-4680-a7ca-43fe172d538d", "8311e382-0749-4cb8-b61a-304f252e45ec"
READER, WRITER = "b93aa761-3e63-49ed-ac28-beffa264f7ac", "2a1e307c-b015-4ebd-883e-5b7698a07328"
_IN = "Microsoft.ContainerRegistry/registries/repositories"
ONE_TO_READ = (
    f"((!(ActionMatches{{'{_IN}/content/read'}}) AND !(ActionMatches{{'{_IN}/metadata/read'}})) OR "
    f"(@Request[{_IN}:name] StringEqualsIgnoreCase 'shop/web'))"
)


def to(**record: Any) -> dict[str, Any]:
    return {"registry": {"id": REGISTRY, "endpoint": "team.azurecr.io", **record}}


def images(**record: Any) -> dict[str, Any]:
    return {"links": {"images": to(**record)}}


@pytest.mark.parametrize(
    ("record", "role"),
    [
        ({}, PULL),
        ({"access": "push"}, PUSH),
        ({"role_assignment_mode": "AbacRepositoryPermissions"}, READER),
        ({"role_assignment_mode": "AbacRepositoryPermissions", "access": "push"}, WRITER),
    ],
)
def test_a_verb_is_the_role_that_the_registry_honours_on_all_of_it(record: dict[str, Any], role: str) -> None:
    grant = web_app(**images(**record)).one("RoleAssignment").inputs
    assert (grant["roleDefinitionId"].rpartition("/")[2], grant["scope"]) == (role, REGISTRY)
    assert "condition" not in grant
    assert "conditionVersion" not in grant


def test_one_repository_is_a_condition_of_the_grant() -> None:
    grant = web_app(**images(repository="shop/web")).one("RoleAssignment").inputs
    assert (grant["roleDefinitionId"].rpartition("/")[2], grant["scope"]) == (READER, REGISTRY)
    assert (grant["condition"], grant["conditionVersion"]) == (ONE_TO_READ, "2.0")
    assert grant["description"] == (
        "Identity id-shop-dev-abc123 may read images in container registry team "
        "(Container Registry Repository Reader), repository shop/web alone. Granted by WebApp 'shop'."
    )


def test_who_pushes_to_one_repository_writes_nothing_in_another() -> None:
    text = condition(Role.CONTAINER_REGISTRY_REPOSITORY_WRITER, ["shop/web"])
    for action in ("content/read", "content/write", "metadata/read", "metadata/write"):
        assert f"!(ActionMatches{{'{_IN}/{action}'}})" in text
    grant = web_app(**images(repository="shop/web", access="push")).one("RoleAssignment").inputs
    assert grant["condition"] == text


def test_two_repositories_of_a_registry_are_one_grant_for_both() -> None:
    # Azure takes one assignment of a role to a principal on a scope, whatever its condition is.
    links = {"worker": to(repository="shop/worker"), "web": to(repository="shop/web")}
    grant = web_app(links=links).one("RoleAssignment")
    assert grant.name == "shop-worker"
    assert grant.inputs["condition"] == condition(
        Role.CONTAINER_REGISTRY_REPOSITORY_READER, ["shop/web", "shop/worker"]
    )
    assert "repositories shop/web and shop/worker alone" in grant.inputs["description"]


def test_the_image_of_an_app_may_be_in_a_registry_with_roles_for_repositories() -> None:
    image = {"container_image": "team.azurecr.io/shop/web:1", "container_registry_id": REGISTRY}
    grants = web_app(**images(repository="shop/web"), **image).all("RoleAssignment")
    assert {one.inputs["roleDefinitionId"][-36:]: one.inputs.get("condition") for one in grants} == {
        PULL: None,
        READER: ONE_TO_READ,
    }


def test_who_may_pull_everything_is_limited_by_no_other_link() -> None:
    links = {"web": to(repository="shop/web"), "all": to(role_assignment_mode="AbacRepositoryPermissions")}
    assert "condition" not in web_app(links=links).one("RoleAssignment").inputs


def test_pulling_from_one_and_pushing_to_another_are_two_grants() -> None:
    links = {"web": to(repository="shop/web"), "built": to(repository="shop/built", access="push")}
    conditions = {one.name: one.inputs["condition"] for one in web_app(links=links).all("RoleAssignment")}
    assert conditions == {
        "shop-web": ONE_TO_READ,
        "shop-built": condition(Role.CONTAINER_REGISTRY_REPOSITORY_WRITER, ["shop/built"]),
    }


def test_a_repository_that_only_the_update_knows_is_in_the_condition() -> None:
    name = pulumi.Output.from_input("shop/web")
    assert web_app(**images(repository=name)).one("RoleAssignment").inputs["condition"] == ONE_TO_READ


def test_the_name_of_the_grant_is_the_same_whatever_its_condition_is() -> None:
    one, both = (
        images(repository="shop/web"),
        {"links": {"images": to(repository="shop/web"), "b": to(repository="b")}},
    )
    names = {web_app(**args).one("RoleAssignment").inputs["roleAssignmentName"] for args in (one, both)}
    assert len(names) == 1


def test_what_is_left_to_the_owner_says_for_which_repository() -> None:
    args = {"links": {"images": {**to(repository="shop/web"), "grant": False}}}
    deployment = web_app(**args)
    assert deployment.counts().get("authorization:RoleAssignment") is None
    assert deployment.outputs["deployer_contract"]["left_to_owners"] == (
        f"Container Registry Repository Reader on {REGISTRY}, for repository shop/web"
    )


def test_code_is_told_the_login_server_and_the_repository_and_nothing_secret() -> None:
    assert settings_of(web_app(**images(repository="shop/web"))) == {
        "AZURE_CLIENT_ID": CLIENT,
        "IMAGES_HOST": "team.azurecr.io",
        "IMAGES_REPOSITORY": "shop/web",
    }
    assert settings_of(web_app(**images())) == {"AZURE_CLIENT_ID": CLIENT, "IMAGES_HOST": "team.azurecr.io"}


def test_a_login_server_with_a_hash_in_its_name_is_the_registrys_own() -> None:
    args = images(endpoint="team-a1b2c3d4e5f6g7h8.azurecr.io")
    assert settings_of(web_app(**args))["IMAGES_HOST"] == "team-a1b2c3d4e5f6g7h8.azurecr.io"
    assert "with the address of another" in refusal(**images(endpoint="other-a1b2c3.azurecr.io"))


@pytest.mark.parametrize(
    ("record", "part"),
    [
        ({"repository": "Shop/Web"}, "1 to 255 lower-case letters and digits"),
        ({"repository": "shop' OR '"}, "1 to 255 lower-case letters and digits"),
        ({"endpoint": "https://team.azurecr.io/"}, "<registry>.azurecr.io"),
        ({"access": "delete"}, "one of pull, push"),
        (
            {"repository": "shop/web", "role_assignment_mode": "LegacyRegistryPermissions"},
            "a mode in which roles can be for a repository",
        ),
    ],
)
def test_what_is_no_link_to_a_registry_is_refused(record: dict[str, Any], part: str) -> None:
    assert part in refusal(**images(**record))


def test_an_identity_of_somebody_else_pulls_too() -> None:
    def program() -> dict[str, Any]:
        links: Any = {"images": to(access=RegistryAccess.PUSH)}
        WorkloadAccess("builder", {"principal_id": PRINCIPAL, "links": links})
        return {}

    (grant,) = deploy(program).all("RoleAssignment")
    assert (grant.inputs["principalId"], grant.inputs["roleDefinitionId"][-36:]) == (PRINCIPAL, PUSH)


def under(condition: str, role: str = "Reader", scope_id: str = GROUP) -> Deployment:
    """A grant under a condition of one's own."""

    def program() -> dict[str, Any]:
        args: Any = {"principal_id": PRINCIPAL, "role": role, "scope_id": scope_id, "condition": condition}
        return {"access": AccessGrant("app", args).access}

    return deploy(program)


@pytest.mark.parametrize(
    "wider",
    [
        ONE_TO_READ.replace("'shop/web')", f"'shop/web' OR @Request[{_IN}:name] StringLike '*')"),
        ONE_TO_READ.replace(f" AND !(ActionMatches{{'{_IN}/metadata/read'}})", ""),
        f"(NOT {ONE_TO_READ})",
    ],
)
def test_no_more_is_said_of_a_condition_than_it_holds(wider: str) -> None:
    reader = Role.CONTAINER_REGISTRY_REPOSITORY_READER
    said = under(ONE_TO_READ, reader, REGISTRY).outputs["access"]
    assert said.endswith("(Container Registry Repository Reader), repository shop/web alone.")
    said = under(wider, reader, REGISTRY).outputs["access"]
    assert said.endswith("(Container Registry Repository Reader), under a condition.")


def test_a_repository_that_two_links_name_is_said_once() -> None:
    later = pulumi.Output.from_input("shop/web")
    grant = web_app(links={"one": to(repository="shop/web"), "two": to(repository=later)}).one(
        "RoleAssignment"
    )
    assert grant.inputs["condition"] == ONE_TO_READ
    assert "repository shop/web alone" in grant.inputs["description"]


def test_a_condition_of_ones_own_is_the_assignments() -> None:
    deployment = under("(@x)")
    inputs = deployment.one("RoleAssignment").inputs
    assert (inputs["condition"], inputs["conditionVersion"]) == ("(@x)", "2.0")
    assert deployment.outputs["access"].endswith("(Reader), under a condition.")
