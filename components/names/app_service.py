"""Names of apps, their plans and slots, and of what tells an app its settings."""

from dataclasses import replace
from typing import Final

from ..form import Form
from .rule import NameRule

WEB_APP: Final = NameRule(
    "app",
    60,
    r"[0-9a-z][0-9a-z-]*[0-9a-z]",
    "2 to 60 lower-case letters, digits and hyphens, not starting or ending with a hyphen",
    r"(?:[0-9a-z][0-9a-z-]*)?",
)
FUNCTION_APP: Final = replace(WEB_APP, abbreviation="func")
SLOT: Final = NameRule(
    "",
    59,
    rf"(?!production$){WEB_APP.pattern}",
    "2 to 59 lower-case letters, digits and hyphens, not starting or ending with a hyphen, not production",
    WEB_APP.begins,
)
"""Never derived. App Service calls the app itself production."""
PLAN: Final = NameRule("asp", 40, r"[0-9A-Za-z-]+", "1 to 40 letters, digits and hyphens", r"[0-9A-Za-z-]*")
SETTING_NAME: Final = Form.matching(
    "letters, digits, underscores and periods", r"[0-9A-Za-z_.]+", r"[0-9A-Za-z_.]*"
)
"""https://learn.microsoft.com/azure/app-service/configure-common#configure-app-settings"""
LOGIC_APP: Final = NameRule(
    "logic",
    43,
    r"[0-9A-Za-z_.-]+",
    "1 to 43 letters, digits, hyphens, underscores and periods",
    r"[0-9A-Za-z_.-]*",
)
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
