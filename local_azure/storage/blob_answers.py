"""The words of the blob service: lists in XML, and what a blob or a container says of itself in headers."""

from email.utils import formatdate
from xml.etree.ElementTree import Element, SubElement

from local_azure.http import JsonObject, Response
from local_azure.storage.blob_store import Blob
from local_azure.storage.metadata import metadata_headers
from local_azure.storage.xml_bodies import xml


def blob_headers(blob: Blob) -> dict[str, str]:
    return {
        "accept-ranges": "bytes",
        "content-length": str(len(blob.content)),
        "content-md5": blob.md5,
        "content-type": blob.content_type,
        "etag": blob.etag,
        "last-modified": formatdate(blob.modified, usegmt=True),
        "x-ms-blob-type": "BlockBlob",
        "x-ms-creation-time": formatdate(blob.created, usegmt=True),
        "x-ms-lease-state": "available",
        "x-ms-lease-status": "unlocked",
        "x-ms-server-encrypted": "true",
        **metadata_headers(blob.metadata),
    }


def written(blob: Blob) -> Response:
    """The answer to a write."""
    headers = blob_headers(blob)
    return Response(201, None, {key: headers[key] for key in ("content-md5", "etag", "last-modified")})


def blob_list(host: str, container: str, blobs: list[Blob], prefix: str, delimiter: str) -> Response:
    """Every blob whose name begins with `prefix`; those below a `delimiter` are named by what they share."""
    root = Element("EnumerationResults", {"ServiceEndpoint": f"https://{host}/", "ContainerName": container})
    SubElement(root, "Prefix").text = prefix
    found = SubElement(root, "Blobs")
    shared: set[str] = set()
    for blob in blobs:
        rest = blob.name[len(prefix) :]
        if delimiter and delimiter in rest:
            folder = prefix + rest.partition(delimiter)[0] + delimiter
            if folder not in shared:
                SubElement(SubElement(found, "BlobPrefix"), "Name").text = folder
            shared.add(folder)
        else:
            _add_blob(found, blob)
    SubElement(root, "NextMarker")
    return xml(root)


def container_list(host: str, containers: list[tuple[str, JsonObject]], prefix: str) -> Response:
    root = Element("EnumerationResults", {"ServiceEndpoint": f"https://{host}/"})
    SubElement(root, "Prefix").text = prefix
    found = SubElement(root, "Containers")
    for name, body in containers:
        one = SubElement(found, "Container")
        SubElement(one, "Name").text = name
        about = SubElement(one, "Properties")
        SubElement(about, "Etag").text = body["etag"]
        SubElement(about, "LeaseState").text = "available"
        SubElement(about, "LeaseStatus").text = "unlocked"
    SubElement(root, "NextMarker")
    return xml(root)


def _add_blob(found: Element, blob: Blob) -> None:
    one = SubElement(found, "Blob")
    SubElement(one, "Name").text = blob.name
    if blob.kept_until is not None:
        SubElement(one, "Deleted").text = "true"
    headers = blob_headers(blob)
    about = SubElement(one, "Properties")
    for name, header in (
        ("BlobType", "x-ms-blob-type"),
        ("Content-Length", "content-length"),
        ("Content-MD5", "content-md5"),
        ("Content-Type", "content-type"),
        ("Creation-Time", "x-ms-creation-time"),
        ("Etag", "etag"),
        ("Last-Modified", "last-modified"),
    ):
        SubElement(about, name).text = headers[header]
