"""A client of the chat without asyncio: one thread, which polls the keyboard and a DEALER.

    python -m chat.blocking_client NAME [ENDPOINT]

Windows cannot poll the standard input; there a thread would have to read it.
"""

import sys
from io import FileIO
from time import monotonic

import purezmq as zmq

from .member import LEAVE, NOT_SENT, Member, RefusedError, set_up
from .protocol import BEAT, ENDPOINT, decode


def chat(name: str, endpoint: str = ENDPOINT) -> None:
    """Join, and talk until the user leaves."""
    # Unbuffered: a line that Python has read ahead would be hidden from the poller.
    keyboard = FileIO(sys.stdin.fileno(), closefd=False)
    with zmq.Context() as context, context.socket(zmq.DEALER) as socket:
        set_up(socket)
        socket.connect(endpoint)
        talk(socket, keyboard, Member(name))


def talk(socket: zmq.SyncSocket, keyboard: FileIO, member: Member) -> None:
    """Do what comes next: a beat, a line that was typed, a message."""
    poller = zmq.Poller()
    poller.register(socket, zmq.POLLIN)
    poller.register(keyboard.fileno(), zmq.POLLIN)
    next_beat = monotonic()
    while True:
        ready = dict(poller.poll(max(next_beat - monotonic(), 0) * 1000))
        if socket in ready:
            show(member.hear(decode(socket.recv_multipart()), monotonic()))
        if keyboard.fileno() in ready:
            message = member.say(keyboard.readline().decode(errors="replace"))
            if not sent(socket, message) and message != LEAVE:
                show(NOT_SENT)
            if message == LEAVE:
                return
        if monotonic() >= next_beat:
            show(member.beat(monotonic()))
            sent(socket, member.join())
            next_beat = monotonic() + BEAT


def sent(socket: zmq.SyncSocket, message: list[bytes]) -> bool:
    """Whether there is a server to send to, at the moment."""
    try:
        socket.send_multipart(message)
    except zmq.Again:
        return False
    return True


def show(line: str | None) -> None:
    """Show the user something, if there is something."""
    if line is not None:
        print(line, flush=True)


if __name__ == "__main__":
    if len(sys.argv) not in {2, 3}:
        sys.exit(f"usage: python -m chat.blocking_client NAME [{ENDPOINT}]")
    try:
        chat(*sys.argv[1:])
    except RefusedError as error:
        sys.exit(f"refused: {error}")
    except KeyboardInterrupt:
        pass
