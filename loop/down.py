"""`make down`: everything gone, and a report that nothing is left that should not be."""

from loop import access_page
from loop.recovery import recover
from loop.session import Session, stop_azure


def down(session: Session) -> int:
    """Destroy the stack, ask what is left, stop the local Azure. Returns 1 when something is left behind, or
    when the stack protects something: then nothing is touched."""
    terminal = session.terminal
    for mended in recover(session.stack, session.resource_manager):
        terminal.note(mended)
    if protected := session.stack.protected():
        for urn in protected:
            terminal.failed(f"protected, so nothing is destroyed: {urn}")
        terminal.note('to let it go, in a shell with `eval "$(make -s env)"`:')
        terminal.note(f"pulumi config set protect false --stack {session.stack.name} && make up && make down")
        return 1
    terminal.step("the Pulumi engine destroys the stack `local`")
    session.stack.destroy(capture=False)
    for told in ("delivered.json", access_page.NAME):
        (session.work / told).unlink(missing_ok=True)
    left = session.control("/leftovers")
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
    stop_azure(session.azure)
    terminal.done("the local Azure is stopped")
    return 0 if clean else 1
