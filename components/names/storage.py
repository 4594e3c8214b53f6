"""Names of storage accounts, and of what is in them."""

from typing import Final

from .rule import NameRule

STORAGE_ACCOUNT: Final = NameRule(
    "st", 24, r"[0-9a-z]{3,}", "3 to 24 lower-case letters and digits", r"[0-9a-z]*", hyphens=False
)
CONTAINER: Final = NameRule(
    "",
    63,
    r"(?!.*--)[0-9a-z][0-9a-z-]+[0-9a-z]",
    "3 to 63 lower-case letters, digits and single hyphens, not starting or ending with a hyphen",
    r"(?:[0-9a-z](?:-?[0-9a-z])*-?)?",
)
"""Of blob containers and queues, which are never derived.
https://learn.microsoft.com/rest/api/storageservices/naming-and-referencing-containers--blobs--and-metadata"""
TABLE: Final = NameRule(
    "",
    63,
    r"[A-Za-z][0-9A-Za-z]{2,}",
    "3 to 63 letters and digits, starting with a letter",
    r"(?:[A-Za-z][0-9A-Za-z]*)?",
)
"""Never derived. https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model#table-names"""
