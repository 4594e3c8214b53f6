"""What Azure takes as the tags of one resource, with names that differ in more than upper and lower case.

Source: https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources#limitations
"""

from typing import Final

MOST: Final = 50
"""Tags of one resource."""
LONGEST_NAME: Final = 512
"""Characters of a name, one at least."""
LONGEST_VALUE: Final = 256
"""Characters of a value, which may be empty."""
REFUSED_IN_NAMES: Final = "<>%&\\?/"
"""Characters that no name has."""
RESERVED: Final = ("microsoft", "azure", "windows")
"""How no name begins, in upper or lower case."""
