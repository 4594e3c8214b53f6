"""What a component says of arguments that it refuses."""

from collections.abc import Callable
from typing import Any

import pytest

from components import ConfigurationError

Said = tuple[str, str, str, str]
"""Of one problem: the subject, what was given, what is expected, and the next step."""


def refusal_of(deployed: Callable[..., object]) -> Callable[..., str]:
    """All that is said when `deployed` is refused its arguments. The test fails where they are not."""

    def refusal(**args: Any) -> str:
        with pytest.raises(ConfigurationError) as refused:
            deployed(**args)
        return str(refused.value)

    return refusal


def problems_of(deployed: Callable[..., object]) -> Callable[..., list[Said]]:
    """The same, one problem at a time."""

    def problems(**args: Any) -> list[Said]:
        with pytest.raises(ConfigurationError) as refused:
            deployed(**args)
        return [
            (one.subject, one.given, one.expected, "; or ".join(step.words for step in one.steps))
            for one in refused.value.problems
        ]

    return problems
