"""What a pull request changes, found out without any credential: the base is deployed to a local Azure of its
own, and the head previewed against it.
"""

import io
import subprocess
import tarfile
import tempfile
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from loop.preview import Judge, Target, Wanted, preview
from loop.session import session, stop_azure
from loop.stack import Stack
from loop.terminal import Terminal
from toolchain.paths import ROOT, VENV


def review(
    base: str,
    out: Path,
    terminal: Terminal,
    *,
    head: str = "",
    repository: Path = ROOT,
    wanted: Wanted | None = None,
) -> int:
    """Deploy the stack `local` of the commit from which `base` and the head went apart, and preview the head
    against it: a ref, or what lies in the working tree. The policy pack that judges is that commit's too. It
    and the base run with the packages of this checkout, the head with those of `repository`, if it has any.
    The report is written to `out`; nothing else is left. Returns what `preview` does. Raises EngineError, or
    RuntimeError for a ref that is not there.
    """
    began = _merge_base(repository, base, head or "HEAD")
    with tempfile.TemporaryDirectory(prefix="keyless-review-") as folder:
        work = Path(folder)
        program = _export(repository, began, work / "base")
        with _stack(terminal, work / "loop", program) as stack:
            terminal.step(f"{began[:12]}, where `{base}` and the head part, goes to a local Azure of its own")
            stack.prepare()
            stack.up("--skip-preview")
            own = repository / VENV.name
            venv = own if own.exists() else VENV
            stack = replace(
                stack, program=_export(repository, head, work / "head", venv) if head else repository
            )
            stack.prepare()
            wanted = replace(wanted or Wanted(), judge=Judge(program, _changed(repository, began, head)))
            return preview(Target.of(stack), out.resolve(), terminal, wanted)


@contextmanager
def _stack(terminal: Terminal, work: Path, program: Path) -> Generator[Stack]:
    try:
        with session(terminal, work) as opened:
            yield replace(opened.stack, program=program)
    finally:
        stop_azure(work / "azure")


def _merge_base(repository: Path, base: str, head: str) -> str:
    commits = [_commit(repository, ref) for ref in (base, head)]
    with suppress(RuntimeError):  # no history in common, as in a shallow clone
        return _git(repository, "merge-base", *commits).decode().strip()
    return commits[0]


def _commit(repository: Path, ref: str) -> str:
    try:
        found = _git(repository, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
    except RuntimeError as error:
        raise RuntimeError(
            f"{ref!r} is no commit in {repository}; expected a branch, a tag or a commit that is there: "
            "`git fetch` it first"
        ) from error
    return found.decode().strip()


def _changed(repository: Path, began: str, head: str) -> list[str]:
    """Paths that differ in the head; a file that was moved is both of its paths."""
    ends = [began, _commit(repository, head)] if head else [began]
    return (
        _git(repository, "diff", "--name-only", "--no-renames", "-z", *ends, "--").decode().split("\0")[:-1]
    )


def _export(repository: Path, ref: str, folder: Path, venv: Path = VENV) -> Path:
    """The files of a commit in a folder of their own, with a virtual environment from elsewhere."""
    archive = _git(repository, "archive", "--format=tar", _commit(repository, ref))
    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        files.extractall(folder, filter="data")
    if not (folder / VENV.name).exists():
        (folder / VENV.name).symlink_to(venv, target_is_directory=True)
    if not (folder / "Pulumi.local.yaml").exists():
        raise RuntimeError(f"{ref} has no Pulumi.local.yaml: there is no stack for a local Azure in it")
    return folder


def _git(repository: Path, *arguments: str) -> bytes:
    result = subprocess.run(["git", "-C", str(repository), *arguments], capture_output=True, check=False)
    if result.returncode:
        raise RuntimeError(f"git {arguments[0]}: {result.stderr.decode().strip()}")
    return result.stdout
