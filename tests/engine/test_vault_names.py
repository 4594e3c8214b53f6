"""A stack can be taken away and put back at once (K3, K19), and names never collide with what Azure keeps."""

from tests.engine.conftest import Loop


def test_up_after_destroy_does_not_trip_over_the_deleted_vault(loop: Loop) -> None:
    first = loop.up()
    loop.stack.destroy()
    left = loop.session.control("/leftovers")
    assert left["resources"] == []
    assert left["role_assignments"] == []
    assert [vault for vault in left["deleted_vaults"] if first["vault_name"] in str(vault)] != []

    second = loop.up()

    assert second["vault_name"] != first["vault_name"]
    loop.stack.preview("--expect-no-changes")


def test_a_second_up_with_no_change_changes_nothing(loop: Loop) -> None:
    loop.up()
    loop.stack.preview("--expect-no-changes")
    loop.stack.refresh("--expect-no-changes")
    loop.stack.up("--skip-preview", "--expect-no-changes")
