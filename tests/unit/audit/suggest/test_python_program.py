"""Programs in Python are changed where an argument is written out, and in no other place."""

import textwrap
from enum import StrEnum

import pytest

from audit.suggest.changes import Change, Declared, NotEditableError, Put, Take
from audit.suggest.python_program import PythonProgram
from components import BlobAccess, QueueAccess, Role, SecretAccess

WEB = Declared("WebApp", "web", "keyless:index:WebApp")


def changed(text: str, *changes: Change, file: str = "__main__.py") -> tuple[str, list[str]]:
    """The new text, and the lines of the old one that were changed."""
    given = textwrap.dedent(text)
    program = PythonProgram({file: given})
    lines = [str(program.apply(one)) for one in changes]
    return program.texts().get(file, given), lines


def refused(text: str, change: Change) -> tuple[str, str]:
    program = PythonProgram({"__main__.py": textwrap.dedent(text)})
    with pytest.raises(NotEditableError) as error:
        program.apply(change)
    assert program.texts() == {}
    return error.value.why, str(error.value.at or "")


def put(value: StrEnum | str, *path: str) -> Put:
    return Put(WEB, path, value)


def take(*path: str) -> Take:
    return Take(WEB, path)


PROGRAM = """
    from components import BlobAccess, QueueAccess, StorageAccount, WebApp

    files = StorageAccount("shop", {"containers": ["reports"]})
    web = WebApp(
        "web",
        {
            "size": 'S1',   # not B1
            "links": {
                # Written by night.
                "reports": files.blobs_link("reports", BlobAccess.WRITE),  # for now

                # Read by day.
                "orders": files.queues_link(access=QueueAccess.WRITE),
            },
        },
    )
    """


def test_a_link_goes_with_its_comments_and_its_import_and_all_else_stays() -> None:
    text, lines = changed(PROGRAM, take("links", "reports"))
    assert lines == ["__main__.py:11"]
    gone = (
        "            # Written by night.\n"
        '            "reports": files.blobs_link("reports", BlobAccess.WRITE),  # for now\n'
    )
    assert text == textwrap.dedent(PROGRAM).replace(gone, "").replace("BlobAccess, ", "")


def test_a_map_of_which_nothing_is_left_goes_too() -> None:
    text, _ = changed(PROGRAM, take("links", "reports"), take("links", "orders"))
    assert "links" not in text
    assert "\"size\": 'S1',   # not B1\n    },\n)" in text
    assert "from components import StorageAccount, WebApp" in text


def test_a_verb_is_changed_where_it_stands_and_nothing_around_it() -> None:
    text, lines = changed(
        PROGRAM,
        put(BlobAccess.READ, "links", "reports", "blobs", "access"),
        put(QueueAccess.SEND, "links", "orders", "queues", "access"),
        put("orders", "links", "orders", "queues", "queue"),
    )
    assert lines == ["__main__.py:11", "__main__.py:14", "__main__.py:14"]
    assert text == textwrap.dedent(PROGRAM).replace("BlobAccess.WRITE", "BlobAccess.READ").replace(
        "access=QueueAccess.WRITE", 'access=QueueAccess.SEND, queue="orders"'
    )


@pytest.mark.parametrize(
    ("link", "becomes"),
    [
        ('{"blobs": {"id": x, "access": "write"}}', '{"blobs": {"id": x, "access": "read"}}'),
        ("{'blobs': {'id': x, 'access': 'write'}}", "{'blobs': {'id': x, 'access': 'read'}}"),
        ("LinkArgs(blobs=BlobsLinkArgs(id=x, access=k.BlobAccess.WRITE))",
         "LinkArgs(blobs=BlobsLinkArgs(id=x, access=k.BlobAccess.READ))"),
        ('{**f.blobs_link("r", BlobAccess.WRITE), "variables": "OUT"}',
         '{**f.blobs_link("r", BlobAccess.READ), "variables": "OUT"}'),
    ],
)  # fmt: skip
def test_a_link_is_changed_in_every_form_that_it_is_written_in(link: str, becomes: str) -> None:
    program = 'WebApp("web", WebAppArgs(links={"reports": LINK}))\n'
    text, _ = changed(
        program.replace("LINK", link), put(BlobAccess.READ, "links", "reports", "blobs", "access")
    )
    assert text == program.replace("LINK", becomes)


def test_a_value_that_is_new_gets_its_import_from_where_the_component_is() -> None:
    one = 'from components import KeyVault, WebApp\n\nWebApp("web", {"secrets": {"A": "a"}})\n'
    text, _ = changed(one, put(SecretAccess.SECRET, "secret_access"))
    assert text == (
        "from components import KeyVault, SecretAccess, WebApp\n\n"
        'WebApp("web", {"secrets": {"A": "a"}, "secret_access": SecretAccess.SECRET})\n'
    )
    whole = 'import components as k\n\nk.WebApp("web", args={"secrets": {"A": "a"}})\n'
    text, _ = changed(whole, put(SecretAccess.SECRET, "secret_access"))
    assert text.splitlines()[-1] == (
        'k.WebApp("web", args={"secrets": {"A": "a"}, "secret_access": k.SecretAccess.SECRET})'
    )
    broken = 'from components import (\n    KeyVault,\n    WebApp,\n)\n\nWebApp("web", {})\n'
    text, _ = changed(broken, put(SecretAccess.SECRET, "secret_access"))
    assert text == (
        "from components import (\n    KeyVault,\n    SecretAccess,\n    WebApp,\n)\n\n"
        'WebApp("web", {"secret_access": SecretAccess.SECRET})\n'
    )


def test_a_component_is_found_under_another_name_of_its_class_and_by_the_keyword_of_its_name() -> None:
    text, _ = changed(
        'from components import WebApp as App\n\nApp(name="web", args={"links": {"a": x, "b": y}})\n',
        take("links", "a"),
    )
    assert text.endswith('App(name="web", args={"links": {"b": y}})\n')


BESIDE = """
    main = vault.secrets_link({"A": "a", "B": "b"})
    links = {"main": main, "orders": files.queues_link("orders")}
    links["reports"] = files.blobs_link("reports")
    web = WebApp("web", {"links": links})
    """


def test_a_link_in_a_dict_beside_the_component_goes_and_so_does_what_only_it_needed() -> None:
    text, lines = changed(BESIDE, take("links", "main"), take("links", "reports"))
    assert lines == ["__main__.py:3", "__main__.py:4"]
    assert text == textwrap.dedent("""
        links = {"orders": files.queues_link("orders")}
        web = WebApp("web", {"links": links})
        """)


def test_a_secret_of_a_link_that_has_a_name_goes_from_where_the_link_is_made() -> None:
    text, lines = changed(BESIDE, take("links", "main", "key_vault", "secrets", "B"))
    assert lines == ["__main__.py:2"]
    assert text == textwrap.dedent(BESIDE).replace(', "B": "b"', "")


def test_a_link_that_two_components_share_is_taken_from_one_of_them_and_not_changed_for_both() -> None:
    shared = """
        main = vault.secrets_link({"A": "a", "B": "b"})
        WebApp("web", {"links": {"main": main}})
        WebApp("other", {"links": {"main": main}})
        """
    assert refused(shared, take("links", "main", "key_vault", "secrets", "B")) == (
        "main is used in more than one place", "__main__.py:3",
    )  # fmt: skip
    text, _ = changed(shared, take("links", "main"))
    assert text == textwrap.dedent(shared).replace(
        'WebApp("web", {"links": {"main": main}})', 'WebApp("web", {})'
    )


@pytest.mark.parametrize(
    ("program", "why"),
    [
        ('WebApp(f"{name}", {"links": {"a": x}})', ""),
        ('WebApp("web", read())', "what it is given is computed"),
        ('WebApp("web", {"links": read()})', "links is computed"),
        ('WebApp("web", {"links": {n: x for n in names}})', "links is computed"),
        ('WebApp("web", {"links": {name: x}})', "links has keys that are computed"),
        ('WebApp("web", {**common(), "size": "S1"})', "what it is given is computed"),
        ('def make(links):\n    WebApp("web", {"links": links})', "links is computed"),
        ('args = {"links": {"a": x}}\nWebApp("web", args)\nWebApp("other", args)',
         "args is used in more than one place"),
        ('WebApp("web", {"links": {"b": x}})', "links[a] is not written out here"),
        ('if x:\n    WebApp("web", {})\nelse:\n    WebApp("web", {"links": {"a": x}})',
         "WebApp 'web' is declared more than once (__main__.py:2, __main__.py:4)"),
    ],
)  # fmt: skip
def test_what_is_computed_or_shared_is_refused_and_not_touched(program: str, why: str) -> None:
    said, _ = refused(program + "\n", take("links", "a"))
    assert said == (why or "no file of the program declares WebApp 'web' by a name that is written out")


def test_a_verb_that_is_computed_is_refused_with_its_line() -> None:
    program = 'WebApp("web", {\n    "links": {\n        "a": f.blobs_link("r", verb),\n    },\n})\n'
    assert refused(program, put(BlobAccess.READ, "links", "a", "blobs", "access")) == (
        "its value is computed", "__main__.py:3",
    )  # fmt: skip


def test_a_declaration_goes_when_nothing_uses_what_it_gives() -> None:
    robot = Declared("AccessGrant", "robot", "keyless:index:AccessGrant")
    program = 'x = 1\n# For the robot.\nrobot = AccessGrant("robot", {"role": Role.ACR_PUSH})\ny = 2\n'
    text, lines = changed(program, Take(robot, ()))
    assert (text, lines) == ("x = 1\ny = 2\n", ["__main__.py:3"])
    assert refused(program + "export(robot.access)\n", Take(robot, ())) == (
        "what it gives is used by other lines", "__main__.py:3",
    )  # fmt: skip
    narrower, _ = changed(program, Put(robot, ("role",), Role.ACR_PULL))
    assert narrower == program.replace("ACR_PUSH", "ACR_PULL")


def test_a_component_in_a_module_that_the_program_imports_is_changed_there() -> None:
    program = PythonProgram(
        {"__main__.py": "import apps\n", "apps/web.py": 'WebApp("web", {"links": {"a": x, "b": y}})\n'}
    )
    assert str(program.apply(take("links", "a"))) == "apps/web.py:1"
    assert program.texts() == {"apps/web.py": 'WebApp("web", {"links": {"b": y}})\n'}


HELPER = """
    def workload(name, links, grants=None):
        identity = ManagedIdentity(name, where)
        own = {"more": grants, "also": grants}
        return WebApp(name, {**own, "id": identity.id, "secrets": {"A": "a"}, "links": links})

    web = workload("web", {"a": x, "b": f.blobs_link("b", BlobAccess.WRITE)}, grants={"c": y})
    api = workload("api", {"a": x, "b": f.blobs_link("b", BlobAccess.WRITE)})
    """


def test_what_a_function_of_the_program_declares_is_changed_where_it_is_called_with_the_name() -> None:
    text, lines = changed(HELPER, take("links", "a"), put(BlobAccess.READ, "links", "b", "blobs", "access"))
    assert lines == ["__main__.py:7", "__main__.py:7"]
    before = 'web = workload("web", {"a": x, "b": f.blobs_link("b", BlobAccess.WRITE)}'
    assert text == textwrap.dedent(HELPER).replace(
        before, 'web = workload("web", {"b": f.blobs_link("b", BlobAccess.READ)}'
    )


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (take("secrets", "A"), "a function declares it, and may declare others"),
        (take(), "a function declares it, and may declare others"),
        (put(SecretAccess.SECRET, "secret_access"), "a function declares it, and may declare others"),
        (put(BlobAccess.READ, "links", "a", "blobs", "access"), "a is computed"),
        (take("more", "c"), "grants is used in more than one place"),
    ],
)
def test_what_a_function_says_for_all_that_it_declares_is_not_touched(change: Change, why: str) -> None:
    said, _ = refused(HELPER, change)
    assert said == why
