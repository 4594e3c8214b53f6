"""What a stack's configuration says may be a secret in the wrong place: no refusal repeats it."""

import re
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


def planted(form: str) -> Iterator[dict[str, Any]]:
    """The secret in the place of every key, and in and beside an entry of every map."""
    yield dict.fromkeys(KEYS, FORMS[form])
    yield {key: {"A": FORMS[form]} for key in MAPS}
    yield {key: {"A": {"B": FORMS[form]}} for key in MAPS}
    if form in TEXTS and form not in AS_NAMES:
        yield {key: {TEXTS[form]: "a"} for key in MAPS}
        yield {key: {TEXTS[form]: ["a"], "B": "b"} for key in MAPS}


def _refused() -> ConfigurationError | None:
    """The refusal of the running stack's configuration; None where it is taken."""
    try:
        read_configuration()
    except ConfigurationError as refused:
        return refused
    return None


@EVERY_FORM
def test_no_key_and_no_entry_is_repeated(
    form: str, configure: Configure, caplog: pytest.LogCaptureFixture
) -> None:
    """All keys have it at once. Those that no problem is of are asked alone, too."""
    told: dict[str, list[str]] = {}
    for values in planted(form):
        configure(values)
        refused = _refused()
        subjects = [problem.subject for problem in refused.problems] if refused else []
        named = {word for subject in subjects for word in re.findall(r"\w+", subject)} & values.keys()
        told[f"{values}"] = told_of_the_secret(str(refused))
        for key in values.keys() - named:
            configure({key: values[key]})
            if alone := _refused():
                assert key in str(alone)
                told[f"{key}: {values[key]}"] = told_of_the_secret(str(alone))
        if values.keys() == KEYS.keys():
            assert len(named) > len(KEYS) / 2, "most keys take no such value"
    if form in TEXTS and form not in AS_NAMES:
        configure({TEXTS[form]: "a"})
        told["by name"] = told_of_the_secret(str(_refused()))
        assert "by name>" in str(_refused())
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
