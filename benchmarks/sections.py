"""What is measured, table by table, and what the tables mean."""

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from benchmarks import of_audit, of_hosts, of_reports, on_mocks, through_engine
from benchmarks.cases import CASES, RAW
from benchmarks.unused_targets import unused
from tests.hosts.row import host
from tests.hosts.row import hosts as names_of_hosts
from toolchain.paths import ROOT

ROUNDS: Final = 3
"""Of the small figures; what takes minutes is measured once."""
Row = tuple[str, ...]


def mocks(counts: Sequence[int]) -> Iterable[Row]:
    """Time and memory for each registered resource on mocks, beside the count before as well."""
    before: dict[str, float] = {}
    for apps in counts:
        figures: dict[str, list[on_mocks.Figure]] = {case: [] for case in CASES}
        for _ in range(ROUNDS if apps < 1000 else 1):
            for case, found in figures.items():  # in turn, so that a slow minute slows all of them
                found.append(on_mocks.measure(case, apps))
        times = {
            case: statistics.median(one.milliseconds for one in found) for case, found in figures.items()
        }
        for case, found in figures.items():
            memory = statistics.median(one.kilobytes for one in found)
            grown = _ratio(times[case], before[case]) if before else ""
            app, raw = (times[one] * CASES[one].resources for one in (case, RAW))
            each = f"{times[case]:.2f} ms", _ratio(times[case], times[RAW]), grown, f"{memory:.0f} kB"
            yield case, str(apps), *each, f"{app:.0f} ms", _ratio(app, raw)
        before = times


def engine(counts: Sequence[int]) -> Iterable[Row]:
    """Preview and update through the engine, and the state that comes of it."""
    for apps in counts:
        figures: dict[str, list[through_engine.Figure]] = {case: [] for case in CASES}
        for _ in range(ROUNDS if apps == 1 else 1):
            for case, found in figures.items():
                found.append(through_engine.measure(case, apps))
        previews, ups, states = (
            {
                case: statistics.median(getattr(one, figure) for one in found)
                for case, found in figures.items()
            }
            for figure in ("preview", "up", "state")
        )
        for case in CASES:
            state = f"{states[case] / apps:.0f} kB"
            yield case, str(apps), *_beside_raw(previews, case), *_beside_raw(ups, case), state


def written_once(counts: Sequence[int]) -> Iterable[Row]:
    """The same updates as the engine does them, and with the state written at the end alone."""
    for apps in counts:
        each = {case: through_engine.update(case, apps, written_once=False) for case in CASES}
        once = {case: through_engine.update(case, apps, written_once=True) for case in CASES}
        for case in CASES:
            yield case, str(apps), *_beside_raw(each, case), *_beside_raw(once, case)


def audits(counts: Sequence[int]) -> Iterable[Row]:
    """Reading as many rows."""
    for rows in counts:
        one = of_audit.measure(rows)
        yield f"{rows:,}", f"{one.megabytes:.0f} MB", f"{one.seconds:.1f} s", f"{one.memory:.0f} MB"


def imports() -> Iterable[Row]:
    """Importing components beside importing what each reads of the SDK, and nothing else."""
    used = ("KeylessWebApp", "FunctionApp", "StorageAccount", "KeyVault", "WorkloadAccess")
    statements = {"all components": "from components import COMPONENTS"}
    statements |= {name: f"from components import {name}" for name in used}
    for name, statement in statements.items():
        alone = _of_sdk(statement)
        sdk, ours = (_median(lambda text=text: _seconds(text)) for text in (alone, statement))
        yield name, f"{sdk * 1000:.0f} ms", f"{ours * 1000:.0f} ms", _ratio(ours, sdk)


def _of_sdk(statement: str) -> str:
    """A statement that imports the modules of the SDK that `statement` loads."""
    packages = ("pulumi", "pulumi_azure_native", "pulumi_random")
    told = f"import sys; {statement}; print(*(m for m in sys.modules if m.partition('.')[0] in {packages}))"
    names = subprocess.run([sys.executable, "-c", told], cwd=ROOT, check=True, text=True, capture_output=True)
    return f"import {', '.join(names.stdout.split())}"


def reports(counts: Sequence[int]) -> Iterable[Row]:
    """The access report on a preview, in all of its forms, beside the preview."""
    for apps in counts:
        one = of_reports.measure(apps)
        share = f"{one.report / one.preview:.3f} ×"
        yield str(apps), f"{one.preview:.1f} s", f"{one.report:.2f} s", share, f"{one.processor:.2f} s"


def hosts() -> Iterable[Row]:
    """Each host of `tests/hosts`, for each registered resource and as a whole, beside raw."""
    for name in names_of_hosts():
        one = of_hosts.measure(name)
        each, raw_each = one.milliseconds / one.resources, one.raw_milliseconds / one.raw_resources
        resources = str(one.raw_resources), str(one.resources)
        whole = f"{one.milliseconds:.0f} ms", _ratio(one.milliseconds, one.raw_milliseconds)
        yield host(name).name, *resources, f"{each:.2f} ms", _ratio(each, raw_each), *whole


def _beside_raw(seconds: Mapping[str, float], case: str) -> Row:
    return f"{seconds[case]:.1f} s", _ratio(seconds[case], seconds[RAW])


def _ratio(one: float, other: float) -> str:
    return f"{one / other:.2f} ×"


def _seconds(statement: str) -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", statement], cwd=ROOT, check=True)
    return time.perf_counter() - began


def _median(figure: Callable[[], float]) -> float:
    return statistics.median(figure() for _ in range(ROUNDS))


@dataclass(frozen=True)
class Section:
    """A table of the page. `rows` takes whether to leave the large counts out."""

    title: str
    note: str
    columns: Row
    rows: Callable[[bool], Iterable[Row]]


SECTIONS: Final = (
    Section(
        "On mocks",
        """Processor time and memory of the program alone. The same app is 10 resources of Azure in each
program; with components it is 15 registered ones, five of which only the engine sees.""",
        (
            "program",
            "apps",
            "a registered resource",
            "to raw",
            "to the count before",
            "memory",
            "an app",
            "to raw",
        ),
        lambda quick: mocks((1, 20) if quick else (1, 100, 1000)),
    ),
    Section(
        "Hosts",
        """Processor time on mocks of each host that there is, alone in its program with a storage account
that it is linked to. Raw is the same resources of Azure with the same values, given to the SDK's own classes
([of_hosts.py](../benchmarks/of_hosts.py)). Both without Python's garbage collector.""",
        ("host", "of Azure", "registered", "a registered resource", "to raw", "a host", "to raw"),
        lambda _: hosts(),
    ),
    Section(
        "Through the engine",
        """The local Azure answers at once, so this is the engine's own time; Azure's minutes come on top,
the same for each program. What an update of many apps takes is mostly the state: see the next table.""",
        ("program", "apps", "preview", "to raw", "up", "to raw", "state of an app"),
        lambda quick: engine((1, 20) if quick else (1, 20, 100)),
    ),
    Section(
        "What an update waits for",
        """A state that is kept in a file or a blob is written as a whole with each step, so the time of an
update grows with steps × state: with the square of the apps in one stack, whatever they are declared with.
Components are steps too and have a state, more than a third of which is the SDK's stack traces. Written
once, at the end (which is an experiment of the engine's, and forgets what was done when it is killed), the
same updates cost the same. A stack for each app, with [what they share](guides/sharing.md) in one of its
own, stays in the first rows above.""",
        ("program", "apps", "up", "to raw", "up, state written once", "to raw"),
        lambda quick: written_once((20,) if quick else (40,)),
    ),
    Section(
        "The access report",
        "Markdown, JSON, page and table of one preview of so many apps.",
        ("apps", "preview", "report in all forms", "to the preview", "processor time"),
        lambda quick: reports((20,) if quick else (20, 200)),
    ),
    Section(
        "Rows of an audit",
        """`python -m audit --rows` on a vault's log: a file is read as a stream, and what is kept is one row
for each caller, place and result. Memory is that of the whole process, of which DuckDB may take 256 MB.""",
        ("rows", "file", "time", "memory"),
        lambda quick: audits((10_000,) if quick else (10_000, 100_000, 1_000_000)),
    ),
    Section(
        "Import",
        """What a program waits for before its first line, beside the modules of the SDK that are loaded
with it: a program without components would wait for those.""",
        ("what", "the SDK's modules", "with ours", "to the SDK's"),
        lambda _: imports(),
    ),
    Section(
        "Targets that nobody uses",
        """Processor time of a start of the local Azure, as `make up` has it, with the services of every
target beside those that the program itself needs. Servers of databases start when somebody connects, and
their clients are loaded then. `from components import KeylessWebApp` loads no module of a target but the
vault (`tests/unit/components/test_imports.py`).""",
        ("what", "processor time", "to the program's own"),
        lambda _: unused(),
    ),
)
