"""A grant is visible at once and honoured later (R13): `up` and the readiness check still end well."""

import pytest

from tests.engine.conftest import SECRETS, Loop


@pytest.mark.parametrize("identity", ["user-assigned", "system-assigned"])
def test_every_reference_is_resolved_although_grants_are_honoured_late(loop: Loop, identity: str) -> None:
    loop.cloud.azure.authorizer.set_propagation(seconds=300)
    outputs = loop.up(identity=identity)
    assert not loop.readiness(outputs, seconds=0).ready

    loop.cloud.azure.clock.advance(301)
    loop.deliver(outputs)

    readiness = loop.readiness(outputs)
    assert readiness.ready
    assert {reference.setting: reference.status for reference in readiness.references} == dict.fromkeys(
        SECRETS, "Resolved"
    )
    status = loop.app_status(outputs)
    assert all(secret["client"]["arrived"] and secret["reference"]["arrived"] for secret in status["secrets"])
