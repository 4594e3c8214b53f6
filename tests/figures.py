"""What a run of the tests takes, as tables: `python -m pytest -n auto --dist worksteal -p tests.figures`.

Wall time is that of each test with what it alone set up; processor time that of the whole run with all the
processes it started and waited for, read from the system when the run has ended.
"""

import os
import time
from collections import defaultdict

import pytest

SHOWN = 20


class Figures:
    """The seconds of each test, added up over its set-up, call and tear-down."""

    def __init__(self) -> None:
        self._began = time.perf_counter()
        self._before = os.times()
        self._seconds: defaultdict[str, float] = defaultdict(float)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        # What a test says of one of its sentences is in its own time already.
        if not isinstance(report, pytest.SubtestReport):
            self._seconds[report.nodeid.partition("@")[0]] += report.duration

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        now = os.times()
        processor = sum(now[:4]) - sum(self._before[:4])
        wall = time.perf_counter() - self._began
        folders: defaultdict[str, list[float]] = defaultdict(list)
        for test, seconds in self._seconds.items():
            folders["/".join(test.split("/")[:2])].append(seconds)
        write = terminalreporter.write_line
        write("")
        write("| tests | how many | seconds, added up |")
        write("| --- | --- | --- |")
        for folder, all_seconds in sorted(folders.items()):
            write(f"| {folder} | {len(all_seconds)} | {sum(all_seconds):.0f} |")
        write(f"\nTogether {wall:.0f} s of wall time and {processor:.0f} s of processor time.\n")
        write("| slowest tests | seconds |")
        write("| --- | --- |")
        slowest = sorted(self._seconds.items(), key=lambda item: item[1], reverse=True)[:SHOWN]
        for test, seconds in slowest:
            write(f"| {test.removeprefix('tests/')} | {seconds:.1f} |")


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Figures(), "figures")
