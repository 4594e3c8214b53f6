"""How many role assignments one subscription takes, at any scope in it: more are refused.

Source: https://learn.microsoft.com/azure/role-based-access-control/troubleshoot-limits
"""

from typing import Final

OF_A_SUBSCRIPTION: Final = 4_000
IN_WORDS: Final = f"{OF_A_SUBSCRIPTION:,}"
