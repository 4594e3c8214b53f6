"""What a machine without a package index is told of the proofs with `az`."""

from collections.abc import Iterator
from typing import Any, NoReturn

import pytest

from tests.clients import azure_cli
from tests.proofs import LEFT_OUT
from toolchain.virtual_environment import VenvUnavailableError


@pytest.fixture
def tried(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[object]]:
    """The attempts to install, which all fail."""
    attempts: list[object] = []

    def fails(*given: object, **_: Any) -> NoReturn:
        attempts.append(given)
        raise VenvUnavailableError("The Python packages could not be installed:\na wall of words of pip's")

    monkeypatch.setattr(azure_cli, "ensure_venv", fails)
    azure_cli.installed.cache_clear()
    yield attempts
    azure_cli.installed.cache_clear()


def test_without_a_package_index_the_proofs_are_left_out_in_one_line_after_one_attempt(
    tried: list[object], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("CI", raising=False)
    for _ in range(2):
        with pytest.raises(pytest.skip.Exception) as left_out:
            azure_cli.program()
        assert str(left_out.value) == LEFT_OUT + azure_cli.HOW
        assert "\n" not in azure_cli.HOW
    assert len(tried) == 1
    assert "a wall of words" in capsys.readouterr().out


@pytest.mark.usefixtures("tried")
def test_a_pipeline_without_a_package_index_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(
        pytest.fail.Exception, match=r"a pipeline leaves no proof out: reach a package index,"
    ):
        azure_cli.program()
