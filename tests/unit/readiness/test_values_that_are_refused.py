"""What the command was given may be a secret in the wrong place: no refusal repeats it."""

import pytest

from readiness.command_line import main
from tests.unit.components.planted import TEXTS, told_of_the_secret

PLACES = [
    ["--app-id={}"],
    ["--stack={}"],
    ["--app-id=a", "--timeout={}"],
    ["--app-id=a", "--interval={}"],
    ["--app-id=a", "--json={}"],
    ["--app-id=a", "{}"],
    ["--app-id=a", "--{}=1"],
    ["--app-id=a", "--stack={}"],
]


@pytest.mark.parametrize("form", TEXTS)
@pytest.mark.parametrize("place", PLACES, ids=" ".join)
def test_no_argument_is_repeated(place: list[str], form: str, capsys: pytest.CaptureFixture[str]) -> None:
    given = [part.replace("{}", TEXTS[form]) for part in place]
    try:
        status: object = main(given)
    except SystemExit as refused:
        status = refused.code
    said = capsys.readouterr()
    assert status == 2
    assert said.err != ""
    assert told_of_the_secret(said.out + said.err) == []


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            ["--stack", "dev!"],
            "argument --stack: given a text of 4 characters; character 4, '!', is not allowed there, "
            "expected letters, digits, - _ . and / between them",
        ),
        (
            ["--app-id", "a", "--timeout", "soon"],
            "argument --timeout: given a text of 4 characters, "
            "expected a number of seconds from 0 up to 1000000",
        ),
        (["--app-id", "a", "--json=x"], "argument --json: it takes no value"),
        (["--app-id", "a", "x"], "there are arguments that nothing reads"),
    ],
)
def test_a_refusal_says_what_is_wrong_and_where(
    given: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(given)
    assert capsys.readouterr().err.splitlines()[-1].endswith(f"error: {said}")
