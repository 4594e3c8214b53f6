"""Names of what any app stands on, and of the variables that its code is told."""

from typing import Final

from ..form import Form
from .rule import NameRule

RESOURCE_GROUP: Final = NameRule(
    "rg",
    90,
    r"[-0-9A-Za-z_.()]*[-0-9A-Za-z_()]",
    "1 to 90 letters, digits, and -_.(), not ending with a period",
    r"[-0-9A-Za-z_.()]*",
)
IDENTITY: Final = NameRule(
    "id",
    128,
    r"[0-9A-Za-z][0-9A-Za-z_-]{2,}",
    "3 to 128 letters, digits, - and _, starting with a letter or digit",
    r"(?:[0-9A-Za-z][0-9A-Za-z_-]*)?",
)
ENVIRONMENT_VARIABLE: Final = Form.matching(
    "an environment variable: letters, digits and underscores, not starting with a digit",
    r"[A-Za-z_][0-9A-Za-z_]*",
    r"(?:[A-Za-z_][0-9A-Za-z_]*)?",
)
