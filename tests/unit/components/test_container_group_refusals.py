"""What a container group does not take, each with the reason and a way out."""

from typing import Any

import pulumi
import pytest

from components import ConfigurationError, Problem
from components.hosts.container_instances.image_pull import explain_refusal
from tests.unit.components.answering_azure import ENDPOINT, REGISTRY, SUBNET, VAULT
from tests.unit.components.container_groups import IMAGE, container_group
from tests.unit.components.recorded_azure import Later

PORTS = {"web": {"image": IMAGE, "ports": [8080]}}


def problems(**args: Any) -> tuple[Problem, ...]:
    with pytest.raises(ConfigurationError) as refused:
        container_group(**args)
    return refused.value.problems


def said(**args: Any) -> list[tuple[str, str, str]]:
    return [(one.subject, one.given, one.expected) for one in problems(**args)]


def test_a_system_assigned_identity_pulls_no_image() -> None:
    assert said(identity="system-assigned", container_registry_id=REGISTRY) == [
        (
            "identity",
            "system-assigned, with container_registry_id",
            "an identity that exists before the host, whose create reads what it is let in to",
        )
    ]


def test_nobody_pulls_no_image() -> None:
    (problem,) = problems(identity="none", container_registry_id=REGISTRY)
    assert (problem.subject, problem.expected) == (
        "identity and container_registry_id",
        "an identity that can pull the images",
    )
    assert [step.words for step in problem.steps] == [
        "set identity to user-assigned",
        "take container_registry_id out for public images",
    ]


@pytest.mark.parametrize(
    ("argument", "reason"),
    [
        ("os_type", "a Windows container gets tokens by a protocol of its own"),
        ("secrets", "this platform reads none from a vault"),
        ("image_registry_credentials", "no login to a registry"),
        ("volumes", "a share is mounted with a key of its account"),
    ],
)
def test_what_needs_a_secret_is_refused_with_the_reason(argument: str, reason: str) -> None:
    (problem,) = problems(**{argument: "Windows"})
    assert problem.subject == argument
    assert reason in problem.expected
    assert problem.given == "an argument that there is not"


def test_a_link_to_secrets_without_an_identity_is_refused() -> None:
    link = {"key_vault": {"id": VAULT, "endpoint": ENDPOINT, "secrets": {"A": "a"}}}
    assert [one[0] for one in said(identity="none", links={"main": link})] == [
        "identity and links[main].key_vault"
    ]


def test_a_setting_is_no_reference_to_a_secret() -> None:
    reference = "@Microsoft.KeyVault(SecretUri=https://kv-team.vault.azure.net/secrets/a)"
    (problem,) = problems(settings={"A": reference})
    assert (problem.subject, problem.given) == ("settings[A]", "a Key Vault reference")
    assert (
        problem.steps[0].words
        == "take it out, and let code read it there: a link with keyVault tells where it lies"
    )


def test_a_secret_in_a_setting_is_warned_of_with_what_this_platform_has() -> None:
    deployment = container_group(settings={"A": Later(pulumi.Output.secret("x"))})
    (warning,) = deployment.warned
    assert "settings[A] of ContainerGroup 'shop': a secret that lies in clear" in warning
    assert "let code read it there" in warning
    assert "write secrets" not in warning


@pytest.mark.parametrize("name", ["with.dot", "1ST", "ENDS_", "A" * 64])
def test_a_variable_has_a_name_that_container_instances_takes(name: str) -> None:
    (problem,) = problems(settings={name: "x"})
    assert problem.expected.startswith("1 to 63 letters, digits and underscores")


@pytest.mark.parametrize("name", ["AZURE_CLIENT_ID", "azure_client_secret", "IDENTITY_ENDPOINT"])
def test_nobody_leads_code_away_from_its_identity(name: str) -> None:
    assert len(said(settings={name: "x"})) == 1


def test_two_links_that_tell_one_address_of_a_secret_are_told_apart() -> None:
    link = {"key_vault": {"id": VAULT, "endpoint": ENDPOINT, "secrets": {"A": "a"}}}
    (problem,) = problems(links={"main": link}, settings={"A_URI": "x"})
    assert problem.given == "A_URI from both"


def test_a_group_has_containers() -> None:
    assert said(containers={})[0][:2] == ("containers", "none")
    assert ("containers", "nothing") in [one[:2] for one in said(containers=None)]


def test_each_container_says_what_it_runs() -> None:
    assert said(containers={"web": {}}) == [("containers[web].image", "nothing", "the image to run")]
    assert said(containers={"Web": {"image": IMAGE}})[0][0] == "containers[Web]"
    assert said(containers={"web": {"image": "Not An Image"}})[0][0] == "containers[web].image"


@pytest.mark.parametrize(
    ("given", "subject", "what"),
    [
        ({"cpu": 0}, "cpu", "a number below 0.1"),
        ({"cpu": 32}, "cpu", "a number above 31"),
        ({"cpu": True}, "cpu", "true or false"),
        ({"memory_in_gb": 241}, "memory_in_gb", "a number above 240"),
        ({"memory_in_gb": "2"}, "memory_in_gb", "a text of one character"),
        ({"ports": 8080}, "ports", "a number"),
        ({"ports": [0]}, "ports[0]", "a number"),
        ({"ports": [65536]}, "ports[0]", "a number"),
        ({"ports": [80, 80]}, "ports[1]", "the port of containers[web].ports[0]"),
        ({"command": "python -m web"}, "command", "a text of 13 characters"),
        ({"command": ["python", 1]}, "command", "a number in it"),
    ],
)
def test_what_a_container_asks_for_is_checked(given: dict[str, Any], subject: str, what: str) -> None:
    (problem,) = problems(containers={"web": {"image": IMAGE, **given}})
    assert (problem.subject, problem.given) == (f"containers[web].{subject}", what)


def test_two_containers_of_a_group_share_its_ports() -> None:
    containers = {"a": {"image": IMAGE, "ports": [80]}, "b": {"image": IMAGE, "ports": [80]}}
    assert said(containers=containers)[0][:2] == (
        "containers[b].ports[0]",
        "the port of containers[a].ports[0]",
    )


def test_a_group_in_a_subnet_has_no_public_address() -> None:
    assert said(containers=PORTS, subnet_id=SUBNET, public_network_access=True)[0][:2] == (
        "subnet_id and public_network_access",
        "both",
    )


def test_a_public_address_is_one_of_ports() -> None:
    assert said(public_network_access=True)[0][:2] == (
        "public_network_access and containers",
        "true, without ports",
    )


def test_a_host_name_is_one_of_a_public_address() -> None:
    assert (
        said(containers=PORTS, dns_name_label="shop-web")[0][0] == "dns_name_label and public_network_access"
    )
    public = {"containers": PORTS, "public_network_access": True}
    assert said(dns_name_label="web", **public)[0][0] == "dns_name_label"


def test_the_images_are_on_the_registry_that_is_pulled_from() -> None:
    elsewhere = {"web": {"image": "other.azurecr.io/web:1"}}
    assert said(containers=elsewhere, container_registry_id=REGISTRY)[0][:2] == (
        "containers and container_registry_id",
        "no image that is on that registry",
    )
    later = {"web": {"image": Later("other.azurecr.io/web:1")}}
    assert said(containers=later, container_registry_id=REGISTRY)[0][1] == "no image that is on that registry"


def test_an_image_that_cannot_be_pulled_is_explained() -> None:
    words = (
        "The image 'team.azurecr.io/report:1.2' in container group 'ci-shop' is not accessible. Please check "
        "the image and registry credential."
    )
    failed = pulumi.ErrorHookArgs("", "", "", "", failed_operation="create", errors=[words])
    assert "not granted AcrPull" in str(explain_refusal(failed))
    other = pulumi.ErrorHookArgs("", "", "", "", failed_operation="create", errors=['Code="QuotaExceeded"'])
    assert explain_refusal(other) is None


def test_only_a_group_that_pulls_with_its_identity_waits_for_the_grant() -> None:
    assert (
        "ContainerGroup::shop on error"
        in container_group(container_registry_id=REGISTRY).one("containerinstance:ContainerGroup").on_error[0]
    )
