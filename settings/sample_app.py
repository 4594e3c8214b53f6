"""What the program tells the sample app, and what nobody else may tell it."""

import json
from collections.abc import Iterator, Mapping
from typing import Final

from components.errors import Problem, TakeOut
from components.shown import VARIABLE, entry, entry_name

from .commands import step
from .model import Settings

SECRETS: Final = "KEYLESS_SECRETS"
"""The variable that says which secrets the app shows."""
HEALTH_CHECK_PATH: Final = "/health"
_BUILT: Final = "SCM_DO_BUILD_DURING_DEPLOYMENT"
"""With it App Service installs the app's requirements; a stack may say otherwise."""


def shown_secrets(settings: Settings) -> str:
    """The value of `KEYLESS_SECRETS`: the stack's `secrets`, names alone."""
    return json.dumps(dict(settings.secrets))


def with_programs_own(settings: Settings) -> dict[str, str]:
    """The app's settings: the stack's and, where it gives none of that name, the program's."""
    given = {name.upper() for name in (*settings.secrets, *settings.settings)}
    own = {_BUILT: "true"} if _BUILT not in given else {}
    return {SECRETS: shown_secrets(settings), **own, **without_derived(settings.settings)}


def without_derived(variables: Mapping[str, str]) -> dict[str, str]:
    """Without what the program derives: given by hand, `refused` says so, and the component has one less."""
    return {name: value for name, value in variables.items() if name.upper() != SECRETS}


def refused(settings: Settings) -> Iterator[Problem]:
    """`KEYLESS_SECRETS` follows from `secrets`; given by hand it would contradict them."""
    for key, given in (("secrets", settings.secrets), ("settings", settings.settings)):
        for name in given:
            if name.upper() == SECRETS:
                expected = f"another variable: {SECRETS} follows from secrets"
                take_out = step("take it out", TakeOut(entry(key, name, given, VARIABLE)))
                subject = f"{key}.{entry_name(name, given, VARIABLE)}"
                yield Problem(subject, "a variable that the program derives", expected, take_out)
