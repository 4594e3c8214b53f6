"""pip itself, with made-up packages: what is not the file of the lock does not get into the environment."""

import os
import sys
import tarfile
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

from tests.unit.toolchain.archives import sha256
from tests.unit.toolchain.conftest import Script
from toolchain.paths import venv_python
from toolchain.virtual_environment import VenvUnavailableError, ensure_venv

ABOUT = "Metadata-Version: 2.1\nName: shop\nVersion: 1.0\n"
WHEEL = "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
Install = Callable[[str], Path]


def wheel(index: Path, content: str = "") -> str:
    """A wheel of the package `shop` in the folder that stands for an index; its hash."""
    file = index / "shop-1.0-py3-none-any.whl"
    written = {"shop.py": content, "shop-1.0.dist-info/METADATA": ABOUT, "shop-1.0.dist-info/WHEEL": WHEEL}
    written["shop-1.0.dist-info/RECORD"] = "".join(f"{name},,\n" for name in written)
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in written.items():
            archive.writestr(zipfile.ZipInfo(name), text)
    return sha256(file.read_bytes())


def source(index: Path, ran: Path) -> str:
    """The same as a source distribution, whose build leaves a file; its hash."""
    file = index / "shop-1.0.tar.gz"
    build = f"open({str(ran)!r}, 'w')\nfrom setuptools import setup\nsetup(name='shop', version='1.0')\n"
    with tarfile.open(file, "w:gz") as archive:
        for name, text in (("PKG-INFO", ABOUT), ("setup.py", build)):
            info = tarfile.TarInfo(f"shop-1.0/{name}")
            info.size = len(text)
            archive.addfile(info, BytesIO(text.encode()))
    return sha256(file.read_bytes())


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that stands for the only index there is."""
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    folder = tmp_path / "index"
    folder.mkdir()
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_TARGET", str(tmp_path / "packages"))
    return folder


@pytest.fixture
def install(index: Path, tmp_path: Path, script: Script) -> Install:
    """Puts what a lock says into an environment, with the pip of this one; where packages lie then."""
    if sys.platform == "win32":
        pytest.skip("the stand-in for Python is a script with a first line that Windows does not read")
    here = f"os.execv({sys.executable!r}, [{sys.executable!r}, *sys.argv[1:]])"
    script(venv_python(tmp_path / "venv"), here)

    def ensure(lock: str) -> Path:
        (index.parent / "requirements.txt").write_text(lock, encoding="utf-8")
        ensure_venv(
            lambda _line: None,
            venv=tmp_path / "venv",
            requirements=index.parent / "requirements.txt",
            lock=tmp_path / "lock",
        )
        return tmp_path / "packages"

    return ensure


def refusal(install: Install, lock: str, packages: Path) -> str:
    with pytest.raises(VenvUnavailableError) as reason:
        install(lock)
    assert not packages.exists()
    return str(reason.value)


def test_the_file_that_was_locked_is_installed_and_no_other(
    index: Path, install: Install, tmp_path: Path
) -> None:
    meant = wheel(index)
    changed = wheel(index, "print('evil')\n")
    told = refusal(install, f"shop==1.0 --hash=sha256:{meant}\n", tmp_path / "packages")
    assert f"Expected sha256 {meant}" in told
    assert f"Got        {changed}" in told
    packages = install(f"shop==1.0 --hash=sha256:{changed}\n")
    assert (packages / "shop.py").read_text(encoding="utf-8") == "print('evil')\n"


def test_a_package_without_a_hash_is_refused(index: Path, install: Install, tmp_path: Path) -> None:
    wheel(index)
    told = refusal(install, "shop==1.0\n", tmp_path / "packages")
    assert "Hashes are required in --require-hashes mode" in told


def test_a_package_without_a_wheel_is_refused_and_its_build_never_runs(
    index: Path, install: Install, tmp_path: Path
) -> None:
    right = source(index, tmp_path / "ran")
    told = refusal(install, f"shop==1.0 --hash=sha256:{right}\n", tmp_path / "packages")
    assert "No matching distribution found for shop==1.0" in told
    assert not (tmp_path / "ran").exists()
