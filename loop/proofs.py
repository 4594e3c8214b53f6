"""One line for each thing that a run proves, asked of the app and of Azure, never assumed."""

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from local_azure.constants import DEVELOPER, OFFICER
from loop.azure_client import page
from loop.credentials import credential_leaks
from loop.leaks import SHORTEST
from loop.secret import EVERY
from loop.session import Session
from toolchain.paths import ROOT

Proof = Callable[[Session, dict[str, Any]], Iterator[tuple[bool, str]]]


def prove(session: Session, outputs: dict[str, Any], proofs: Sequence[Proof]) -> bool:
    """Try every proof and print its line. Returns whether all hold."""
    session.terminal.heading("Proven")
    holds = True
    for proof in proofs:
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


def of_search(files: Sequence[str], too_short: Sequence[str]) -> tuple[bool, str]:
    """Whether nothing was found, and what was searched for, of what `loop.secret search` prints."""
    if files:
        return False, f"a secret value lies in clear in {', '.join(files)}"
    said = "no secret value lies in clear in source, configuration, state, logs, store or page"
    but = f"; not searched for, being shorter than {SHORTEST} bytes: {', '.join(too_short)}"
    return True, said + but * bool(too_short)


def nothing_secret_lies_in_clear(session: Session, outputs: dict[str, Any]) -> Iterator[tuple[bool, str]]:
    """The values of every secret of the vault, read by the officer, are searched for in all that the run
    wrote and in the sources."""
    (session.work / "page.html").write_bytes(page(outputs["url"]).content)
    if outputs["secrets"]:
        sources = [ROOT / "app", ROOT / "components", *ROOT.glob("*.py"), *ROOT.glob("Pulumi*.yaml")]
        answer = session.as_person(
            OFFICER, "search", outputs["vault_endpoint"], EVERY, str(session.work), *map(str, sources)
        )
        yield of_search(**json.loads(answer))


def no_credential_of_the_loop_lies_about(
    session: Session, _outputs: dict[str, Any]
) -> Iterator[tuple[bool, str]]:
    """The loop's own credentials are searched for in all that it wrote."""
    leaked = credential_leaks(session.work, session.azure)
    yield (
        not leaked,
        "; ".join(leaked)
        or "no password, key or token of the loop itself lies anywhere but in the file that keeps it",
    )


OF_THE_PROGRAM: Final[tuple[Proof, ...]] = (
    the_app_reads_its_secrets,
    a_stranger_is_refused,
    nothing_secret_lies_in_clear,
    no_credential_of_the_loop_lies_about,
)
"""What a run of the checkout's own program proves."""
