"""In which order the workers of xdist get the tests: each begins with its share of the long ones.

xdist deals the tests in blocks, one a worker, and lets who is done take from the end of another's block. As
they are collected, one worker has all that start engines, and at the end all wait for the last of these.
Long ones first, what is left at the end is unit tests, of which a worker that is early can take thousands.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

_LONG: Final = ("app", "attached", "browser", "engine", "imports", "scanner", "toolchain")
"""Folders of `tests` in which a test takes seconds; as a rule so many each:"""
_EACH: Final = 3.0
_SECONDS: Final = {
    "tests/app/test_page.py": 1.0,
    "tests/attached/test_forked_programs.py": 7.0,
    "tests/browser/test_page_for_everybody.py": 20.0,
    "tests/clients/test_az.py": 200.0,
    "tests/engine/test_custom_domain.py": 20.0,
    "tests/engine/test_encryption.py": 20.0,
    "tests/engine/test_every_host.py": 160.0,
    "tests/engine/test_every_target.py": 50.0,
    "tests/engine/test_fork_review.py": 20.0,
    "tests/engine/test_generated_secrets.py": 20.0,
    "tests/engine/test_identity_switching.py": 20.0,
    "tests/engine/test_interrupted_runs.py": 30.0,
    "tests/engine/test_make_up.py": 50.0,
    "tests/engine/test_mission.py": 25.0,
    "tests/engine/test_scenarios.py": 50.0,
    "tests/engine/test_shop.py": 20.0,
    "tests/engine/test_taken_out.py": 20.0,
    "tests/engine/test_vault_life.py": 12.0,
    "tests/imports/test_options_through_the_engine.py": 45.0,
    "tests/imports/test_typescript_example.py": 20.0,
    "tests/imports/test_yaml_example.py": 1.0,
    "tests/local_azure/test_plugin_in_the_engine.py": 10.0,
    "tests/scanner/test_checkov.py": 30.0,
}
"""Files that take something else, roughly, on a machine that has nothing else to do."""


def dealt(tests: Sequence[str], workers: int) -> list[int]:
    """The places in `tests`, ids as they are collected, in the order in which they are best dealt.

    All tests of a file that takes long stay together, in their order, as they may share what is deployed.
    """
    files: defaultdict[str, list[int]] = defaultdict(list)
    rest: list[int] = []
    for place, test in enumerate(tests):
        file = test.partition("::")[0]
        is_long = file in _SECONDS or (file.split("/")[1:2] and file.split("/")[1] in _LONG)
        (files[file] if is_long else rest).append(place)
    seconds = {file: _SECONDS.get(file, _EACH * len(places)) for file, places in files.items()}
    begun: list[list[int]] = [[] for _ in range(workers)]
    taken = [0.0] * workers
    for file in sorted(files, key=lambda file: (-seconds[file], file)):
        worker = taken.index(min(taken))
        begun[worker].extend(files[file])
        taken[worker] += seconds[file]
    order: list[int] = []
    for worker, first in enumerate(begun):
        room = (len(tests) - len(order)) // (workers - worker) - len(first)
        order += [*first, *rest[: max(room, 0)]]
        del rest[: max(room, 0)]
    return order + rest
