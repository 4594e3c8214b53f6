"""What a host is compared with in `make bench` is the same resources of Azure, and all of them."""

from collections.abc import Sequence
from typing import Any

import pytest

from benchmarks.of_hosts import class_of, raw, with_components
from tests.hosts.row import hosts
from tests.unit.components.recorded_azure import deploy
from tests.unit.components.recorder import Recorded


def of_azure(registered: Sequence[Recorded]) -> list[tuple[Any, ...]]:
    """In an order of their own: when each is registered depends on what it waits for."""
    found = [(one.type, one.name, one.is_read, one.inputs) for one in registered if class_of(one.type)]
    return sorted(found, key=lambda one: one[:2])


@pytest.mark.parametrize("name", hosts())
def test_raw_is_the_same_resources_with_the_same_values_and_no_component(name: str) -> None:
    registered = deploy(with_components(name)).resources
    same = deploy(raw(registered)).resources
    assert of_azure(same) == of_azure(registered)
    assert len(same) == len(of_azure(registered)) < len(registered)
