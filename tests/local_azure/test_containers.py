"""Images of local registries, pulled and run: who may pull, what of an image reaches a program, and what
never does. The images are pushed by azure-containerregistry."""

import io
import json
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from components.azure_facts.audiences import Service, audience
from local_azure.containers.image import Container, Image
from local_azure.containers.layers import LARGEST, unpack
from local_azure.containers.pulling import pull
from local_azure.containers.refusals import Because, ImageError
from local_azure.entra.directory import Caller, Principal
from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure.images import MANIFEST, layer, link, push, push_program
from tests.local_azure.registry_stage import READER, RegistryStage
from tests.patience import PATIENCE

SERVER = """
import os, sys
from http.server import BaseHTTPRequestHandler, HTTPServer
class Answer(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers()
        self.wfile.write(("|".join([os.getcwd(), *sys.argv[1:], *sorted(os.environ)])).encode())
    def log_message(self, *_): pass
HTTPServer(("0.0.0.0", 8000), Answer).serve_forever()
"""


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RegistryStage]:
    with LocalAzure(begun(tmp_path_factory.mktemp("azure"))) as local:
        yield RegistryStage(local)


@pytest.fixture(scope="module")
def registry(stage: RegistryStage) -> tuple[str, str]:
    return stage.registry()


@pytest.fixture
def started() -> Iterator[list[Container]]:
    containers: list[Container] = []
    yield containers
    for one in containers:
        one.stop()


def caller(principal: Principal) -> Caller:
    return Caller(principal, frozenset(), audience(Service.RESOURCE_MANAGER))


def image(stage: RegistryStage, registry: tuple[str, str], push_it: Callable[[Any], object]) -> Image:
    """The image `it:1` that `push_it` pushes with a client, pulled by an identity that may."""
    id, host = registry
    push_it(stage.images(host, stage.with_role("AcrPush", id)))
    return pull(stage.azure.ground, f"{host}/it:1", caller(stage.with_role("AcrPull", id)))


def output_of(made: Image, tmp_path: Path, started: list[Container], **more: Any) -> tuple[str, int | None]:
    """What a container wrote that ran to its end, and with which status it did."""
    container = made.start({}, None, tmp_path / "log", **more)
    started.append(container)
    container.wait_for_end(PATIENCE)
    return (tmp_path / "log").read_text(), container.exit_status


def refused(act: Callable[[], object]) -> tuple[Because, str]:
    with pytest.raises(ImageError) as error:
        act()
    return error.value.because, str(error.value)


def test_j9_an_image_is_pulled_by_who_may_and_by_nobody_else(
    stage: RegistryStage, registry: tuple[str, str]
) -> None:
    id, host = registry
    builder = stage.images(host, stage.with_role("AcrPush", id))
    first = push_program(builder, "shop/web", "1", {"app.py": "print(1)"})
    name, ground = f"{host}/shop/web:1", stage.azure.ground
    nobody = stage.identity()
    assert refused(lambda: pull(ground, name, caller(nobody))) == (
        Because.UNAUTHORIZED,
        f"The identity {nobody.name} may not pull: it lacks AcrPull.",
    )
    assert refused(lambda: pull(ground, name, None))[0] == Because.UNAUTHORIZED
    puller = caller(stage.with_role("AcrPull", id))
    assert pull(ground, name, puller).digest == first
    second = push_program(builder, "shop/web", "1", {"app.py": "print(2)"})
    assert pull(ground, name, puller).digest == second
    assert pull(ground, f"{name}@{first}", puller).digest == first
    assert (pull(ground, name, puller).folder / "app/app.py").read_text() == "print(2)"
    assert refused(lambda: pull(ground, f"{host}/shop/web:3", puller))[0] == Because.UNKNOWN
    assert refused(lambda: pull(ground, "nowhere.azurecr.io/web", puller))[0] == Because.UNKNOWN


def test_a_role_for_one_repository_pulls_that_one_only(stage: RegistryStage) -> None:
    id, host = stage.registry(roleAssignmentMode="AbacRepositoryPermissions")
    who = caller(stage.with_role("AcrPull", id))
    said = refused(lambda: pull(stage.azure.ground, f"{host}/shop/web:1", who))
    assert said[0] == Because.UNAUTHORIZED
    assert said[1].endswith(f"it lacks {READER} for shop/web.")


def test_an_image_of_another_registry_is_said_to_be_elsewhere(stage: RegistryStage) -> None:
    for name, where in (
        ("nginx:1.27", "docker.io"),
        ("mcr.microsoft.com/k8se/quickstart", "mcr.microsoft.com"),
    ):
        because, said = refused(lambda one=name: pull(stage.azure.ground, one, None))
        assert because == Because.ELSEWHERE
        assert f"The registry {where} is none of the local Azure" in said


def test_a_container_gets_the_images_command_and_folder_and_no_more_of_this_machine_than_it_is_given(
    stage: RegistryStage,
    registry: tuple[str, str],
    tmp_path: Path,
    started: list[Container],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OF_THE_PERSON", "1")
    made = image(
        stage,
        registry,
        lambda client: push_program(
            client,
            "it",
            "1",
            {"app.py": SERVER},
            ["python", "-u", "/app/app.py", "one"],
            Env=["LEVEL=1", "PATH=/x"],
        ),
    )
    container = made.start({"GIVEN": "2"}, 8000, tmp_path / "log")
    started.append(container)
    assert container.wait_until_ready(PATIENCE)
    folder, word, *names = httpx.get(f"http://127.0.0.1:{container.port}", trust_env=False).text.split("|")
    assert folder == str(container.root / "app")
    assert word == "one"
    assert {"GIVEN", "LEVEL", "PATH", "HOME"} <= set(names)
    assert "OF_THE_PERSON" not in names
    container.stop()
    assert not container.root.exists()
    assert made.folder.exists()


def test_two_containers_of_one_port_do_not_meet_and_nothing_listens_to_the_world(
    stage: RegistryStage, registry: tuple[str, str], tmp_path: Path, started: list[Container]
) -> None:
    made = image(stage, registry, lambda client: push_program(client, "it", "1", {"app.py": SERVER}))
    started += [made.start({}, 8000, tmp_path / str(number)) for number in range(2)]
    assert [one.wait_until_ready(PATIENCE) for one in started] == [True, True]
    assert started[0].port != started[1].port
    listening = Path("/proc/net/tcp")
    if listening.exists():
        assert f"00000000:{8000:04X}" not in listening.read_text()


def test_command_and_arguments_stand_in_place_of_the_images_and_the_status_is_told(
    stage: RegistryStage, registry: tuple[str, str], tmp_path: Path, started: list[Container]
) -> None:
    code = "import sys; print(sys.argv[1:]); sys.exit(len(sys.argv))"
    made = image(
        stage,
        registry,
        lambda client: push_program(
            client, "it", "1", {"app.py": code}, ["of", "the image"], Entrypoint=["python3.12", "app.py"]
        ),
    )
    assert output_of(made, tmp_path, started) == ("['of', 'the image']\n", 3)
    (tmp_path / "log").unlink()
    assert output_of(made, tmp_path, started, arguments=["given"]) == ("['given']\n", 2)
    (tmp_path / "log").unlink()
    command = ["python", "-c", "import sys; print(sys.argv)"]
    assert output_of(made, tmp_path, started, command=command) == ("['-c']\n", 0)
    (tmp_path / "log").unlink()
    shell = ["/bin/sh", "-c", "exec python app.py $LEVEL ${NONE}"]
    assert output_of(made, tmp_path, started, command=shell)[0] == "['$LEVEL', '${NONE}']\n"


def test_what_a_module_of_the_image_runs_and_files_that_are_laid_into_it(
    stage: RegistryStage, registry: tuple[str, str], tmp_path: Path, started: list[Container]
) -> None:
    files = {
        "shop/__init__.py": "",
        "shop/__main__.py": "print(open('/'.join(__file__.split('/')[:-3]) + '/etc/x').read())",
    }
    made = image(
        stage, registry, lambda client: push_program(client, "it", "1", files, ["python", "-m", "shop"])
    )
    assert output_of(made, tmp_path, started, files={"/etc/x": b"laid"}) == ("laid\n", 0)
    with pytest.raises(ValueError, match="outside"):
        made.start({}, None, tmp_path / "log", files={"/../../x": b""})
    assert not list(made.containers.glob("*/etc/../../x"))


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (["node", "server.js"], "needs node, which is not here"),
        (["/usr/bin/dotnet", "shop.dll"], "needs dotnet, which is not here"),
        (["sh", "-c", "python a.py && python b.py"], "needs the image's shell, which is not here"),
        (["python", "--version"], "expected a file, -m or -c"),
    ],
)
def test_a_command_that_is_not_python_says_which_runtime_is_missing(
    command: list[str], said: str, stage: RegistryStage, registry: tuple[str, str], tmp_path: Path
) -> None:
    made = image(stage, registry, lambda client: push_program(client, "it", "1", {}, command))
    because, text = refused(lambda: made.start({}, None, tmp_path / "log"))
    assert because == Because.NO_RUNTIME
    assert said in text
    assert not [one for one in made.containers.iterdir() if one.is_dir()]


def test_j10_of_several_platforms_linux_amd64_is_pulled(
    stage: RegistryStage, registry: tuple[str, str]
) -> None:
    id, host = registry
    client: Any = stage.images(host, stage.with_role("AcrPush", id))
    who = caller(stage.with_role("AcrPull", id))
    arm = {"os": "linux", "architecture": "arm64"}
    digests = {
        "arm64": push(client, "many", "arm", layer({"a": "arm"}), platform=arm),
        "amd64": push(client, "many", "amd", layer({"a": "amd"})),
    }
    listed = {
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.index.v1+json",
        "manifests": [
            {
                "mediaType": MANIFEST, "digest": digest, "size": 1,
                "platform": {"os": "linux", "architecture": architecture},
            }
            for architecture, digest in digests.items()
        ],
    }  # fmt: skip
    client.set_manifest(
        "many", io.BytesIO(json.dumps(listed).encode()), tag="all", media_type=listed["mediaType"]
    )
    pulled = pull(stage.azure.ground, f"{host}/many:all", who)
    assert pulled.digest == digests["amd64"]
    assert (pulled.folder / "a").read_text() == "amd"
    because, said = refused(lambda: pull(stage.azure.ground, f"{host}/many:arm", who))
    assert because == Because.BROKEN
    assert "is for linux/arm64, and hosts run linux/amd64" in said


def unpacked(root: Path, *layers: bytes) -> list[str]:
    for one in layers:
        unpack(one, "application/vnd.oci.image.layer.v1.tar+gzip", root)
    return sorted(str(one.relative_to(root)) for one in root.rglob("*") if not one.is_dir())


def test_a_later_layer_replaces_and_removes_what_an_earlier_one_has(tmp_path: Path) -> None:
    first = layer({"a": "1", "b/c": "1", "b/d": "1", "e/f": "1", "g": link("g", "a")})
    second = layer(
        {"a": "2", "b/.wh.c": "", "e/new": "2", "e/.wh..wh..opq": "", ".wh.g": "", ".wh.absent": ""}
    )
    assert unpacked(tmp_path, first, second) == ["a", "b/d", "e/new"]
    assert (tmp_path / "a").read_text() == "2"


def test_nothing_of_an_image_lies_or_leads_outside_of_its_folder(tmp_path: Path) -> None:
    outside, root = tmp_path / "outside", tmp_path / "root"
    outside.mkdir()
    root.mkdir()
    (outside / "secret").write_text("kept")
    with pytest.raises(ImageError, match="would lie outside"):
        unpacked(root, layer({"../outside/new": "1"}))
    unpacked(root, layer({"/abs": "1"}))
    assert (root / "abs").read_text() == "1"
    # Through links: absolute ones, and ones that go up.
    to_outside = layer({"x/up": link("x/up", "../../outside"), "at": link("at", str(outside))})
    unpacked(root, to_outside, layer({"x/up/new": "1", "at/new": "1"}))
    assert [one.name for one in outside.iterdir()] == ["secret"]
    assert (root / "outside/new").read_text() == "1"
    assert (root / str(outside).lstrip("/") / "new").read_text() == "1"
    for name in ("x/up", "at"):
        assert (root / name).resolve().is_relative_to(root.resolve())
    with pytest.raises(ImageError, match="link to nothing"):
        unpacked(root, layer({"h": link("h", "../../outside/secret", hard=True)}))
    with pytest.raises(ImageError, match="in a circle"):
        unpacked(root, layer({"l": link("l", "l"), "l/x": "1"}))
    with pytest.raises(ImageError, match="damaged"):
        unpacked(root, b"no archive")
    assert not (root / "h").exists()


def test_links_work_inside_the_image_and_devices_are_left_out(tmp_path: Path) -> None:
    device = tarfile.TarInfo("dev/null")
    device.type = tarfile.CHRTYPE
    files: dict[str, Any] = {
        "usr/bin/python3": "real", "bin": link("bin", "/usr/bin"),
        "copy": link("copy", "usr/bin/python3", hard=True),
        "usr/python": link("usr/python", "/bin/python3"), "dev/null": device, "bin/later": "through",
    }  # fmt: skip
    assert "dev/null" not in unpacked(tmp_path, layer(files))
    assert [(tmp_path / one).read_text() for one in ("bin/python3", "copy", "usr/python")] == ["real"] * 3
    assert (tmp_path / "usr/bin/later").read_text() == "through"


def test_a_layer_that_unpacks_to_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert LARGEST == 1024 * 1024 * 1024
    monkeypatch.setattr("local_azure.containers.layers.LARGEST", 100_000)
    unpacked(tmp_path, layer({"small": b"0" * 50_000}))
    with pytest.raises(ImageError, match="unpacks to more than 100000 bytes"):
        unpacked(tmp_path, layer({"large": b"0" * 200_000}))


def test_a_damaged_image_leaves_nothing_and_is_pulled_once_it_is_whole(
    stage: RegistryStage, registry: tuple[str, str]
) -> None:
    id, host = registry
    client = stage.images(host, stage.with_role("AcrPush", id))
    push(client, "bad", "1", b"no archive", Cmd=["python"])
    who, ground = caller(stage.with_role("AcrPull", id)), stage.azure.ground
    before = set((ground.state / "images").iterdir())
    assert refused(lambda: pull(ground, f"{host}/bad:1", who))[0] == Because.BROKEN
    assert set((ground.state / "images").iterdir()) == before
    push(client, "bad", "1", layer({"a": "1"}), Cmd=["python"])
    assert (pull(ground, f"{host}/bad:1", who).folder / "a").exists()
