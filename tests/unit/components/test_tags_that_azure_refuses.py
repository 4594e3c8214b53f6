"""Tags that Azure refuses are refused before anything is declared, by name (G4)."""

from typing import Any

import pytest

from components import COMPONENTS, ConfigurationError
from tests.unit.components.recorded_azure import Later, deploy_component
from tests.unit.components.test_options_reach_children import EXAMPLES, takes_tags

TAGGED = [component for component in COMPONENTS if takes_tags(component, EXAMPLES[component.__name__][0])]
NAME = r"a name of 1 to 512 characters without < > % & \ ? / that does not begin as Azure's own"
REFUSED: list[tuple[dict[Any, Any], str, str]] = [
    ({f"t{n}": "" for n in range(51)}, "tags", "at most 50 tags"),
    ({"team": "a", "Team": "b"}, "tags[Team]", "a name that differs in more than upper and lower case"),
    ({"cost/centre": "1"}, "tags[<entry 1 by name>]", NAME),
    ({"": "1"}, "tags[<entry 1 by name>]", NAME),
    ({"n" * 513: "1"}, "tags[<entry 1 by name>]", NAME),
    ({"Windows-team": "1"}, "tags[Windows-team]", NAME),
    ({"team": "x" * 257}, "tags[team]", "at most 256 characters"),
    ({"port": 8080}, "tags[port]", "a text"),
    ({"share": 0.5}, "tags[share]", "a text"),
    ({"on": True}, "tags[on]", "a text"),
    ({"team": None}, "tags[team]", "a text"),
]


@pytest.mark.parametrize("component", TAGGED, ids=lambda component: component.__name__)
def test_each_is_named_with_what_azure_takes(component: Any) -> None:
    for tags, subject, expected in REFUSED:
        args = {**EXAMPLES[component.__name__][0], "tags": tags}
        with pytest.raises(ConfigurationError) as refused:
            deploy_component(component, args, "up")
        assert [(p.subject, p.expected) for p in refused.value.problems] == [(subject, expected)]


@pytest.mark.parametrize(("tags", "subject", "expected"), REFUSED)
def test_tags_that_are_known_later_are_refused_then(
    tags: dict[Any, Any], subject: str, expected: str
) -> None:
    with pytest.raises(ConfigurationError) as refused:
        deploy_component(TAGGED[0], {**EXAMPLES[TAGGED[0].__name__][0], "tags": Later(tags)}, "up")
    assert [(p.subject, p.expected) for p in refused.value.problems] == [(subject, expected)]


def test_what_azure_takes_passes() -> None:
    tags = {**{f"t{n}": "" for n in range(48)}, "n" * 512: "x" * 256, "über #1 (Kosten)": "ja"}
    deployment = deploy_component(TAGGED[0], {**EXAMPLES[TAGGED[0].__name__][0], "tags": tags}, "up")
    assert tags in [resource.inputs.get("tags") for resource in deployment.resources]
