"""The traffic: several patterns at once, with clients that come and go, cancelled receives, and servers that restart.

Every message is numbered, and every receiver knows what must come next.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from itertools import cycle
from tempfile import TemporaryDirectory
from time import monotonic
from typing import ClassVar, Final

import purezmq as zmq
from purezmq.asyncio import Context, Socket

PADDING: Final = bytes(56)
ANYWHERE: Final = "tcp://127.0.0.1:*"
MOMENT: Final = 0.0005
"""Seconds after which a receive that is meant to be cancelled is cancelled."""
AT_ONCE: Final = 30
"""Receives that are cancelled one after another; in a full run a million."""


class LostError(Exception):
    """A message did not come, or came twice, or out of its turn."""


def numbered(number: int) -> bytes:
    """A message of 64 octets."""
    return number.to_bytes(8) + PADDING


def number_of(message: bytes) -> int:
    """Which one it is."""
    return int.from_bytes(message[:8])


async def paced(count: int, rate: float) -> AsyncIterator[int]:
    """The numbers below `count`, so many a second, a hundred times a second some."""
    started = monotonic()
    portion = max(int(rate / 100), 1)
    for number in range(count):
        if number % portion == 0:
            await asyncio.sleep(max(started + number / rate - monotonic(), 0))
        yield number


class Scene:
    """Some sockets at work.

    `rate` is in messages a second: those that arrive. `run` returns when a number of them has arrived; it raises
    LostError.
    """

    rate: ClassVar[int]

    def __init__(self, context: Context) -> None:
        self.context = context
        self.arrived = 0
        self.cancelled = 0
        self.clients = 0

    async def run(self, count: int) -> None:
        """Have so many messages arrive."""
        raise NotImplementedError

    def socket(self, kind: int, *, bind: str = "", connect: str | bytes = "") -> Socket:
        """A socket that has its endpoint; one that connects is a client."""
        socket = self.context.socket(kind)
        socket.reconnect_ivl = 10
        if kind == zmq.SUB:
            socket.subscribe(b"")
        if bind:
            socket.bind(bind)
        else:
            self.clients += 1
            socket.connect(connect)
        return socket

    async def receive_or_not(self, socket: Socket, how: "Cancellable") -> bytes | None:
        """The message, if it came before the receive was cancelled."""
        try:
            return await how(socket)
        except (TimeoutError, asyncio.CancelledError):
            self.cancelled += AT_ONCE if how is cancelled_at_once else 1
            return None


Cancellable = Callable[[Socket], Awaitable[bytes]]


async def in_time(socket: Socket) -> bytes:
    """A receive within `asyncio.timeout`."""
    async with asyncio.timeout(MOMENT):
        return await receive(socket)


async def waited_for(socket: Socket) -> bytes:
    """A receive within `asyncio.wait_for`."""
    return await asyncio.wait_for(receive(socket), MOMENT)


async def receive(socket: Socket) -> bytes:
    """A coroutine, as tasks need them."""
    message: bytes = await socket.recv()
    return message


async def in_a_task(socket: Socket) -> bytes:
    """A receive in a task that is cancelled after a turn of the loop."""
    task = asyncio.create_task(receive(socket))
    await asyncio.sleep(0)
    task.cancel()
    return await task


async def cancelled_at_once(socket: Socket) -> bytes:
    """Many receives of which none is awaited. A message that was there goes back to the socket."""
    for _ in range(AT_ONCE):
        socket.recv().cancel()
    raise asyncio.CancelledError


CANCELLATIONS: Final = (in_time, waited_for, in_a_task, cancelled_at_once)


class Pipeline(Scene):
    """PUSH to PULL, as it comes; every hundredth receive is one that may be cancelled."""

    rate = 46_000

    async def run(self, count: int) -> None:
        """All numbers, in order."""
        with self.socket(zmq.PULL, bind=ANYWHERE) as pull, self.socket(zmq.PUSH, connect=pull.last_endpoint) as push:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self.send(push, count))
                how = cycle(CANCELLATIONS)
                while self.arrived < count:
                    self.take(await receive(pull))
                    if self.arrived % 100 == 0 and self.arrived < count:
                        message = await self.receive_or_not(pull, next(how))
                        if message is not None:
                            self.take(message)

    async def send(self, push: Socket, count: int) -> None:
        """All numbers."""
        async for number in paced(count, self.rate):
            await push.send(numbered(number))

    def take(self, message: bytes) -> None:
        """This must be the next one."""
        if number_of(message) != self.arrived:
            raise LostError(f"pipeline: expected {self.arrived}, got {number_of(message)}")
        self.arrived += 1


class Newcomers(Scene):
    """PUSH clients that come, send a few messages and go, to one PULL. Closing delivers what was sent."""

    rate = 5_000
    a_visit = 200

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.expected: dict[bytes, int] = {}

    async def run(self, count: int) -> None:
        """As many visits as there are messages for."""
        visits = max(count // self.a_visit, 1)
        async with self.socket(zmq.PULL, bind=ANYWHERE) as pull, asyncio.TaskGroup() as tasks:
            tasks.create_task(self.send(pull.last_endpoint, visits))
            while self.arrived < visits * self.a_visit:
                self.take(*await pull.recv_multipart())

    async def send(self, endpoint: bytes, visits: int) -> None:
        """One client after another."""
        async for visit in paced(visits, self.rate / self.a_visit):
            with self.socket(zmq.PUSH, connect=endpoint) as push:
                for number in range(self.a_visit):
                    await push.send_multipart([b"%d" % visit, numbered(number)])

    def take(self, visitor: bytes, message: bytes) -> None:
        """This must be the visitor's next one."""
        expected = self.expected.pop(visitor, 0)
        if number_of(message) != expected:
            raise LostError(f"newcomers: expected {expected} of {visitor!r}, got {number_of(message)}")
        if expected + 1 < self.a_visit:
            self.expected[visitor] = expected + 1
        self.arrived += 1


class News(Scene):
    """PUB to a SUB that stays, and to others that come and go. Here messages may be missed, but none comes late."""

    rate = 4_000

    async def run(self, count: int) -> None:
        """All numbers are published."""
        async with self.socket(zmq.PUB, bind=ANYWHERE) as pub, asyncio.TaskGroup() as tasks:
            readers = [tasks.create_task(job(pub.last_endpoint)) for job in (self.stay, self.come_and_go)]
            async for number in paced(count, self.rate):
                await pub.send(numbered(number))
            for reader in readers:
                reader.cancel()

    async def stay(self, endpoint: bytes) -> None:
        """Read everything."""
        with self.socket(zmq.SUB, connect=endpoint) as sub:
            await self.read(sub, None)

    async def come_and_go(self, endpoint: bytes) -> None:
        """Read a little, and close while a receive waits."""
        while True:
            with self.socket(zmq.SUB, connect=endpoint) as sub:
                await self.read(sub, 100)
                while (waiting := sub.recv()).done():
                    pass
            self.cancelled += waiting.cancelled()
            await asyncio.sleep(0.02)

    async def read(self, sub: Socket, count: int | None) -> None:
        """Read so many messages, or for ever; each is newer than the one before."""
        last = -1
        while count is None or count > 0:
            number = number_of(await sub.recv())
            if number <= last:
                raise LostError(f"news: after {last} came {number}")
            last = number
            self.arrived += 1
            count = None if count is None else count - 1


class Restarts(Scene):
    """DEALERs and a ROUTER that is closed and opened again all the time; who gets no answer asks again."""

    rate = 1_600
    clients_at_once = 16
    uptime = 1.0
    patience = 0.1

    async def run(self, count: int) -> None:
        """Each request and each answer is a message."""
        with TemporaryDirectory(prefix="soak") as folder:
            endpoint = f"ipc://{folder}/s"
            requests = count // 2 // self.clients_at_once
            async with asyncio.TaskGroup() as tasks:
                serving = tasks.create_task(self.serve(endpoint))
                clients = [tasks.create_task(self.ask(endpoint, requests)) for _ in range(self.clients_at_once)]
                await asyncio.wait(clients)
                serving.cancel()

    async def serve(self, endpoint: str) -> None:
        """Answer for a while, then start again."""
        while True:
            with self.socket(zmq.ROUTER, bind=endpoint) as router:
                router.linger = 0
                try:
                    async with asyncio.timeout(self.uptime):
                        async for peer, request in router:
                            await router.send_multipart([peer, request])
                except TimeoutError:
                    pass

    async def ask(self, endpoint: str, requests: int) -> None:
        """Ask, and ask again, until the answer is there."""
        with self.socket(zmq.DEALER, connect=endpoint) as dealer:
            dealer.linger = 0
            async for number in paced(requests, self.rate / 2 / self.clients_at_once):
                while not await self.answered(dealer, number):
                    self.cancelled += 1
                self.arrived += 2

    async def answered(self, dealer: Socket, number: int) -> bool:
        """Whether the answer comes in time; what comes late, to an earlier question, is passed over."""
        await dealer.send(numbered(number))
        try:
            async with asyncio.timeout(self.patience):
                while (got := number_of(await dealer.recv())) < number:
                    pass
        except TimeoutError:
            return False
        if got != number:
            raise LostError(f"restarts: expected an answer to {number}, got one to {got}")
        return True


class Questions(Scene):
    """REQ clients that come and go, some before they are answered, and a REP."""

    rate = 1_000
    a_visit = 50

    async def run(self, count: int) -> None:
        """Each question and each answer is a message."""
        async with self.socket(zmq.REP, bind=ANYWHERE) as rep, asyncio.TaskGroup() as tasks:
            serving = tasks.create_task(self.serve(rep))
            async for _ in paced(max(count // 2 // self.a_visit, 1), self.rate / 2 / self.a_visit):
                await self.visit(rep.last_endpoint)
            serving.cancel()

    async def serve(self, rep: Socket) -> None:
        """Answer."""
        async for question in rep:
            await rep.send_multipart(question)

    async def visit(self, endpoint: bytes) -> None:
        """Ask a few questions, and do not wait for the last answer."""
        with self.socket(zmq.REQ, connect=endpoint) as req:
            req.linger = 0
            for number in range(self.a_visit):
                await req.send(numbered(number))
                if (got := number_of(await req.recv())) != number:
                    raise LostError(f"questions: expected an answer to {number}, got one to {got}")
                self.arrived += 2
            await req.send(numbered(self.a_visit))
            await self.receive_or_not(req, in_a_task)


SCENES: Final = (Pipeline, Newcomers, News, Restarts, Questions)
