"""Images of a folder's files, pushed as anybody pushes them: with azure-containerregistry."""

import gzip
import io
import json
import tarfile
from collections.abc import Mapping, Sequence
from typing import Any, Final

from azure.containerregistry import ContainerRegistryClient

Json = dict[str, Any]
MANIFEST: Final = "application/vnd.oci.image.manifest.v1+json"
_CONFIG: Final = "application/vnd.oci.image.config.v1+json"
LAYER: Final = "application/vnd.oci.image.layer.v1.tar+gzip"
AMD64: Final = {"os": "linux", "architecture": "amd64"}


def layer(files: Mapping[str, str | bytes | tarfile.TarInfo]) -> bytes:
    """A layer with these files, by their paths in the image; what is a TarInfo is taken as it is. A path that
    ends with `/` is a folder."""
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w") as archive:
        for path, content in files.items():
            if isinstance(content, tarfile.TarInfo):
                archive.addfile(content)
                continue
            entry, data = tarfile.TarInfo(path), content.encode() if isinstance(content, str) else content
            entry.mode, entry.size = 0o755, len(data)
            if path.endswith("/"):
                entry.type, entry.size = tarfile.DIRTYPE, 0
            archive.addfile(entry, io.BytesIO(data))
    return gzip.compress(written.getvalue(), mtime=0)


def link(path: str, target: str, *, hard: bool = False) -> tarfile.TarInfo:
    """A link in a layer."""
    entry = tarfile.TarInfo(path)
    entry.type = tarfile.LNKTYPE if hard else tarfile.SYMTYPE
    entry.linkname = target
    return entry


def push(
    client: ContainerRegistryClient,
    repository: str,
    tag: str,
    *layers: bytes,
    platform: Mapping[str, str] = AMD64,
    media_type: str = LAYER,
    **config: Any,
) -> str:
    """Push an image; its digest. `config` is such as Cmd, Entrypoint, Env, WorkingDir and ExposedPorts."""
    sender: Any = client
    configuration = json.dumps({**platform, "config": config}).encode()

    def sent(content: bytes, kind: str) -> Json:
        digest, size = sender.upload_blob(repository, io.BytesIO(content))
        return {"mediaType": kind, "digest": digest, "size": size}

    manifest = {
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "config": sent(configuration, _CONFIG),
        "layers": [sent(one, media_type) for one in layers],
    }
    return str(sender.set_manifest(repository, io.BytesIO(json.dumps(manifest).encode()), tag=tag))


def push_program(
    client: ContainerRegistryClient,
    repository: str,
    tag: str,
    files: Mapping[str, str],
    command: Sequence[str] = ("python", "app.py"),
    **config: Any,
) -> str:
    """Push an image whose folder `/app` has these files, as `COPY . /app` makes it; its digest."""
    made = layer({f"app/{path}": content for path, content in files.items()})
    return push(client, repository, tag, made, Cmd=list(command), WorkingDir="/app", **config)
