"""How often what looks like a secret is one: the labelled list, our judgement of it and detect-secrets'."""

import json
from collections.abc import Callable
from functools import cache

from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class
from detect_secrets.plugins.base import BasePlugin

from access_report.secret_looking import why_secret
from policy.document import PAGE
from tests.unit.policy.labelled import Figures, figures, labelled


@cache
def ours() -> Figures:
    return figures(lambda name, value: why_secret(name, value) is not None)


def theirs(wanted: Callable[[str], bool]) -> Figures:
    """detect-secrets, given each setting as a line of code."""
    detectors: list[BasePlugin] = [
        made() for kind, made in get_mapping_from_secret_type_to_class().items() if wanted(kind)
    ]

    def says_secret(name: str, value: str) -> bool:
        line = f"{name} = {json.dumps(value)}"
        return any(one.analyze_line("settings.py", line, 1) for one in detectors)

    return figures(says_secret)


def row(judge: str, found: Figures) -> str:
    return f"| {judge} | {found.recall:.2f} | {found.false_positives:.2f} |"


def test_the_list_is_of_four_hundred_settings_half_of_them_secrets_and_none_twice() -> None:
    settings = labelled()
    assert (len(settings), sum(one.is_secret for one in settings)) == (400, 200)
    assert len(set(settings)) == 400


def test_of_the_secrets_at_most_one_in_fifty_is_missed() -> None:
    assert ours().recall >= 0.98, [one.name for one in ours().missed]


def test_of_the_rest_at_most_one_in_fifty_is_called_a_secret() -> None:
    assert ours().false_positives <= 0.02, [one.name for one in ours().wrong]


def test_the_page_has_the_figures_of_today() -> None:
    names, entropy = "Secret Keyword", "High Entropy String"
    page = PAGE.read_text(encoding="utf-8")
    for line in (
        row("this pack", ours()),
        row("detect-secrets, all of it", theirs(lambda kind: kind != "Public IP (ipv4)")),
        row("its detectors of names", theirs(lambda kind: kind == names)),
        row("its detectors of entropy", theirs(lambda kind: entropy in kind)),
        row(
            "its detectors of forms",
            theirs(lambda kind: kind not in (names, "Public IP (ipv4)") and entropy not in kind),
        ),
    ):
        assert line in page, line
