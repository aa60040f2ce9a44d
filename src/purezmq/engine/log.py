"""The log `purezmq`. `logging` is imported when there is something to say that somebody may hear.

A program that never imported it has no handlers, and so nobody who listens at DEBUG. Imports nothing of ours.
"""

import sys


def debug(text: str, *values: object) -> None:
    """Tell what happened."""
    if "logging" in sys.modules:
        import logging  # noqa: PLC0415 (see above)

        logging.getLogger("purezmq").debug(text, *values)


def exception(text: str, *values: object) -> None:
    """Tell of a bug, with the traceback of the exception that is being handled."""
    import logging  # noqa: PLC0415 (see above)

    logging.getLogger("purezmq").exception(text, *values)  # noqa: LOG004 (the caller's)
