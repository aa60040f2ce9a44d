"""A client of the chat in asyncio: three tasks, of which one listens, one reads the keyboard and one keeps the beat.

python -m chat.asyncio_client NAME [ENDPOINT]
"""

import asyncio
import sys
from time import monotonic

import purezmq as zmq
from purezmq.asyncio import Context, Socket

from .member import LEAVE, NOT_SENT, Member, RefusedError, set_up
from .protocol import BEAT, ENDPOINT, decode


async def chat(name: str, endpoint: str = ENDPOINT) -> None:
    """Join, and talk until the user leaves."""
    async with Context() as context, context.socket(zmq.DEALER) as socket:
        set_up(socket)
        socket.connect(endpoint)
        member = Member(name)
        tasks = [asyncio.create_task(work(socket, member)) for work in (listen, type_, beat)]
        done, others = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in others:
            task.cancel()
        for task in done:
            task.result()  # raises what the task has raised


async def listen(socket: Socket, member: Member) -> None:
    """Show what comes."""
    async for parts in socket:
        show(member.hear(decode(parts), monotonic()))


async def type_(socket: Socket, member: Member) -> None:
    """Send what the user types, until they leave."""
    keyboard = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(keyboard), sys.stdin)
    message = None
    while message != LEAVE:
        message = member.say((await keyboard.readline()).decode(errors="replace"))
        if not await sent(socket, message) and message != LEAVE:
            show(NOT_SENT)


async def beat(socket: Socket, member: Member) -> None:
    """Say again and again that we are here."""
    while True:
        show(member.beat(monotonic()))
        await sent(socket, member.join())
        await asyncio.sleep(BEAT)


async def sent(socket: Socket, message: list[bytes]) -> bool:
    """Whether there is a server to send to, at the moment."""
    try:
        await socket.send_multipart(message)
    except zmq.Again:
        return False
    return True


def show(line: str | None) -> None:
    """Show the user something, if there is something."""
    if line is not None:
        print(line, flush=True)


if __name__ == "__main__":
    if len(sys.argv) not in {2, 3}:
        sys.exit(f"usage: python -m chat.asyncio_client NAME [{ENDPOINT}]")
    try:
        asyncio.run(chat(*sys.argv[1:]))
    except RefusedError as error:
        sys.exit(f"refused: {error}")
    except KeyboardInterrupt:
        pass
