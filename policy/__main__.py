"""The policy pack as the engine starts it: `pulumi preview --policy-pack policy`."""

import sys
from pathlib import Path

# The engine runs this folder, not the package that it is.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from pulumi_policy import PolicyPack

from policy.configured import refuse_what_is_misspelt
from policy.pack import policies

refuse_what_is_misspelt()
PolicyPack(name="keyless", policies=policies())
