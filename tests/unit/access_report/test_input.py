"""What the report reads: every encoding that a shell writes, and words for what it cannot read."""

import codecs
import io
import json
from pathlib import Path
from typing import Any

import pytest

from access_report.__main__ import REFUSED, main
from access_report.input import parse, read
from access_report.reading import NotReadableError, read_preview, read_state
from access_report.report import report
from tests.unit.access_report.previews import preview, reported, vault

DOCUMENT = preview([], [vault()])
TEXT = json.dumps(DOCUMENT, ensure_ascii=False)


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        codecs.BOM_UTF8 + TEXT.encode(),
        TEXT.encode("utf-16"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        TEXT.encode("utf-16-le"),
        TEXT.encode("utf-32"),
        f"warning: a new version of Pulumi is available\nTo upgrade, run {{this}}\n{TEXT}\n".encode(),
        f"\n\n  {TEXT}\n".encode(),
    ],
    ids=[
        "utf-8",
        "utf-8 mark",
        "utf-16",
        "utf-16-be",
        "utf-16 without mark",
        "utf-32",
        "text before",
        "space",
    ],
)
def test_a_preview_is_read_as_shells_write_it(data: bytes) -> None:
    assert parse(data, "preview.json") == DOCUMENT


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "preview.json is empty: the command before it printed nothing, or only errors"),
        (b"error: no stack selected\n", "preview.json is no JSON: Expecting value: line 1 column 1 (char 0)"),
        (TEXT.encode() + b"\n" + TEXT.encode(), "preview.json has more than one JSON object"),
        (b"\xff\xfe\xfd\x00\xd8", "preview.json is no text in UTF-8 or UTF-16"),
        (b'{"a":' * 100_000, "preview.json has lists or objects in each other beyond what can be read"),
        (
            b'{"sequence":0,"timestamp":1,"preludeEvent":{}}\n{"sequence":1,"timestamp":1}\n',
            "preview.json is a stream of the engine's events, which do not say what is made from what:"
            " expected one JSON object; unset PULUMI_ENABLE_STREAMING_JSON_PREVIEW",
        ),
    ],
    ids=["empty", "no JSON", "two", "no text", "deep", "events"],
)
def test_what_cannot_be_read_is_refused_in_words(
    data: bytes, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(NotReadableError) as refused:
        parse(data, "preview.json")
    assert str(refused.value) == words
    (tmp_path / "preview.json").write_bytes(data)
    assert main(["--preview", str(tmp_path / "preview.json")]) == REFUSED
    assert capsys.readouterr().err.startswith("access_report: ")


def test_no_more_is_read_than_its_bound() -> None:
    data = TEXT.encode()
    assert read(io.BytesIO(data), "preview.json", len(data)) == DOCUMENT
    endless = io.BytesIO(data + b" " * 1_000)
    with pytest.raises(NotReadableError, match=f"^preview.json has more than {len(data)} bytes$"):
        read(endless, "preview.json", len(data))
    assert endless.tell() == len(data) + 1


@pytest.mark.parametrize(
    "step", [None, 1, {}, {"urn": "u"}, {"urn": "u", "op": "create", "newState": {"x": 1}}]
)
def test_a_step_that_the_engine_does_not_write_is_refused_and_no_crash(step: Any) -> None:
    with pytest.raises(NotReadableError, match="a step is not as the engine writes it"):
        read_preview({"steps": [step]})
    with pytest.raises(NotReadableError, match="a resource is not as the engine writes it"):
        read_state({"deployment": {"resources": [step]}})


@pytest.mark.parametrize("number", [10**400, -(10**400), 1e308 * 10])
def test_a_number_beyond_all_bounds_is_compared_and_not_calculated_with(number: float) -> None:
    told = reported([vault(softDeleteRetentionInDays=90)], [vault(softDeleteRetentionInDays=number)])
    assert [e.words for e in told.exposures] == ["retention in days"]
    assert report(read_preview(preview([vault(softDeleteRetentionInDays=number)], [vault()]))).exposures
