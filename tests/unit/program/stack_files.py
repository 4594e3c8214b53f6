"""The file of a stack in a unit test, and what is said of it."""

from collections.abc import Callable

import pytest

from components import ConfigurationError
from settings import read_configuration

StackFile = Callable[..., None]
"""Writes the file of stack dev, and hands over what the engine reads it as."""


def problems() -> list[tuple[str, str, str, str, str]]:
    """Subject, what was given, what is expected, and words and command of each step."""
    with pytest.raises(ConfigurationError) as refused:
        read_configuration()
    return [
        (one.subject, one.given, one.expected, step.words, step.command)
        for one in refused.value.problems
        for step in one.steps
    ]
