"""What the state says of a component."""

import re
from typing import Any

from tests.unit.components.test_options_reach_children import deployed, every_example


@every_example
def test_the_state_has_a_component_by_its_token_with_every_output_but_the_deployers_contract(
    component: Any, args: dict[str, Any]
) -> None:
    """It follows from the rest, in kilobytes, and the engine writes the whole state after each step."""
    deployment, children = deployed(component, args)
    (itself,) = [one for one in deployment.resources if one not in children]
    assert itself.type == f"keyless:index:{component.__name__}"
    outputs = {_on_the_wire(name) for name, value in deployment.outputs.items() if value is not None}
    assert deployment.registered_outputs[itself.urn] == outputs - {"deployerContract"}


def _on_the_wire(name: str) -> str:
    return re.sub("_([a-z])", lambda found: found[1].upper(), name)
