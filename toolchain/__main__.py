"""`python3 -m toolchain`: everything that `make up` and `make test` need, once."""

import signal
import sys
from types import FrameType

from toolchain.engine import EngineUnavailableError, ensure_engine
from toolchain.virtual_environment import VenvUnavailableError, ensure_venv


def main() -> int:
    """Set the checkout up; 0 when everything is there, 1 with a message when it is not."""

    def say(line: str) -> None:
        # Not on standard output: what `make` prints there belongs to the command that follows the set-up.
        print(line, file=sys.stderr, flush=True)

    def end(_number: int, _frame: FrameType | None) -> None:
        # As an exception, so that the commands under way are stopped too.
        raise SystemExit(143)

    signal.signal(signal.SIGTERM, end)
    try:
        ensure_venv(say)
        ensure_engine(say)
    except (VenvUnavailableError, EngineUnavailableError) as failure:
        print(f"\n{failure}", file=sys.stderr, flush=True)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. Start it again to go on from here.", file=sys.stderr, flush=True)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
