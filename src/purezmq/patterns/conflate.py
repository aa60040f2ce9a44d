"""CONFLATE: of each pipe's queue only the newest message remains, one way and the other.

libzmq conflates parts, and tears messages of several; here whole messages replace each other. High-water marks do not
matter. The option is set before pipes come. Imports from this package only.
"""

from .message import Message
from .pipe import Pipe


def send_newest(pipe: Pipe, message: Message) -> None:
    """Let the message take the place of the one that waits.

    Over inproc the far side reads the same queue at the same time; since nothing is ever taken from it here, what the
    far side has seen there is still there when it pops.
    """
    try:
        pipe.outbox[-1] = message
    except IndexError:
        pipe.push(message)


def keep_newest(pipe: Pipe) -> None:
    """Throw away what came before the newest message."""
    while len(pipe.inbox) > 1:
        pipe.pop()
