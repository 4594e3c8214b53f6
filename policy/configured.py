"""The configuration as the engine hands it over: what is misspelt is refused before anything is judged."""

from typing import Any, Final

import grpc
from google.protobuf.json_format import MessageToDict
from pulumi_policy import policy as engine_side

from policy.configuration import problems
from policy.pack import SAID

# pulumi-policy tells a policy its own configuration only: what is given under a name that no policy has, none
# of them sees. The version is pinned, and tests/engine/test_policy.py goes this way.
_SERVICER: Final[Any] = engine_side._PolicyAnalyzerServicer  # pyright: ignore[reportPrivateUsage]


class _Configured(_SERVICER):
    def Configure(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        given = {name: MessageToDict(one.properties) for name, one in request.policyConfig.items()}
        # The engine hands over every policy that there is, with what it takes when nothing is said.
        found = problems({name: one for name, one in given.items() if name != SAID})
        if found:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, "the configuration: " + "; ".join(found))
        return _SERVICER.Configure(self, request, context)


def refuse_what_is_misspelt() -> None:
    """From here on a pack that is made looks at its configuration."""
    engine_side._PolicyAnalyzerServicer = _Configured  # pyright: ignore[reportPrivateUsage]
