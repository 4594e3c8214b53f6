"""Names of AI services, of their deployments, and of what is searched."""

from typing import Final

from .rule import NameRule

AI_SERVICES: Final = NameRule(
    "ais",
    63,
    r"[0-9a-z][0-9a-z-]*[0-9a-z]",
    "2 to 63 lower-case letters, digits and hyphens, not starting or ending with a hyphen",
    r"(?:[0-9a-z][0-9a-z-]*)?",
)
"""Its name is its subdomain, too.
https://learn.microsoft.com/azure/ai-services/cognitive-services-custom-subdomains"""
MODEL_DEPLOYMENT: Final = NameRule(
    "",
    64,
    r"[0-9A-Za-z](?:[0-9A-Za-z._-]*[0-9A-Za-z])?",
    "1 to 64 letters, digits and ._-, starting and ending with a letter or digit",
    r"(?:[0-9A-Za-z][0-9A-Za-z._-]*)?",
)
"""Never derived."""
SEARCH: Final = NameRule(
    "srch",
    60,
    r"(?!.*--)[0-9a-z][0-9a-z](?:[0-9a-z-]*[0-9a-z])?",
    "2 to 60 lower-case letters, digits and single hyphens, none of the first two and not the last a hyphen",
    r"(?:[0-9a-z][0-9a-z]?(?:-?[0-9a-z])*-?)?",
)
"""https://learn.microsoft.com/rest/api/searchservice/naming-rules"""
SEARCH_INDEX: Final = NameRule(
    "",
    128,
    r"(?!.*--)[0-9a-z](?:[0-9a-z_-]*[0-9a-z_])?",
    "1 to 128 lower-case letters, digits, _ and single hyphens, not starting or ending with a hyphen",
    r"(?:[0-9a-z][0-9a-z_-]*)?",
)
"""Never derived."""
