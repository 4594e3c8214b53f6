"""The words of the queue service: lists of queues and of messages in XML."""

from collections.abc import Mapping, Sequence
from email.utils import formatdate
from typing import Final
from xml.etree.ElementTree import Element, SubElement

from local_azure.http import Response
from local_azure.storage.queue_store import Message
from local_azure.storage.xml_bodies import xml

_NEVER: Final = "Fri, 31 Dec 9999 23:59:59 GMT"


def queue_list(
    host: str, queues: Sequence[tuple[str, Mapping[str, str]]], asked: Mapping[str, str], next_marker: str
) -> Response:
    """Names with their metadata, which are told if `asked`, the query, includes them."""
    root = Element("EnumerationResults", {"ServiceEndpoint": f"https://{host}/"})
    for word, key in (("Prefix", "prefix"), ("Marker", "marker"), ("MaxResults", "maxresults")):
        if key in asked:
            SubElement(root, word).text = asked[key]
    found = SubElement(root, "Queues")
    for name, metadata in queues:
        one = SubElement(found, "Queue")
        SubElement(one, "Name").text = name
        if "metadata" in asked.get("include", "").split(","):
            about = SubElement(one, "Metadata")
            for key, value in metadata.items():
                SubElement(about, key).text = value
    SubElement(root, "NextMarker").text = next_marker
    return xml(root)


def put_answer(message: Message) -> Response:
    """A message that was put in: all of it but its text."""
    root = Element("QueueMessagesList")
    _add(root, message, with_receipt=True)
    return xml(root, 201)


def messages(found: Sequence[Message], *, taken: bool) -> Response:
    """Messages with their texts; only whoever took them gets receipts."""
    root = Element("QueueMessagesList")
    for message in found:
        one = _add(root, message, with_receipt=taken)
        SubElement(one, "DequeueCount").text = str(message.taken)
        SubElement(one, "MessageText").text = message.text
    return xml(root)


def next_visible(message: Message) -> dict[str, str]:
    """What is said of a message that was changed."""
    return {"x-ms-popreceipt": message.receipt, "x-ms-time-next-visible": _date(message.visible)}


def _add(root: Element, message: Message, *, with_receipt: bool) -> Element:
    one = SubElement(root, "QueueMessage")
    SubElement(one, "MessageId").text = message.id
    SubElement(one, "InsertionTime").text = _date(message.inserted)
    SubElement(one, "ExpirationTime").text = _NEVER if message.expires is None else _date(message.expires)
    if with_receipt:
        SubElement(one, "PopReceipt").text = message.receipt
        SubElement(one, "TimeNextVisible").text = _date(message.visible)
    return one


def _date(when: float) -> str:
    return formatdate(when, usegmt=True)
