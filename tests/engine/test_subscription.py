"""A stack that names its subscription never touches another one (P8)."""

import pytest

from loop.stack import EngineError
from tests.engine.conftest import Loop

ELSEWHERE = "00000000-0000-4000-8000-00000000000e"


def test_a_stack_refuses_to_run_against_another_subscription_and_declares_nothing(loop: Loop) -> None:
    with pytest.raises(EngineError) as refused:
        loop.up(subscriptionId=ELSEWHERE)

    assert "belongs to another subscription than this login; nothing was declared" in refused.value.output
    assert "$(pulumi config get subscriptionId --stack " in refused.value.output
    assert ELSEWHERE not in refused.value.output
    assert "Traceback" not in refused.value.output
    assert loop.session.control("/leftovers")["resources"] == []
