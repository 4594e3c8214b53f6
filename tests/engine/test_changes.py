"""Changes that replace something go through, in an order that Azure accepts (A5)."""

from typing import Any

from tests.engine.conftest import Loop


def only(loop: Loop, type: str) -> dict[str, Any]:
    (resource,) = loop.resources(type)
    return resource


def test_an_app_moves_to_another_operating_system_before_its_old_plan_goes(loop: Loop) -> None:
    before = loop.up(size="S1")
    after = loop.up(size="S1", os="windows", runtime="dotnet-8")
    assert after["url"] == before["url"]
    assert only(loop, "Microsoft.Web/serverfarms")["properties"]["reserved"] is False
    assert only(loop, "Microsoft.Web/sites")["properties"]["reserved"] is False
    loop.stack.preview("--expect-no-changes")
