"""The words of the file service: lists in XML, and what a file, a directory or a share says in headers."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import formatdate
from xml.etree.ElementTree import Element, SubElement

from local_azure.bodies import section
from local_azure.http import JsonObject, Response
from local_azure.storage.file_store import Item
from local_azure.storage.metadata import metadata_headers
from local_azure.storage.xml_bodies import xml


def item_headers(item: Item) -> dict[str, str]:
    """What is said of a file or a directory, whoever asks for it."""
    kind = {} if item.content is None else {"content-length": str(len(item.content)), "x-ms-type": "File"}
    written = _time(item.modified)
    return {
        **metadata_headers(item.metadata),
        **kind,
        **({"content-type": item.content_type} if item.content_type else {}),
        "etag": item.etag,
        "last-modified": formatdate(item.modified, usegmt=True),
        "x-ms-file-attributes": "Directory" if item.content is None else "Archive",
        "x-ms-file-change-time": written,
        "x-ms-file-creation-time": _time(item.created),
        "x-ms-file-id": item.id,
        "x-ms-file-last-write-time": written,
        "x-ms-server-encrypted": "true",
    }


def written(item: Item, status: int) -> Response:
    """The answer to a write."""
    left_out = ("content-length", "content-type", "x-ms-type")
    headers = {key: value for key, value in item_headers(item).items() if key not in left_out}
    return Response(status, None, headers)


def share_headers(share: JsonObject) -> dict[str, str]:
    properties = share["properties"]
    when = datetime.fromisoformat(properties["lastModifiedTime"])
    return {
        **metadata_headers(section(properties, "metadata")),
        "etag": share["etag"],
        "last-modified": when.strftime("%a, %d %b %Y %H:%M:%S GMT"),
        "x-ms-access-tier": properties["accessTier"],
        "x-ms-enabled-protocols": properties["enabledProtocols"],
        "x-ms-share-quota": str(properties["shareQuota"]),
    }


def share_list(
    host: str, shares: Sequence[tuple[str, JsonObject]], query: Mapping[str, str], after: str
) -> Response:
    root = Element("EnumerationResults", {"ServiceEndpoint": f"https://{host}/"})
    _echo(root, query)
    found = SubElement(root, "Shares")
    for name, body in shares:
        one = SubElement(found, "Share")
        SubElement(one, "Name").text = name
        about = SubElement(one, "Properties")
        headers = share_headers(body)
        for word, header in (
            ("Last-Modified", "last-modified"),
            ("Etag", "etag"),
            ("Quota", "x-ms-share-quota"),
            ("AccessTier", "x-ms-access-tier"),
        ):
            SubElement(about, word).text = headers[header]
        if "metadata" in query.get("include", "").split(","):
            metadata = SubElement(one, "Metadata")
            for key, value in section(body["properties"], "metadata").items():
                SubElement(metadata, key).text = value
    SubElement(root, "NextMarker").text = after
    return xml(root)


def item_list(
    host: str, share: str, directory: str, items: Sequence[Item], query: Mapping[str, str], after: str
) -> Response:
    """What is in a directory, each with its id; files with their sizes."""
    where = {"ServiceEndpoint": f"https://{host}/", "ShareName": share, "DirectoryPath": directory}
    root = Element("EnumerationResults", where)
    _echo(root, query)
    SubElement(root, "DirectoryId").text = "0"
    found = SubElement(root, "Entries")
    for item in items:
        one = SubElement(found, "Directory" if item.content is None else "File")
        SubElement(one, "FileId").text = item.id
        SubElement(one, "Name").text = item.name
        about = SubElement(one, "Properties")
        if item.content is not None:
            SubElement(about, "Content-Length").text = str(len(item.content))
    SubElement(root, "NextMarker").text = after
    return xml(root)


def _echo(root: Element, query: Mapping[str, str]) -> None:
    for word, key in (("Prefix", "prefix"), ("Marker", "marker"), ("MaxResults", "maxresults")):
        if key in query:
            SubElement(root, word).text = query[key]


def _time(when: float) -> str:
    return datetime.fromtimestamp(when, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f0Z")
