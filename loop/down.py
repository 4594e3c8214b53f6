"""`make down`: everything gone, and a report that nothing is left that should not be."""

from collections.abc import Mapping, Sequence

from loop import access_page
from loop.make import make
from loop.recovery import recover
from loop.session import Session, stop_azure
from loop.terminal import Terminal


def down(session: Session) -> int:
    """Destroy the stack, ask what is left, stop the local Azure. Returns 1 when something is left behind, or
    when the stack protects something: then nothing is touched."""
    terminal = session.terminal
    for mended in recover(session.stack, session.resource_manager):
        terminal.note(mended)
    if protected := session.stack.protected():
        for urn in protected:
            terminal.failed(f"protected, so nothing is destroyed: {urn}")
        shell, again, away = (make(command, session.stack.example) for command in ("-s env", "up", "down"))
        terminal.note(f'to let it go, in a shell with `eval "$({shell})"`:')
        terminal.note(f"pulumi config set protect false --stack {session.stack.name} && {again} && {away}")
        return 1
    terminal.step("the Pulumi engine destroys the stack `local`")
    session.stack.destroy(capture=False)
    for told in ("delivered.json", access_page.NAME):
        (session.work / told).unlink(missing_ok=True)
    clean = tell_leftovers(terminal, session.control("/leftovers"))
    stop_azure(session.azure)
    terminal.done("the local Azure is stopped")
    return 0 if clean else 1


def tell_leftovers(terminal: Terminal, left: Mapping[str, Sequence[str]]) -> bool:
    """Say what `left`, the answer of `/leftovers`, has. Returns whether nothing is there that should not be:
    what soft delete keeps should."""
    terminal.heading("Left in the local Azure")
    kinds = ("resources", "role_assignments", "role_definitions")
    for kind in kinds:
        for id in left[kind]:
            terminal.failed(f"{kind.replace('_', ' ')}: {id}")
    if clean := not any(left[kind] for kind in kinds):
        terminal.done("no resource and no role assignment")
    for vault in left["deleted_vaults"]:
        terminal.note(
            f"soft-deleted vault {vault}: kept for its retention; the next `make up` takes a new name"
        )
    for workspace in left["deleted_workspaces"]:
        terminal.note(
            f"deleted workspace {workspace}: kept for 14 days; made again in its place it comes back"
        )
    return clean
