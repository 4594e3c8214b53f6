"""How a defect of ours is logged: where it is, without what a request carried."""

import traceback


def where(error: BaseException) -> str:
    """The kinds of the errors that led to `error`, its own last, and the lines of code that raised it. Their
    messages are left out, as they repeat values."""
    chain = [error]
    while (cause := chain[-1].__cause__ or chain[-1].__context__) and cause not in chain:
        chain.append(cause)
    kinds = " → ".join(type(one).__name__ for one in reversed(chain))
    return f"{kinds}\n{''.join(traceback.format_tb(error.__traceback__))}"


def one_line(text: str) -> str:
    """Text of a request for a log: what would begin a line of its own is escaped."""
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in text)
