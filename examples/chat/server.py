"""The server of the chat: a ROUTER in asyncio, which knows who is in the room and passes on what they say.

python -m chat.server [ENDPOINT]
"""

import asyncio
import sys
from dataclasses import dataclass
from time import monotonic

import purezmq as zmq
from purezmq.asyncio import Context, Socket

from .protocol import BEAT, ENDPOINT, SILENCE, decode, encode, end_dead_connections


@dataclass
class Member:
    """Somebody in the room, and when they were last heard."""

    name: str
    heard: float


class Room:
    """Who is here, by the routing ids of their connections."""

    def __init__(self, socket: Socket) -> None:
        self.socket = socket
        self.members: dict[bytes, Member] = {}

    async def serve(self) -> None:
        """Hear whatever comes."""
        async for peer, *parts in self.socket:
            await self.hear(peer, decode(parts))

    async def sweep(self) -> None:
        """Notice who is not heard any more."""
        while True:
            await asyncio.sleep(BEAT)
            for peer, member in list(self.members.items()):
                if monotonic() - member.heard > SILENCE:
                    await self.remove(peer, "is gone")

    async def hear(self, peer: bytes, words: list[str]) -> None:
        """Answer one message."""
        member = self.members.get(peer)
        if member:
            member.heard = monotonic()
        match words:
            case ["JOIN", name]:
                await self.join(peer, name)
            case ["SAY" | "WHO" | "LEAVE", *_] if not member:
                await self.tell(peer, "ERROR", "join first")
            case ["SAY", text] if member:
                await self.tell_others(peer, "SAID", member.name, text)
            case ["WHO"]:
                await self.tell(peer, "HERE", *self.names())
            case ["LEAVE"]:
                await self.remove(peer, "has left")
            case _:
                await self.tell(peer, "ERROR", f"not understood: {' '.join(words)}")

    async def join(self, peer: bytes, name: str) -> None:
        """Let somebody in, or find that they are in already."""
        known = self.members.get(peer)
        if not name or name in {member.name for other, member in self.members.items() if other != peer}:
            await self.tell(peer, "REFUSED", f"somebody else is called {name}" if name else "a name is needed")
            return
        self.members[peer] = Member(name, monotonic())
        await self.tell(peer, "WELCOME", *self.names())
        if not known:
            await self.announce(peer, f"{name} has come")

    async def remove(self, peer: bytes, how: str) -> None:
        """Let the others know that somebody is not here any more."""
        member = self.members.pop(peer, None)
        if member:
            await self.announce(peer, f"{member.name} {how}")

    async def announce(self, peer: bytes, text: str) -> None:
        """Tell all but the one whom it is about."""
        print(text, flush=True)
        await self.tell_others(peer, "NEWS", text)

    async def tell_others(self, peer: bytes, *words: str) -> None:
        """Tell all but one."""
        for other in list(self.members):
            if other != peer:
                await self.tell(other, *words)

    async def tell(self, peer: bytes, *words: str) -> None:
        """Tell one. Who cannot be reached, or does not read what is sent, is gone: nobody else waits for them."""
        try:
            await self.socket.send_multipart([peer, *encode(*words)], zmq.DONTWAIT)
        except zmq.ZMQError as error:
            if error.errno not in {zmq.EAGAIN, zmq.EHOSTUNREACH}:
                raise
            await self.remove(peer, "is gone")

    def names(self) -> list[str]:
        """Who is here, in the order in which they came."""
        return [member.name for member in self.members.values()]


async def main(endpoint: str) -> None:
    """Serve until the program is stopped."""
    async with Context() as context, context.socket(zmq.ROUTER) as socket:
        socket.linger = 0
        socket.router_mandatory = True  # sending to somebody who is not there fails with EHOSTUNREACH
        socket.router_handover = True  # who connects again is the same one
        end_dead_connections(socket)
        socket.bind(endpoint)
        print(f"listening at {endpoint}", flush=True)
        room = Room(socket)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(room.serve())
            tasks.create_task(room.sweep())


if __name__ == "__main__":
    try:
        asyncio.run(main(*sys.argv[1:] or [ENDPOINT]))
    except KeyboardInterrupt:
        print("stopped")
