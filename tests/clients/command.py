"""What one `az` command is run with, and what it has to answer."""

from dataclasses import dataclass

from local_azure.constants import DEPLOYER, Inhabitant


@dataclass(frozen=True)
class Command:
    """`gives` stands in its output, `given` is what it reads, `by` is who is signed in, and `keeps` is the
    name under which the last segment of what it prints fills in later lines."""

    line: str
    gives: str = ""
    given: str = ""
    by: Inhabitant = DEPLOYER
    keeps: str = ""
