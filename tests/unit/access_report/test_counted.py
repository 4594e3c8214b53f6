"""How a number and what it counts are written."""

import pytest

from access_report.sentences.section import counted


@pytest.mark.parametrize(
    ("count", "noun", "told"),
    [
        (1, "identity", "1 identity"),
        (2, "identity", "2 identities"),
        (2, "container registry", "2 container registries"),
        (2, "key", "2 keys"),
        (0, "grant", "0 grants"),
    ],
)
def test_what_is_counted_stands_in_the_plural_that_its_word_has(count: int, noun: str, told: str) -> None:
    assert counted(count, noun) == told
