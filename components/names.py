"""The one place that makes and checks names: Microsoft's abbreviations, Azure's lengths and characters.

Sources:
https://learn.microsoft.com/azure/cloud-adoption-framework/ready/azure-best-practices/resource-abbreviations
and https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules"""

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
MYSQL_SERVER: Final = replace(POSTGRES_SERVER, abbreviation="mysql")
MYSQL_DATABASE: Final = NameRule(
    "",
    64,
    r"(?!(?:information_schema|mysql|performance_schema|sys|keyless_grants)$)[0-9a-z_][0-9a-z_-]*",
    "1 to 64 lower-case letters, digits, - and _, not starting with -, not one of the server's own",
    r"(?:[0-9a-z_][0-9a-z_-]*)?",
)
"""Never derived. A flexible server keeps names in lower case:
https://learn.microsoft.com/azure/mysql/flexible-server/concepts-server-parameters#lower_case_table_names"""
MYSQL_USER: Final = Form.matching(
    "the name of a user: 1 to 32 printable ASCII characters without quotes and backslashes",
    r"[^\x00-\x1f\x7f-\uffff'\"`\\]{1,32}",
    r"[^\x00-\x1f\x7f-\uffff'\"`\\]*",
)
"""https://dev.mysql.com/doc/refman/8.4/en/user-names.html"""
SQL_SERVER: Final = NameRule(
    "sql",
    63,
    r"[0-9a-z](?:[0-9a-z-]*[0-9a-z])?",
    "1 to 63 lower-case letters, digits and hyphens, not starting or ending with a hyphen",
    r"(?:[0-9a-z][0-9a-z-]*)?",
)
SQL_DATABASE: Final = NameRule(
    "",
    128,
    r"(?!(?:master|model|msdb|tempdb)$)[^\x00-\x1f<>*%&:\\/?]*[^\x00-\x1f<>*%&:\\/?. ]",
    r"1 to 128 characters, none of <>*%&:\/?, not ending with a period or space, not the server's own",
    r"[^\x00-\x1f<>*%&:\\/?]*",
)
"""Never derived."""
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
DISK_ENCRYPTION_SET: Final = NameRule(
    "des", 80, r"[0-9A-Za-z_-]+", "1 to 80 letters, digits, underscores and hyphens", r"[0-9A-Za-z_-]*"
)
"""https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftcompute"""
COSMOS_ACCOUNT: Final = NameRule(
    "cosno",
    44,
    r"(?!.*--)[0-9a-z][0-9a-z-]+[0-9a-z]",
    "3 to 44 lower-case letters, digits and single hyphens, not starting or ending with a hyphen",
    r"(?:[0-9a-z](?:-?[0-9a-z])*-?)?",
)
COSMOS_NAME: Final = NameRule(
    "",
    255,
    r"[^/\\#?\x00-\x1f]*[^/\\#? \x00-\x1f]",
    "1 to 255 characters other than / \\ # and ?, not ending with a space",
    r"[^/\\#?\x00-\x1f]*",
)
"""Of databases and containers, which are never derived.
https://learn.microsoft.com/azure/cosmos-db/concepts-limits"""
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
MANAGED_REDIS: Final = NameRule(
    "amr",
    60,
    r"(?!.*--)[0-9A-Za-z](?:[0-9A-Za-z-]*[0-9A-Za-z])?",
    "1 to 60 letters, digits and single hyphens, not starting or ending with a hyphen",
    r"(?:[0-9A-Za-z](?:-?[0-9A-Za-z])*-?)?",
)
"""https://learn.microsoft.com/rest/api/redis/redisenterprisecache/redis-enterprise/create"""
REGISTRY: Final = NameRule(
    "cr", 50, r"[0-9A-Za-z]{5,}", "5 to 50 letters and digits", r"[0-9A-Za-z]*", hyphens=False
)
"""https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftcontainerregistry"""
REPOSITORY: Final = NameRule(
    "",
    255,
    r"[0-9a-z]+(?:(?:[._]|__|-+)[0-9a-z]+)*(?:/[0-9a-z]+(?:(?:[._]|__|-+)[0-9a-z]+)*)*",
    "1 to 255 lower-case letters and digits, with ._- and / between them, as in shop/web",
    r"(?:[0-9a-z][0-9a-z._/-]*)?",
)
"""Never derived. https://distribution.github.io/distribution/spec/api/#overview"""
CONTAINER_GROUP: Final = NameRule(
    "ci",
    63,
    r"(?!.*--)[0-9a-z](?:[0-9a-z-]*[0-9a-z])?",
    "1 to 63 lower-case letters, digits and single hyphens, not starting or ending with a hyphen",
    r"(?:[0-9a-z](?:-?[0-9a-z])*-?)?",
)
LOGIC_APP: Final = NameRule(
    "logic",
    43,
    r"[0-9A-Za-z_.-]+",
    "1 to 43 letters, digits, hyphens, underscores and periods",
    r"[0-9A-Za-z_.-]*",
)
CONTAINER_NAME: Final = CONTAINER_GROUP.form
"""Of one container in a group."""
EVENT_GRID_TOPIC: Final = NameRule(
    "evgt",
    50,
    r"(?!Microsoft-|EventGrid-|System-)[0-9A-Za-z-]{3,}",
    "3 to 50 letters, digits and hyphens, not beginning with Microsoft-, EventGrid- or System-",
    r"[0-9A-Za-z-]*",
)
"""https://learn.microsoft.com/azure/event-grid/troubleshoot-errors"""
SIGNALR: Final = NameRule(
    "sigr",
    63,
    r"[A-Za-z][0-9A-Za-z-]+[0-9A-Za-z]",
    "3 to 63 letters, digits and hyphens, starting with a letter, not ending with a hyphen",
    r"(?:[A-Za-z][0-9A-Za-z-]*)?",
)
WEB_PUBSUB: Final = replace(SIGNALR, abbreviation="wps")
COLLECTION_ENDPOINT: Final = NameRule(
    "dce",
    44,
    r"[0-9A-Za-z][0-9A-Za-z-]+[0-9A-Za-z]",
    "3 to 44 letters, digits and hyphens, not starting or ending with a hyphen",
    r"(?:[0-9A-Za-z][0-9A-Za-z-]*)?",
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
COLLECTION_RULE: Final = replace(
    COLLECTION_ENDPOINT, abbreviation="dcr", longest=64, words=COLLECTION_ENDPOINT.words.replace("44", "64")
)
CONTAINER_APP: Final = NameRule(
    "ca",
    32,
    r"(?!.*--)[a-z][0-9a-z-]*[0-9a-z]",
    "2 to 32 lower-case letters, digits and single hyphens, starting with a letter, not ending with a hyphen",
    r"(?:[a-z](?:-?[0-9a-z])*-?)?",
)
CONTAINER_JOB: Final = replace(CONTAINER_APP, abbreviation="caj")
CONTAINER_ENVIRONMENT: Final = NameRule(
    "cae",
    60,
    r"(?!.*--)[A-Za-z][0-9A-Za-z-]*[0-9A-Za-z]",
    "2 to 60 letters, digits and single hyphens, starting with a letter, not ending with a hyphen",
    r"(?:[A-Za-z](?:-?[0-9A-Za-z])*-?)?",
)
CLUSTER: Final = NameRule(
    "aks",
    63,
    r"[0-9A-Za-z](?:[0-9A-Za-z_-]*[0-9A-Za-z])?",
    "1 to 63 letters, digits, - and _, starting and ending with a letter or digit",
    r"(?:[0-9A-Za-z][0-9A-Za-z_-]*)?",
)
"""https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftcontainerservice"""
KUBERNETES_NAMESPACE: Final = Form.matching(
    "the name of a namespace: 1 to 63 lower-case letters, digits and hyphens, not starting or ending with a "
    "hyphen",
    r"[0-9a-z](?:[0-9a-z-]{0,61}[0-9a-z])?",
    r"(?:[0-9a-z][0-9a-z-]*)?",
)
"""https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-label-names"""
SERVICE_ACCOUNT: Final = Form.matching(
    "the name of a service account: 1 to 200 lower-case letters, digits, hyphens and periods, each part "
    "between periods starting and ending with a letter or digit",
    r"(?=.{1,200}$)[0-9a-z](?:[0-9a-z-]*[0-9a-z])?(?:\.[0-9a-z](?:[0-9a-z-]*[0-9a-z])?)*",
    r"(?:[0-9a-z][0-9a-z.-]*)?",
)
"""Kubernetes takes 253; ours are what the names of further objects begin with.
https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-subdomain-names"""
VIRTUAL_MACHINE: Final = NameRule(
    "vm",
    64,
    r"[0-9A-Za-z](?:[0-9A-Za-z-]*[0-9A-Za-z])?",
    "1 to 64 letters, digits and hyphens, not starting or ending with a hyphen",
    r"(?:[0-9A-Za-z][0-9A-Za-z-]*)?",
)
"""https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftcompute"""
VIRTUAL_MACHINE_SCALE_SET: Final = replace(
    VIRTUAL_MACHINE, abbreviation="vmss", longest=55, words=VIRTUAL_MACHINE.words.replace("64", "55")
)
"""An instance's name is its scale set's and nine characters more."""
NETWORK_INTERFACE: Final = NameRule(
    "nic",
    80,
    r"[0-9A-Za-z](?:[0-9A-Za-z_.-]*[0-9A-Za-z_])?",
    "1 to 80 letters, digits and ._-, starting with a letter or digit, not ending with . or -",
    r"(?:[0-9A-Za-z][0-9A-Za-z_.-]*)?",
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
APP_CONFIGURATION: Final = NameRule(
    "appcs",
    50,
    r"(?!.*---)[0-9A-Za-z][0-9A-Za-z-]{3,}[0-9A-Za-z]",
    "5 to 50 letters, digits and hyphens, no three hyphens in a row, not starting or ending with a hyphen",
    r"(?:[0-9A-Za-z][0-9A-Za-z-]*)?",
)
"""https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftappconfiguration"""
CONFIGURATION_KEY: Final = Form.matching(
    "a key, with its label behind a $ where it has one: no % in it, and not . or ..",
    r"(?!\.{1,2}(?:\$|$))[^%$]+(?:\$[^%$,*\\]+)?",
    r"[^%$]*(?:\$[^%$,*\\]*)?",
)
"""https://learn.microsoft.com/azure/azure-app-configuration/concept-key-value"""
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
CONTAINER_VARIABLE: Final = Form.matching(
    "1 to 63 letters, digits and underscores, not starting with a digit or ending with an underscore",
    r"(?=.{1,63}$)[A-Za-z_](?:[0-9A-Za-z_]*[0-9A-Za-z])?",
    r"(?:[A-Za-z_][0-9A-Za-z_]*)?",
)
"""https://learn.microsoft.com/azure/container-instances/container-instances-troubleshooting#naming-conventions"""


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
