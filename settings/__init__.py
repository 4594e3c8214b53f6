"""What a stack's configuration says, checked as a whole before anything is declared.

Each key of Pulumi.yaml is a field of `Settings` (a test compares them), each rule has its place in `rules`.
All that is wrong is reported at once: the key, the value given, what is expected, the command that mends it.
"""

from .model import Settings
from .problems import ConfigurationRefused, Problem
from .reading import read_settings
from .subscription import WrongSubscription, stay_in_subscription

__all__ = [
    "ConfigurationRefused",
    "Problem",
    "Settings",
    "WrongSubscription",
    "read_settings",
    "stay_in_subscription",
]
