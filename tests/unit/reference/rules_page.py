"""Every rule of the local Azure: number, words, how sure it is, source, and the test that holds it."""

import re
from collections.abc import Mapping
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Final

from local_azure.rules import Rule, all_rules
from tests.unit.reference.markdown import table, words
from toolchain.paths import ROOT

TESTS: Final = ROOT / "tests" / "local_azure"
_KINDS: Final[Mapping[str, str]] = {"refusal": "known: refused", "behaviour": "known", "assumed": "assumed"}
_LETTERS: Final[Mapping[str, str]] = {
    "A": "App Service, and what it pulls from a registry",
    "B": "Cosmos DB",
    "C": "Keys and certificates of vaults",
    "CA": "Container Apps and jobs",
    "CI": "Container Instances",
    "E": "Signing in, and Microsoft Graph",
    "F": "Key Vault references, and settings of function apps",
    "G": "Resource Manager, whatever the resource",
    "H": "Azure Managed Redis",
    "I": "Identities and storage",
    "J": "Images in container registries",
    "K": "Vaults",
    "N": "Networks",
    "O": "Logs and metrics",
    "P": "Kubernetes clusters, and how pods sign in",
    "Q": "Virtual machines, and the instance metadata service",
    "R": "Role assignments",
    "S": "Secrets",
    "T": "Topics of Event Grid",
    "W": "SignalR and Web PubSub",
    "U": "Azure OpenAI and AI services",
    "V": "App Configuration",
    "X": "AI Search",
}
OTHERS: Final[Mapping[str, str]] = {
    "A9": "A region without quota is answered with `Unauthorized`, which is no problem of signing in.",
    "A20": "A new app may have a host name with a hash in it: its address is read from `defaultHostName`.",
    "K14": "A container on Windows reads no references through a network: with a closed vault it is refused.",
    "K17": "A write of a vault replaces access policies that others made: none is ever written.",
    "P6": "A run that was killed leaves a state from which the next one goes on, and takes over what exists.",
    "P8": "A stack that names its tenant and its subscription runs nowhere else.",
    "P12": "A protected resource stays until somebody says otherwise, and the message says how.",
    "P14": "Every child gets its component's options: parent, provider, protection.",
    "P15": "Who waits for a component waits for all that is in it.",
    "R15": "A grant above a resource group reaches a vault's data late or never, so none is made there.",
    "R16": "A subscription takes 4,000 role assignments: one a vault is the default, one a secret a choice.",
    "S6": "No value of a secret is in the state or in a preview.",
}
"""Numbers that tests and guides name though the local Azure does nothing about them: our own side does."""
_INTRODUCTION: Final = """
What the local Azure does because Azure does it. A number never changes its meaning; rules about one thing
share it. Where it says *known*, the source shows it: Microsoft's documentation, or somebody's public report.
Where it says *assumed*, the source, if there is one, says that it is so, and only Azure can prove with which
status or in which words; no test asserts those words. Each rule is held by a test, most of them through
Microsoft's own clients. `python -m local_azure rules` prints the same list.
""".strip()

_OURS: Final = "These the local Azure does not know; components, guides and tests do."


def rules_page() -> str:
    sections = [
        f"## {letter}: {_LETTERS.get(letter, 'other services')}\n\n{_table(rules)}"
        for letter, rules in _by_letter()
    ]
    others = table(("number", "what is minded"), [(number, text) for number, text in OTHERS.items()])
    ours = f"## Numbers of our own side\n\n{_OURS}\n\n{others}"
    return "\n\n".join([f"# Rules of the local Azure\n\n{_INTRODUCTION}", *sections, ours]) + "\n"


def files_with_test(name: str) -> list[Path]:
    """The files in which there is a test of that name, which is written without `test_`."""
    return [file for file, names in _tests().items() if name in names]


def links(source: str) -> list[str]:
    """Each page or public thread of a source as a link."""
    return [_link(one) for one in source.split()]


@cache
def _tests() -> Mapping[Path, frozenset[str]]:
    return {
        file: frozenset(re.findall(r"^def test_(\w+)\(", file.read_text(), re.MULTILINE))
        for file in sorted(TESTS.rglob("test_*.py"))
    }


def _by_letter() -> list[tuple[str, list[Rule]]]:
    return [(letter, list(rules)) for letter, rules in groupby(all_rules(), key=lambda rule: rule.letters)]


def _table(rules: list[Rule]) -> str:
    columns = ("number", "what Azure does", "kind", "source", "held by")
    return table(columns, [_row(rule) for rule in rules])


def _row(rule: Rule) -> tuple[str, ...]:
    source = ", ".join(links(rule.source)) or "none"
    return rule.id, words(rule.text), _KINDS[rule.kind], source, _held_by(rule)


def _held_by(rule: Rule) -> str:
    (file,) = files_with_test(rule.held_by)
    name = re.sub(rf"^{rule.id.lower()} ", "", rule.held_by.replace("_", " "))
    return f"[{name}](../../{file.relative_to(ROOT)})"


def _link(source: str) -> str:
    if source.startswith("https://"):
        page = source.removeprefix("https://").partition("#")[0].rstrip("/").rpartition("/")[2]
        return f"[{page.replace('-', ' ')}]({source})"
    repository, _, number = source.partition("#")
    return f"[{source}](https://github.com/{repository}/issues/{number})"
