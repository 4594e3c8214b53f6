"""A defect of ours is found by its log, which holds nothing of what a request carried."""

import httpx
import pytest

from local_azure.control import Control
from local_azure.control_credential import ControlAuth
from local_azure.defects import where
from local_azure.http import Request, Response
from local_azure.server import LocalAzure
from tests.patience import PATIENCE

CARRIED = "Hunter2-0123456789"


def fails(_control: Control, request: Request) -> Response:
    try:
        return Response(int(request.body))
    except ValueError:
        raise KeyError(request.body.decode()) from None


def test_the_log_says_where_and_repeats_no_value_and_a_path_makes_no_line_of_its_own(
    local_azure: LocalAzure, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(Control, "handle", fails)
    answer = httpx.post(
        "https://local-azure.internal/a%0Ab%1B[2J",
        content=CARRIED,
        auth=ControlAuth(local_azure.azure.state),
        timeout=PATIENCE,
    )
    assert answer.status_code == 500
    assert CARRIED not in answer.text
    (first, *lines) = caplog.text.splitlines()
    assert first.endswith(r"POST local-azure.internal/a\nb\x1b[2J failed: ValueError → KeyError")
    assert any("test_defects.py" in line and "in fails" in line for line in lines)
    assert CARRIED not in caplog.text


def test_errors_that_lead_to_each_other_are_told_once() -> None:
    one, two = ValueError(CARRIED), KeyError(CARRIED)
    one.__cause__, two.__cause__ = two, one
    assert where(one) == "KeyError → ValueError\n"
