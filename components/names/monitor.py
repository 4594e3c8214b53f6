"""Names of what collects logs and telemetry, and of its tables and streams."""

from dataclasses import replace
from typing import Final

from ..form import Form
from .rule import NameRule

APPLICATION_INSIGHTS: Final = NameRule(
    "appi",
    255,
    r"[0-9A-Za-z_.()-]*[0-9A-Za-z_()-]",
    "1 to 255 letters, digits, and -_.(), not ending with a period",
    r"[0-9A-Za-z_.()-]*",
)
REVIEW_WORKSPACE: Final = NameRule(
    "log",
    63,
    r"[0-9A-Za-z][0-9A-Za-z-]{2,}[0-9A-Za-z]",
    "4 to 63 letters, digits and hyphens, not starting or ending with a hyphen",
    r"(?:[0-9A-Za-z][0-9A-Za-z-]*)?",
)
REVIEW: Final = replace(REVIEW_WORKSPACE, abbreviation="review", longest=40)
"""What the names of alerts begin with; never given."""
COLLECTION_ENDPOINT: Final = NameRule(
    "dce",
    44,
    r"[0-9A-Za-z][0-9A-Za-z-]+[0-9A-Za-z]",
    "3 to 44 letters, digits and hyphens, not starting or ending with a hyphen",
    r"(?:[0-9A-Za-z][0-9A-Za-z-]*)?",
)
COLLECTION_RULE: Final = replace(
    COLLECTION_ENDPOINT, abbreviation="dcr", longest=64, words=COLLECTION_ENDPOINT.words.replace("44", "64")
)
LOG_TABLE: Final = NameRule(
    "",
    63,
    r"[A-Za-z][0-9A-Za-z_]*_CL",
    "4 to 63 letters, digits and underscores, starting with a letter and ending with _CL",
    r"(?:[A-Za-z][0-9A-Za-z_]*)?",
)
"""Of tables that are made, which are never derived.
https://learn.microsoft.com/azure/azure-monitor/logs/create-custom-table"""
LOG_STREAM: Final = Form.matching(
    "the name of a stream: Custom- or Microsoft- and letters, digits and underscores",
    r"(?:Custom|Microsoft)-[0-9A-Za-z_]+",
    r"(?:C(?:u(?:s(?:t(?:o(?:m(?:-[0-9A-Za-z_]*)?)?)?)?)?)?|M(?:i(?:c(?:r(?:o(?:s(?:o(?:f(?:t(?:-[0-9A-Za-z_]*)?)?)?)?)?)?)?)?)?)?",
)
"""https://learn.microsoft.com/azure/azure-monitor/data-collection/data-collection-rule-structure"""
