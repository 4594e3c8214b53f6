"""The report on a preview of many apps, beside the preview itself."""

import json
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from access_report.document import document
from access_report.markdown import comment
from access_report.page import page
from access_report.reading import read_preview
from access_report.report import report
from access_report.terminal import terminal
from benchmarks.through_engine import stack_of
from toolchain.paths import ROOT

CASE: Final = "our components"
ROUNDS: Final = 5


@dataclass(frozen=True)
class Seconds:
    """Of a preview, and of reading it and writing comment, document, page and table; of these also the time
    of the processor, which another process on the machine does not lengthen.
    """

    preview: float
    report: float
    processor: float


def measure(apps: int) -> Seconds:
    """The first preview of as many apps, in which no id is known and each has to be followed."""
    with stack_of(CASE, apps) as stack:
        began = time.perf_counter()
        printed = stack.run("preview", "--non-interactive", "--json", "--show-sames")
        previewed = time.perf_counter() - began
        file = stack.work / "preview.json"
        file.write_text(printed)
        seconds, processor = zip(*(report_on(file) for _ in range(ROUNDS)), strict=True)
        return Seconds(previewed, statistics.median(seconds), statistics.median(processor))


def report_on(file: Path) -> tuple[float, float]:
    """In a process of its own, as a pipeline runs it, without starting Python."""
    command = [sys.executable, "-m", "benchmarks.of_reports", str(file)]
    printed = subprocess.run(command, cwd=ROOT, text=True, capture_output=True, check=True).stdout
    seconds, processor = json.loads(printed)
    return seconds, processor


def main(file: str) -> None:
    began, busy = time.perf_counter(), time.process_time()
    told = report(read_preview(json.loads(Path(file).read_text())))
    texts = (comment(told), json.dumps(document(told), indent=2), page(told), terminal(told))
    figures = time.perf_counter() - began, time.process_time() - busy
    assert all(texts)
    print(json.dumps(figures))


if __name__ == "__main__":
    main(sys.argv[1])
