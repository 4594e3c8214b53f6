"""What a stack's configuration says may be a secret in the wrong place: no refusal repeats it."""

from collections.abc import Iterator
from typing import Any

import pytest

from components import ConfigurationError
from settings import WrongSubscription, read_configuration, stay_in_subscription
from settings.model import DEFAULTS, KEYS
from tests.unit.components.planted import AS_NAMES, NUMBER, SECRET, TEXTS, told_of_the_secret
from tests.unit.program.mocked_engine import Configure

FORMS = {**TEXTS, "a number": NUMBER, "a list": [SECRET], "a map in a list": [{"a": SECRET}]}
MAPS = [key for key, field in KEYS.items() if not isinstance(getattr(DEFAULTS, field), str | int)]
EVERY_FORM = pytest.mark.parametrize("form", FORMS)


def planted(form: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every key with the secret in its place, and in and beside each entry of a map."""
    for key in KEYS:
        yield key, {key: FORMS[form]}
    for key in MAPS:
        yield key, {key: {"A": FORMS[form]}}
        yield key, {key: {"A": {"B": FORMS[form]}}}
    if form in TEXTS and form not in AS_NAMES:
        for key in MAPS:
            yield key, {key: {TEXTS[form]: "a"}}
            yield key, {key: {TEXTS[form]: ["a"], "B": "b"}}
        yield "by name>", {TEXTS[form]: "a"}


def _refusal() -> str:
    """What is said of the running stack's configuration; empty where it is taken."""
    try:
        read_configuration()
    except ConfigurationError as refused:
        return str(refused)
    return ""


@EVERY_FORM
def test_no_key_and_no_entry_is_repeated(
    form: str, configure: Configure, caplog: pytest.LogCaptureFixture
) -> None:
    told: dict[str, list[str]] = {}
    for key, values in planted(form):
        configure(values)
        if said := _refusal():
            assert key in said
            told[f"{key}: {values}"] = told_of_the_secret(said)
    assert len(told) > len(KEYS) / 2, "most keys take no such value"
    assert {values: parts for values, parts in told.items() if parts} == {}
    assert told_of_the_secret(caplog.text) == []


@EVERY_FORM
def test_all_of_them_at_once_are_not_repeated_either(form: str, configure: Configure) -> None:
    values = {key: {"A": FORMS[form]} if key in MAPS else FORMS[form] for key in KEYS}
    configure(values)
    with pytest.raises(ConfigurationError) as refused:
        read_configuration()
    assert len(refused.value.problems) > 10
    assert told_of_the_secret(str(refused.value)) == []


def test_the_ids_that_a_stack_belongs_to_are_read_by_the_command_and_not_repeated(
    configure: Configure,
) -> None:
    own = {"tenantId": f"{NUMBER % 10**8:08d}-0000-4000-8000-000000000001"}
    configure({**own, "subscriptionId": own["tenantId"]})
    settings, _ = read_configuration()
    with pytest.raises(WrongSubscription) as refused:
        stay_in_subscription(settings)
    assert own["tenantId"] not in str(refused.value)
    assert 'az login --tenant "$(pulumi config get tenantId --stack dev)"' in str(refused.value)
