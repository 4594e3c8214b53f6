"""What a container app does not take, now or as soon as it is known."""

from typing import Any

import pulumi
import pytest

from tests.unit.components.answering_azure import IDENTITY
from tests.unit.components.container_apps import PULLED, PULLER, container_app
from tests.unit.components.refusals import problems_of

problems = problems_of(container_app)
ALONE = (
    "one identity",
    "an identity that only pulls: code gets no token of it",
)
EXISTING = {"identity": "existing", "identity_id": IDENTITY}


@pytest.mark.parametrize("later", [False, True], ids=["plain", "Output"])
@pytest.mark.parametrize(
    ("args", "subject"),
    [
        (EXISTING, "identity_id"),
        ({"further_identity_ids": {"audit": IDENTITY}}, "further_identity_ids[audit]"),
    ],
)
def test_an_identity_that_code_has_is_not_taken_from_it_to_pull(
    args: dict[str, Any], subject: str, later: bool
) -> None:
    spelt_otherwise = IDENTITY.replace("resourceGroups", "resourcegroups")
    puller = pulumi.Output.from_input(spelt_otherwise) if later else spelt_otherwise
    assert problems(**PULLED, **args, pull_identity_id=puller) == [
        (
            f"pull_identity_id and {subject}",
            *ALONE,
            f"take pull_identity_id out, which is for another identity, or {subject}",
        )
    ]


def test_another_identity_pulls_beside_those_that_code_has() -> None:
    args = {**EXISTING, "further_identity_ids": {"audit": f"{IDENTITY}-audit"}}
    made = container_app(**PULLED, **args, pull_identity_id=PULLER)
    (app,) = [one for one in made.resources if one.type == "azure-native:app:ContainerApp"]
    assert app.inputs["configuration"]["identitySettings"] == [{"identity": PULLER, "lifecycle": "None"}]
    assert app.inputs["identity"]["userAssignedIdentities"] == [IDENTITY, f"{IDENTITY}-audit", PULLER]


@pytest.mark.parametrize("later", [False, True], ids=["plain", "Output"])
def test_an_image_that_is_not_on_the_registry_is_refused_before_azure_is_asked(later: bool) -> None:
    image = "other.azurecr.io/shop:1"
    given = pulumi.Output.from_input(image) if later else image
    assert problems(**PULLED, container_image=given) == [
        (
            "container_image and container_registry_id",
            "an image that is not on that registry",
            "an image on the registry that the id names",
            "begin the image with <registry>.azurecr.io/, or give the id of the registry that holds it",
        )
    ]


def test_a_scaler_is_told_texts() -> None:
    expected = 'a text, as every value of a scaler is: "5" for a number'
    rule = {"type": "http", "metadata": {"concurrentRequests": 5}}
    assert problems(scale_rules={"busy": rule}) == [
        ("scale_rules[busy].metadata[concurrentRequests]", "a number", expected, f"give {expected}")
    ]


def test_a_port_that_is_none_is_answered_with_one() -> None:
    assert problems(target_port="web") == [
        (
            "target_port",
            "a text of 3 characters",
            "a whole number from 1 to 65535",
            "write 8000; or leave target_port out for an app that nobody reaches",
        )
    ]
