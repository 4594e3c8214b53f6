"""What a message says of the next command: that of the Makefile, for the stack that the message is about."""


def make(command: str, example: str = "") -> str:
    """As a person types it. `example` is the example that runs; empty for the checkout's own program."""
    return f"make {command} EXAMPLE={example}" if example else f"make {command}"
