"""Arguments that travel on as they were given, with only what Azure could never take refused."""

from collections.abc import Callable, Sequence
from typing import Any

import pulumi

from .arguments import Arguments
from .errors import ConfigurationError, Problem
from .plain import is_plain


def read_as_given(
    arguments: Arguments, key: str, problems_with: Callable[[object], Sequence[Problem]]
) -> Any:
    """The argument, with `problems_with` asked now, or of an Output when it is known: the SDK would repeat
    what is of another type. None where it was left out.
    """
    value, component = arguments.raw(key), arguments.component

    def checked(known: object) -> object:
        if problems := problems_with(known):
            raise ConfigurationError(component, problems)
        return known

    if value is not None and not is_plain(value):
        return pulumi.Output.from_input(value).apply(checked)
    arguments.problems += problems_with(value)
    return value
