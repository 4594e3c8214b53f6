"""How services are put together: each is handed what its constructor asks for, and circles are refused."""

from pathlib import Path

import pytest

from local_azure.arm import ResourceType
from local_azure.azure import Azure
from local_azure.discovery import assembled, found_services
from local_azure.ground import Ground
from local_azure.service import Service, Services


class Kind(ResourceType):
    type = "Microsoft.Test/kinds"
    api_versions = frozenset({"2026-01-01"})


class First(Service):
    def __init__(self, second: "Second", ground: Ground) -> None:
        self.second, self.types = second, (Kind(ground),)


class Second(Service):
    def __init__(self, services: Services) -> None:
        self.services = services


class Round(Service):
    def __init__(self, about: "About") -> None:
        self.about = about


class About(Service):
    def __init__(self, round: Round) -> None:
        self.round = round


class Greedy(Service):
    def __init__(self, folder: Path) -> None:
        self.folder = folder


class Twin(Service):
    def __init__(self, ground: Ground) -> None:
        self.types = (Kind(ground),)


def test_what_a_service_asks_for_is_made_before_it_and_once(azure: Azure) -> None:
    services = assembled(azure.ground, [First, Second])
    second, first = services
    assert isinstance(first, First)
    assert first.second is second
    assert isinstance(second, Second)
    assert second.services is services
    assert services.types == {"microsoft.test/kinds": first.types[0]}


def test_services_that_ask_for_each_other_in_a_circle_are_refused(azure: Azure) -> None:
    with pytest.raises(TypeError, match="in a circle: Round → About → Round"):
        assembled(azure.ground, [Round, About])


def test_a_service_that_asks_for_what_there_is_not_is_refused(azure: Azure) -> None:
    with pytest.raises(TypeError, match=r"Greedy asks for folder: .*neither the ground nor a service"):
        assembled(azure.ground, [Greedy])


def test_two_services_cannot_serve_one_type(azure: Azure) -> None:
    with pytest.raises(ValueError, match=r"two services serve Microsoft\.Test/kinds"):
        assembled(azure.ground, [First, Second, Twin])


def test_every_folder_with_a_service_is_found_and_no_other() -> None:
    root = Path(__file__).parents[2] / "local_azure"
    assert [kind.__module__.split(".")[1] for kind in found_services()] == sorted(
        file.parent.name for file in root.glob("*/service.py")
    )


def test_one_can_ask_the_whole_for_a_service_by_its_class(azure: Azure) -> None:
    for service in azure.services:
        assert azure.service(type(service)) is service
    with pytest.raises(LookupError, match="there is no service Greedy"):
        azure.service(Greedy)
