"""From evidence to the files of a program: a diff that `git apply` takes, and what nobody can write here."""

import subprocess
from pathlib import Path

import pytest

from audit.suggest.changes import NotEditableError
from audit.suggest.project import Project
from tests.unit.access_report.previews import State
from tests.unit.audit.suggest.stage import (
    ACCOUNT,
    BLOBS,
    READ_BLOB,
    READ_SECRET,
    VAULT,
    Given,
    assignment,
    audited,
    grant,
    host,
    suggested,
)

PYTHON = "name: shop\nruntime: python\n"
SECRETS, WRITER, REPORTS = (
    "Key Vault Secrets User", "Storage Blob Data Contributor", "/blobservices/default/containers/reports",
)  # fmt: skip


def app(name: str, **grants: Given) -> list[State]:
    return host("WebApp", name, grants)


def test_a_diff_is_what_git_applies(tmp_path: Path) -> None:
    program = 'WebApp("web", {"links": {"a": x, "b": f.blobs_link("b")}})\nWebApp("api", {"links": {"c": y}})'
    told = suggested(
        tmp_path,
        {"Pulumi.yaml": PYTHON, "__main__.py": program},
        app("web", a=Given(WRITER, f"{BLOBS}a")),
        app("api", c=Given(WRITER, f"{BLOBS}c")),
    )
    assert [str(line) for one in told.proposed for line in one.lines] == ["__main__.py:2", "__main__.py:1"]
    (tmp_path / "it.diff").write_text(told.diff)
    subprocess.run(["git", "apply", "it.diff"], cwd=tmp_path, check=True)
    after = 'WebApp("web", {"links": {"b": f.blobs_link("b")}})\nWebApp("api", {})'
    assert (tmp_path / "__main__.py").read_text() == after


def test_a_wish_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    program = (
        "from components import WebApp\n"
        'WebApp("web", {"secrets": {"A": "alpha", "B": "beta"}, "secret_access": chosen})\n'
    )
    uses = [(READ_SECRET, "/secrets/alpha")]
    inputs = {"secrets": {"A": "alpha", "B": "beta"}, "links": {}}
    told = suggested(
        tmp_path,
        {"Pulumi.yaml": PYTHON, "__main__.py": program},
        host("WebApp", "web", {"vault": Given(SECRETS, VAULT, uses)}, inputs),
    )
    assert (told.files, told.proposed, told.diff) == ({}, [], "")
    (one,) = told.unwritten
    assert (one.why, one.at) == ("its value is computed", "__main__.py:2")
    assert one.words == [
        "take secrets[B] out of WebApp 'web'", "set secret_access of WebApp 'web' to 'secret'",
    ]  # fmt: skip


def test_what_is_declared_in_a_loop_is_said_with_the_line_that_the_engine_has(tmp_path: Path) -> None:
    program = 'for name in names:\n    WebApp(name, {"links": {"a": x}})\n'
    own = app("web", a=Given(WRITER, f"{BLOBS}a"))
    own[-1]["stackTrace"] = [{"sourcePosition": "project:///__main__.py#2"}]
    told = suggested(tmp_path, {"Pulumi.yaml": PYTHON, "__main__.py": program}, own)
    assert told.files == {}
    assert [(one.at, one.why, one.words) for one in told.unwritten] == [
        ("__main__.py:2", "no file of the program declares WebApp 'web' by a name that is written out",
         ["take links[a] out of WebApp 'web'"]),
    ]  # fmt: skip


def test_a_component_within_another_is_changed_where_the_program_declares_the_outer_one(
    tmp_path: Path,
) -> None:
    (outer,) = host("KeylessWebApp", "shop", {})
    inner = host("WebApp", "shop", {"a": Given(WRITER, f"{BLOBS}a")}, inside=outer)
    program = 'KeylessWebApp("shop", {"links": {"a": x}})\n'
    told = suggested(tmp_path, {"Pulumi.yaml": PYTHON, "__main__.py": program}, [outer, *inner])
    assert told.files["__main__.py"][1] == 'KeylessWebApp("shop", {})\n'


def test_a_link_by_role_gets_the_lesser_role_in_place_of_a_verb(tmp_path: Path) -> None:
    program = (
        'WebApp("web", {"links": {"a": {"role": {"id": x, "role": "Storage Blob Data Contributor"}}}})\n'
    )
    told = suggested(
        tmp_path,
        {"Pulumi.yaml": PYTHON, "__main__.py": program},
        app("web", a=Given(WRITER, f"{BLOBS}reports", [(READ_BLOB, REPORTS)])),
    )
    assert told.files["__main__.py"][1] == program.replace("Contributor", "Reader")


def test_an_assignment_of_azures_own_goes_too(tmp_path: Path) -> None:
    program = 'import x\n\nauthorization.RoleAssignment("robot", scope=s, principal_id=p)\n'
    told = suggested(
        tmp_path,
        {"Pulumi.yaml": PYTHON, "__main__.py": program},
        [assignment("robot", Given(WRITER, ACCOUNT))],
    )
    assert told.files["__main__.py"][1] == "import x\n"


def test_modules_that_the_program_imports_are_looked_into_and_packages_are_not(tmp_path: Path) -> None:
    files = {
        "Pulumi.yaml": "name: shop\nruntime:\n  name: python\nmain: src\n",
        "src/__main__.py": "from apps import web\nimport outside\n",
        "src/apps/__init__.py": "",
        "src/apps/web.py": "from . import robots\n",
        "src/apps/robots.py": 'AccessGrant("robot", {"role": "x"})\n',
        "src/unused.py": 'AccessGrant("robot", {"role": "x"})\n',
        "outside.py": 'AccessGrant("robot", {"role": "x"})\n',
    }
    told = suggested(tmp_path, files, grant("robot", Given(WRITER, ACCOUNT)))
    assert {file: after for file, (_, after) in told.files.items()} == {"src/apps/robots.py": "\n"}
    assert "--- a/src/apps/robots.py\n" in told.diff


CONFIGURED = (
    "name: shop\nruntime: python\nconfig:\n  secrets:\n    type: object\n  secretAccess:\n    type: string\n"
)


def test_secrets_that_come_from_the_stacks_configuration_are_changed_there(tmp_path: Path) -> None:
    files = {
        "Pulumi.yaml": CONFIGURED,
        "Pulumi.dev.yaml": "config:\n  shop:secrets:\n    A: alpha\n    B: beta\n",
        "Pulumi.prod.yaml": "config:\n  shop:secrets:\n    A: alpha\n    B: beta\n",
        "__main__.py": "KeylessWebApp(name, read())\n",
    }
    inputs = {"secrets": {"A": "alpha", "B": "beta"}, "links": {}}
    uses = [(READ_SECRET, "/secrets/alpha")]
    told = suggested(tmp_path, files, host("WebApp", "web", {"vault": Given(SECRETS, VAULT, uses)}, inputs))
    assert {file: after for file, (_, after) in told.files.items()} == {
        "Pulumi.dev.yaml": "config:\n  shop:secrets:\n    A: alpha\n  shop:secretAccess: secret\n"
    }


def test_a_configuration_that_says_something_else_than_the_stack_has_is_not_its_source(
    tmp_path: Path,
) -> None:
    files = {
        "Pulumi.yaml": CONFIGURED,
        "Pulumi.dev.yaml": "config:\n  shop:secrets:\n    A: alpha\n    B: other\n",
        "__main__.py": "KeylessWebApp(name, read())\n",
    }
    inputs = {"secrets": {"A": "alpha", "B": "beta"}, "links": {}}
    told = suggested(tmp_path, files, host("WebApp", "web", {"vault": Given(SECRETS, VAULT)}, inputs))
    assert (told.files, len(told.unwritten)) == ({}, 1)


def test_a_program_in_yaml_is_changed(tmp_path: Path) -> None:
    text = (
        "name: shop\nruntime: yaml\nresources:\n  web:\n    type: keyless:index:WebApp\n    properties:\n"
        "      links:\n        a: {blobs: {access: write}}\n        b: {blobs: {access: write}}\n"
    )
    told = suggested(tmp_path, {"Pulumi.yaml": text}, app("web", a=Given(WRITER, f"{BLOBS}a")))
    assert told.files["Pulumi.yaml"][1] == text.replace("        a: {blobs: {access: write}}\n", "")


def test_a_program_in_another_language_is_told_what_to_write(tmp_path: Path) -> None:
    told = suggested(
        tmp_path,
        {"Pulumi.yaml": "name: shop\nruntime: nodejs\n", "index.ts": ""},
        app("web", a=Given(WRITER, f"{BLOBS}a")),
    )
    assert told.files == {}
    assert [(one.why, one.words) for one in told.unwritten] == [
        ("the program is written in nodejs, which is not changed here", ["take links[a] out of WebApp 'web'"])
    ]


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ({}, "no Pulumi.yaml in"),
        ({"Pulumi.yaml": "runtime: [\n"}, "is no YAML that can be read"),
        ({"Pulumi.yaml": PYTHON}, "no __main__.py in"),
        ({"Pulumi.yaml": PYTHON, "__main__.py": "def ("}, "a file of the program is no Python"),
    ],
)
def test_a_folder_without_a_program_that_can_be_read_is_refused(
    tmp_path: Path, files: dict[str, str], why: str
) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    with pytest.raises(NotEditableError, match=why):
        Project.read(tmp_path).sources("dev", audited([]).stack.directory.snapshot)


@pytest.mark.parametrize(
    "program",
    [
        {"Pulumi.yaml": PYTHON, "__main__.py": 'FunctionApp("worker", {"links": {"a": x}})\n'},
        {"Pulumi.yaml": "name: x\nruntime: yaml\nresources:\n  worker: {type: keyless:index:FunctionApp}\n"},
    ],
)
def test_what_a_component_needs_for_itself_is_nothing_to_write(
    tmp_path: Path, program: dict[str, str]
) -> None:
    own = host("FunctionApp", "worker", {"package": Given("Storage Blob Data Reader", f"{BLOBS}packages")})
    told = suggested(tmp_path, program, own)
    assert (told.files, told.proposed, told.unwritten) == ({}, [], [])
    assert [one.why for one in told.stays] == [
        "none of its links asks for it: the component needs it for itself, or another argument does"
    ]
