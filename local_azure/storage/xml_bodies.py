"""XML as the data planes read and write it."""

from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from local_azure.http import Response
from local_azure.storage.refusals import refusal


def read_xml(body: bytes, tag: str) -> Element:
    """The root of a body, which is called `tag`. Raises Refusal 400."""
    try:
        # No entities of a body's own, in whatever encoding.
        if b"<!DOCTYPE" in body or b"\0" in body:
            raise ElementTree.ParseError
        root = ElementTree.fromstring(body)
    except (ElementTree.ParseError, ValueError):
        root = None
    if root is None or root.tag != tag:
        raise refusal(400, "InvalidXmlDocument", "XML specified is not syntactically valid.")
    return root


def xml(root: Element, status: int = 200) -> Response:
    body: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return Response(status, body, {"content-type": "application/xml"})
