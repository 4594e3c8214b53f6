"""What a stack's configuration says, checked as a whole before anything is declared.

Each key of Pulumi.yaml is a field of `Settings` (a test compares them). What a component knows to be wrong is
said by the component, in the words of configuration; `rules` have the rest. All that is wrong is reported at
once, each with what to do next and the command that does it.
"""

from .arguments import said_in_keys
from .model import Settings, earlier_names
from .reading import read_configuration
from .sample_app import shown_secrets
from .subscription import WrongSubscription, stay_in_subscription

__all__ = [
    "Settings",
    "WrongSubscription",
    "earlier_names",
    "read_configuration",
    "said_in_keys",
    "shown_secrets",
    "stay_in_subscription",
]
