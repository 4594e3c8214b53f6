"""The one place that makes and checks names: Microsoft's abbreviations, Azure's lengths and characters.

Sources: https://learn.microsoft.com/azure/cloud-adoption-framework/ready/azure-best-practices/resource-abbreviations
and https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules
"""

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from .form import Form

SUFFIX_LENGTH: Final = 6
_HASH_LENGTH: Final = 4


@dataclass(frozen=True)
class NameRule:
    """What Azure accepts as the name of one type of resource. Lengths are in characters. `begins` is how far
    a name is right, as a `Form` has it.
    """

    abbreviation: str
    longest: int
    pattern: str
    words: str
    begins: str
    hyphens: bool = True
    """Whether a derived name has hyphens between its parts."""

    def allows(self, name: str) -> bool:
        return len(name) <= self.longest and re.fullmatch(self.pattern, name) is not None

    @property
    def form(self) -> Form:
        return Form(self.words, self.allows, self.begins)


RESOURCE_GROUP: Final = NameRule(
    "rg",
    90,
    r"[-0-9A-Za-z_.()]*[-0-9A-Za-z_()]",
    "1 to 90 letters, digits, and -_.(), not ending with a period",
    r"[-0-9A-Za-z_.()]*",
)
KEY_VAULT: Final = NameRule(
    "kv",
    24,
    r"(?!.*--)[A-Za-z][0-9A-Za-z-]+[0-9A-Za-z]",
    "3 to 24 letters, digits and single hyphens, starting with a letter, not ending with a hyphen",
    r"(?:[A-Za-z](?:-?[0-9A-Za-z])*-?)?",
)
IDENTITY: Final = NameRule(
    "id",
    128,
    r"[0-9A-Za-z][0-9A-Za-z_-]{2,}",
    "3 to 128 letters, digits, - and _, starting with a letter or digit",
    r"(?:[0-9A-Za-z][0-9A-Za-z_-]*)?",
)
WEB_APP: Final = NameRule(
    "app",
    60,
    r"[0-9a-z][0-9a-z-]*[0-9a-z]",
    "2 to 60 lower-case letters, digits and hyphens, not starting or ending with a hyphen",
    r"(?:[0-9a-z][0-9a-z-]*)?",
)
FUNCTION_APP: Final = replace(WEB_APP, abbreviation="func")
STORAGE_ACCOUNT: Final = NameRule(
    "st", 24, r"[0-9a-z]{3,}", "3 to 24 lower-case letters and digits", r"[0-9a-z]*", hyphens=False
)
POSTGRES_SERVER: Final = NameRule(
    "psql",
    63,
    r"[0-9a-z][0-9a-z-]+[0-9a-z]",
    "3 to 63 lower-case letters, digits and hyphens, not starting or ending with a hyphen",
    r"(?:[0-9a-z][0-9a-z-]*)?",
)
POSTGRES_DATABASE: Final = NameRule(
    "",
    63,
    r"(?!(?:azure_maintenance|azure_sys|postgres)$)[A-Za-z_][0-9A-Za-z_-]*",
    "1 to 63 letters, digits, - and _, starting with a letter or _, not one of the server's own",
    r"(?:[A-Za-z_][0-9A-Za-z_-]*)?",
)
"""Never derived."""
POSTGRES_SCHEMA: Final = Form.matching(
    "the name of a schema: 1 to 63 letters, digits and underscores, starting with a letter or underscore",
    r"(?!pg_)[A-Za-z_][0-9A-Za-z_]{0,62}",
    r"(?:[A-Za-z_][0-9A-Za-z_]*)?",
)
"""https://www.postgresql.org/docs/current/ddl-schemas.html"""
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
SERVICE_BUS: Final = NameRule(
    "sbns",
    50,
    r"(?!.*--)(?!.*-(?:sb|mgmt)$)[A-Za-z][0-9A-Za-z-]{4,}[0-9A-Za-z]",
    "6 to 50 letters, digits and single hyphens, starting with a letter, not ending with -, -sb or -mgmt",
    r"(?:[A-Za-z](?:-?[0-9A-Za-z])*-?)?",
)
"""https://learn.microsoft.com/rest/api/servicebus/create-namespace"""
EVENT_HUBS: Final = replace(SERVICE_BUS, abbreviation="evhns")
MESSAGE_QUEUE: Final = NameRule(
    "",
    260,
    r"[0-9A-Za-z](?:[0-9A-Za-z._-]*[0-9A-Za-z_-])?",
    "1 to 260 letters, digits and ._-, starting with a letter or digit, not ending with a period",
    r"(?:[0-9A-Za-z][0-9A-Za-z._-]*)?",
)
"""Of queues and topics of Service Bus, which are never derived."""
TOPIC_SUBSCRIPTION: Final = replace(MESSAGE_QUEUE, longest=50, words=MESSAGE_QUEUE.words.replace("260", "50"))
EVENT_HUB: Final = replace(MESSAGE_QUEUE, longest=256, words=MESSAGE_QUEUE.words.replace("260", "256"))
CONSUMER_GROUP: Final = replace(
    TOPIC_SUBSCRIPTION,
    pattern=rf"\$Default|{MESSAGE_QUEUE.pattern}",
    words=f"$Default, or {TOPIC_SUBSCRIPTION.words}",
    begins=rf"(?:\$D?e?f?a?u?l?t?|{MESSAGE_QUEUE.begins})",
)
SLOT: Final = NameRule(
    "",
    59,
    rf"(?!production$){WEB_APP.pattern}",
    "2 to 59 lower-case letters, digits and hyphens, not starting or ending with a hyphen, not production",
    WEB_APP.begins,
)
"""Never derived. App Service calls the app itself production."""
PLAN: Final = NameRule("asp", 40, r"[0-9A-Za-z-]+", "1 to 40 letters, digits and hyphens", r"[0-9A-Za-z-]*")
APPLICATION_INSIGHTS: Final = NameRule(
    "appi",
    255,
    r"[0-9A-Za-z_.()-]*[0-9A-Za-z_()-]",
    "1 to 255 letters, digits, and -_.(), not ending with a period",
    r"[0-9A-Za-z_.()-]*",
)


def _in_a_vault(noun: str) -> Form:
    """https://learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates#object-identifiers"""
    words = f"a {noun}'s name: 1 to 127 letters, digits and hyphens"
    return Form.matching(words, r"[0-9A-Za-z-]{1,127}", r"[0-9A-Za-z-]*")


SECRET_NAME: Final = _in_a_vault("secret")
KEY_NAME: Final = _in_a_vault("key")
CERTIFICATE_NAME: Final = _in_a_vault("certificate")
ENVIRONMENT_VARIABLE: Final = Form.matching(
    "an environment variable: letters, digits and underscores, not starting with a digit",
    r"[A-Za-z_][0-9A-Za-z_]*",
    r"(?:[A-Za-z_][0-9A-Za-z_]*)?",
)
SETTING_NAME: Final = Form.matching(
    "letters, digits, underscores and periods", r"[0-9A-Za-z_.]+", r"[0-9A-Za-z_.]*"
)
"""https://learn.microsoft.com/azure/app-service/configure-common#configure-app-settings"""


def derived_name(rule: NameRule, parts: Sequence[str], suffix: str) -> str:
    """`<abbreviation>-<parts>-<suffix>`, legal for any parts and a suffix of lower-case letters and digits;
    all in one word where the rule has no hyphens.

    Parts that are too long are cut, and parts that lose letters are told apart by a hash of what they were.
    """
    joint = "-" if rule.hyphens else ""
    original = "-".join(parts)
    body = _words(original).replace("-", joint)
    room = rule.longest - len(rule.abbreviation) - len(suffix) - 2 * len(joint)
    if len(body) > room or not body or not original.isascii():
        digest = hashlib.sha256(original.encode()).hexdigest()[:_HASH_LENGTH]
        cut = body[: room - _HASH_LENGTH - len(joint)].rstrip("-")
        body = joint.join(filter(None, [cut, digest]))
    return joint.join((rule.abbreviation, body, suffix))


def _words(text: str) -> str:
    """Lower-case ASCII words joined by single hyphens; accents are dropped, other alphabets vanish."""
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^0-9a-z]+", "-", ascii_text.lower()).strip("-")
