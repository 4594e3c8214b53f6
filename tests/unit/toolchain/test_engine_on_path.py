"""Which `pulumi` on PATH is good enough, and why another one is not."""

import os
from pathlib import Path

import pytest

from tests.unit.toolchain.conftest import Script
from toolchain.engine_on_path import OnPath
from toolchain.engine_source import NotThisWayError


def environment(*folders: Path) -> dict[str, str]:
    return {"PATH": os.pathsep.join(str(folder) for folder in folders)}


def refusal(way: OnPath) -> str:
    assert way.find() is None
    with pytest.raises(NotThisWayError) as reason:
        way.fetch(print)
    return str(reason.value)


def test_a_recent_pulumi_with_its_language_host_is_used_where_it_is(tmp_path: Path, script: Script) -> None:
    script(tmp_path / "pulumi", "print('v3.300.1')")
    script(tmp_path / "pulumi-language-python", "")
    engine = OnPath(environment(tmp_path)).find()
    assert engine is not None
    assert (engine.folder, engine.version, engine.source) == (tmp_path, "3.300.1", "path")


def test_the_oldest_accepted_version_is_accepted(tmp_path: Path, script: Script) -> None:
    script(tmp_path / "pulumi", "print('v3.259.0')")
    script(tmp_path / "pulumi-language-python", "")
    assert OnPath(environment(tmp_path)).find() is not None


def test_an_older_pulumi_is_refused_with_both_versions(tmp_path: Path, script: Script) -> None:
    script(tmp_path / "pulumi", "print('v3.258.9')")
    script(tmp_path / "pulumi-language-python", "")
    assert refusal(OnPath(environment(tmp_path))) == f"{tmp_path / 'pulumi'} is 3.258.9, older than 3.259.0"


def test_a_pulumi_that_fails_is_refused_with_its_own_words(tmp_path: Path, script: Script) -> None:
    script(tmp_path / "pulumi", "sys.exit('no such library')")
    message = refusal(OnPath(environment(tmp_path)))
    assert message == f"{tmp_path / 'pulumi'} did not say its version but: 'no such library'"


def test_a_pulumi_without_a_language_host_is_refused(tmp_path: Path, script: Script) -> None:
    script(tmp_path / "pulumi", "print('v3.300.0')")
    message = refusal(OnPath(environment(tmp_path)))
    assert message == f"{tmp_path / 'pulumi'} has no pulumi-language-python, neither beside it nor on PATH"


def test_a_language_host_elsewhere_on_path_will_do(tmp_path: Path, script: Script) -> None:
    script(tmp_path / "a" / "pulumi", "print('v3.300.0')")
    script(tmp_path / "b" / "pulumi-language-python", "")
    engine = OnPath(environment(tmp_path / "a", tmp_path / "b")).find()
    assert engine is not None
    assert engine.folder == tmp_path / "a"


def test_a_language_host_beside_the_file_that_a_link_leads_to_will_do(tmp_path: Path, script: Script) -> None:
    script(tmp_path / "cellar" / "pulumi", "print('v3.300.0')")
    script(tmp_path / "cellar" / "pulumi-language-python", "")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "pulumi").symlink_to(tmp_path / "cellar" / "pulumi")
    assert OnPath(environment(tmp_path / "bin")).find() is not None


def test_no_pulumi_is_said_to_be_none(tmp_path: Path) -> None:
    assert refusal(OnPath(environment(tmp_path))) == "there is none"


def test_an_engine_that_a_set_up_made_does_not_pass_for_the_users_own(tmp_path: Path, script: Script) -> None:
    made_here = tmp_path / ".keyless" / "engine" / "bin"
    script(made_here / "pulumi", "print('v3.300.0')")
    script(made_here / "pulumi-language-python", "")
    assert refusal(OnPath(environment(made_here))) == "there is none"


def test_asking_for_the_version_does_not_touch_the_users_own_pulumi_home(
    tmp_path: Path, script: Script
) -> None:
    script(tmp_path / "pulumi", f"open({str(tmp_path / 'home')!r}, 'w').write(os.environ['PULUMI_HOME'])")
    users = str(tmp_path / "users")
    assert OnPath({**environment(tmp_path), "PULUMI_HOME": users}).find() is None
    asked_in = (tmp_path / "home").read_text(encoding="utf-8")
    assert asked_in != users
    assert asked_in.endswith(str(Path(".keyless", "pulumi")))
