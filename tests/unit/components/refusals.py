"""What a component says of arguments that it refuses."""

from collections.abc import Callable
from typing import Any

import pytest

from components import ConfigurationError


def refusal_of(deployed: Callable[..., object]) -> Callable[..., str]:
    """All that is said when `deployed` is refused its arguments. The test fails where they are not."""

    def refusal(**args: Any) -> str:
        with pytest.raises(ConfigurationError) as refused:
            deployed(**args)
        return str(refused.value)

    return refusal
