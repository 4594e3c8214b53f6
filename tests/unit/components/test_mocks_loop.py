"""The loop that programs on mocks run in: nothing outside is waited for, and nothing runs on."""

import asyncio

import pytest

from tests.unit.components.mocks_loop import MocksLoop, on_mocks


def test_a_program_that_waits_for_ever_fails_instead() -> None:
    async def waits() -> None:
        await asyncio.get_running_loop().create_future()

    with on_mocks() as run, pytest.raises(RuntimeError, match="waits for something that nothing in it"):
        run(waits)


def test_what_a_program_started_does_not_run_on() -> None:
    ended: list[str] = []

    async def waits() -> None:
        try:
            await asyncio.get_running_loop().create_future()
        except asyncio.CancelledError:
            ended.append("cancelled")
            raise

    started: list[asyncio.Task[None]] = []

    async def starts() -> None:
        started.append(asyncio.ensure_future(waits()))
        await asyncio.sleep(0)

    with on_mocks() as run:
        run(starts)
    assert ended == ["cancelled"]
    assert started[0].cancelled()


def test_a_request_is_answered_in_place_and_its_failure_is_raised_where_it_is_awaited() -> None:
    loop = MocksLoop()
    assert loop.run_in_executor(None, divmod, 7, 2).result() == (3, 1)
    failed = loop.run_in_executor(None, divmod, 7, 0)
    with pytest.raises(ZeroDivisionError):
        failed.result()
    loop.close()
