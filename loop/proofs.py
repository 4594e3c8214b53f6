"""One line for each thing that a run proves, asked of the app and of Azure, never assumed."""

from collections.abc import Callable, Iterator
from typing import Any

from local_azure.constants import DEVELOPER, OFFICER
from loop.azure_client import page
from loop.credentials import credential_leaks
from loop.secret import EVERY
from loop.session import Session
from toolchain.paths import ROOT

Proof = Callable[[Session, dict[str, Any]], Iterator[tuple[bool, str]]]


def prove(session: Session, outputs: dict[str, Any]) -> bool:
    """Try every proof and print its line. Returns whether all hold."""
    session.terminal.heading("Proven")
    holds = True
    for proof in (the_app_reads_its_secrets, a_stranger_is_refused, nothing_secret_lies_in_clear):
        for held, sentence in proof(session, outputs):
            (session.terminal.done if held else session.terminal.failed)(sentence)
            holds = holds and held
    return holds


def the_app_reads_its_secrets(_session: Session, outputs: dict[str, Any]) -> Iterator[tuple[bool, str]]:
    """The app's own report, fetched under its Azure name."""
    status = page(f"{outputs['url']}/status.json").json()
    for way, words in (
        ("reference", "through Key Vault references in its environment"),
        ("client", "with two lines of code and its own identity"),
    ):
        arrived = [secret["environment_variable"] for secret in status["secrets"] if secret[way]["arrived"]]
        yield len(arrived) == len(outputs["secrets"]), f"the app read {len(arrived)} secrets {words}"


def a_stranger_is_refused(session: Session, outputs: dict[str, Any]) -> Iterator[tuple[bool, str]]:
    """A signed-in developer who is no reader of the vault."""
    for name in list(outputs["secrets"].values())[:1]:
        answer = session.as_person(DEVELOPER, "try", outputs["vault_endpoint"], name)
        yield answer == "refused", "a signed-in developer without a grant is refused by the vault (403)"


def nothing_secret_lies_in_clear(session: Session, outputs: dict[str, Any]) -> Iterator[tuple[bool, str]]:
    """The values of every secret of the vault, read by the officer, are searched for in all that the run
    wrote and in the sources, and the loop's own credentials in all that it wrote."""
    (session.work / "page.html").write_bytes(page(outputs["url"]).content)
    if outputs["secrets"]:
        sources = [ROOT / "app", ROOT / "components", *ROOT.glob("*.py"), *ROOT.glob("Pulumi*.yaml")]
        found = session.as_person(
            OFFICER, "search", outputs["vault_endpoint"], EVERY, str(session.work), *map(str, sources)
        )
        yield (
            not found,
            f"a secret value lies in clear in {found.splitlines()}"
            if found
            else "no secret value lies in clear in source, configuration, state, logs, store or page",
        )
    leaked = credential_leaks(session.work, session.azure)
    yield (
        not leaked,
        "; ".join(leaked)
        or "no password, key or token of the loop itself lies anywhere but in the file that keeps it",
    )
