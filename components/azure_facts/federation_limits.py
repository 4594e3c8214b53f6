"""How many federated credentials one identity takes: the next one is refused.

Source: https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations#general-federated-identity-credential-considerations
"""

from typing import Final

MOST_CREDENTIALS: Final = 20
