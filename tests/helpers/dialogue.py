"""What two sockets say to each other in the interoperation tests.

The same code plays both sides: purezmq's in the test's process, pyzmq's in a process of its own (`pyzmq_peer`). Both
know what the other is going to say, so every octet is checked, and none has to be reported.
"""

import functools
import random
from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import Any, Final

SIZES: Final = (0, 1, 255, 256, 65_535, 65_536)
LARGE: Final = (1 << 20, 16 << 20)
SECONDS: Final = 15

PROBE: Final = b"probe"
HELLO: Final = b"hello"


@functools.cache
def lines(speaker: str) -> list[list[bytes]]:
    """The messages of a side: each size in one part, one to ten parts of all small sizes, a large part in between."""
    rng = random.Random(speaker)

    def part(size: int) -> bytes:
        # No part may look like a subscription: XPUB takes a first octet of 0 or 1 for one.
        return (speaker[:1].encode() + rng.randbytes(size - 1)) if size else b""

    messages = [[part(size)] for size in SIZES + LARGE]
    messages += [[part(SIZES[(count + i) % len(SIZES)]) for i in range(count)] for count in range(1, 11)]
    return [*messages, [part(255), part(LARGE[0]), part(0)]]


def small_lines(speaker: str, count: int) -> list[bytes]:
    """Many small messages of all lengths from 0 to 300, which name their place."""
    stuffing = random.Random(speaker).randbytes(300)
    return [b"%d:%s" % (i, stuffing[: i * 7 % 296]) for i in range(count)]


class Side:
    """One of the two: a socket of one library, and what its type says to the other's."""

    def __init__(self, zmq: ModuleType) -> None:
        self.zmq = zmq
        self.context = zmq.Context()

    def open(self, pair: Sequence[str], role: str, endpoint: str, options: Mapping[str, int] | None = None) -> None:
        """Open a socket of the pair's first type, as "binder" or as "connector"; the partner is of the second."""
        self.me, self.other = pair
        self.name = role
        self.partner = "connector" if role == "binder" else "binder"
        self.sock = self.context.socket(getattr(self.zmq, self.me))
        self.sock.rcvtimeo = self.sock.sndtimeo = SECONDS * 1000
        for option, value in (options or {}).items():
            self.sock.setsockopt(getattr(self.zmq, option.upper()), value)
        self._prepare()
        if role == "binder":
            self.sock.bind(endpoint)
        else:
            self.sock.connect(endpoint)

    def _prepare(self) -> None:
        if self.me == self.other == "ROUTER":
            self.sock.setsockopt(self.zmq.ROUTING_ID, self.name.encode())
            if self.name == "connector":
                self.sock.setsockopt(self.zmq.CONNECT_ROUTING_ID, self.partner.encode())

    def close(self) -> None:
        """Close the socket at once."""
        self.sock.close(linger=0)

    def publish_probe(self) -> None:
        """Publish what a subscriber may or may not get."""
        self.sock.send(PROBE)

    def probed(self) -> bool:
        """Whether a probe has come."""
        return bool(self.sock.poll(5))

    def play(self) -> None:
        """Say and hear everything, in the manner of the socket's type."""
        getattr(self, f"_play_{self.me.lower()}")()

    def send_burst(self, count: int) -> None:
        """Many small messages, one after the other."""
        for message in small_lines(self.name, count):
            self.sock.send(message)

    def recv_burst(self, count: int) -> None:
        """The partner's burst: all of it, in order."""
        for expected in small_lines(self.partner, count):
            check([self.sock.recv()], [expected])

    def send(self, parts: Sequence[str]) -> None:
        """One message, which is not part of the play."""
        self.sock.send_multipart([part.encode() for part in parts])

    def subscribe(self, sizes: Sequence[int]) -> None:
        """Subscribe to a topic of each size."""
        for size in sizes:
            if self.me == "SUB":
                self.sock.setsockopt(self.zmq.SUBSCRIBE, b"t" * size)
            else:
                self.sock.send(b"\x01" + b"t" * size)

    def unsubscribe(self, sizes: Sequence[int]) -> None:
        """Take it back again."""
        for size in sizes:
            if self.me == "SUB":
                self.sock.setsockopt(self.zmq.UNSUBSCRIBE, b"t" * size)
            else:
                self.sock.send(b"\x00" + b"t" * size)

    def hear_topics(self, head: int, sizes: Sequence[int]) -> None:
        """Hear them as a publisher does: after a 1 those subscribed to, after a 0 those cancelled."""
        for size in sizes:
            check(self.sock.recv_multipart(), [bytes((head,)) + b"t" * size])
        if head:
            self.sock.send(b"t")

    def recv_one(self) -> None:
        """Receive what `hear_topics` publishes at last. libzmq's SUB sees to a new peer only in such a call."""
        check(self.sock.recv_multipart(), [b"t"])

    # the manners

    def _say(self, *envelope: bytes) -> None:
        for message in lines(self.name):
            self.sock.send_multipart([*envelope, *message])

    def _hear(self, *envelope: bytes) -> None:
        for message in lines(self.partner):
            check(self.sock.recv_multipart(), [*envelope, *message])

    def _say_and_hear(self, *envelope: bytes) -> None:
        """Both directions at once: nobody reads before having said everything."""
        self._say(*envelope)
        self._hear(*envelope)

    def _ask(self) -> None:
        for question, answer in zip(lines(self.name), lines(self.partner), strict=True):
            self.sock.send_multipart(question)
            check(self.sock.recv_multipart(), answer)

    def _answer(self) -> None:
        for question, answer in zip(lines(self.partner), lines(self.name), strict=True):
            check(self.sock.recv_multipart(), question)
            self.sock.send_multipart(answer)

    _play_pair = _say_and_hear
    _play_req = _ask
    _play_rep = _answer
    _play_push = _say
    _play_pull = _hear

    def _play_dealer(self) -> None:
        if self.other == "REP":
            self._say_and_hear(b"")
            return
        if self.other == "ROUTER":
            self.sock.send(HELLO)
        self._say_and_hear()

    def _play_router(self) -> None:
        if self.other == "REQ":
            self._answer_by_envelope()
        elif self.other == "ROUTER":
            self._play_router_with_router()
        else:
            routing_id, hello = self.sock.recv_multipart()
            check([hello], [HELLO])
            self._say_and_hear(routing_id)

    def _play_router_with_router(self) -> None:
        partner = self.partner.encode()
        if self.name == "connector":
            self.sock.send_multipart([partner, HELLO])
        else:
            check(self.sock.recv_multipart(), [partner, HELLO])
        self._say_and_hear(partner)

    def _answer_by_envelope(self) -> None:
        for question, answer in zip(lines(self.partner), lines(self.name), strict=True):
            routing_id, *rest = self.sock.recv_multipart()
            check(rest, [b"", *question])
            self.sock.send_multipart([routing_id, b"", *answer])

    _play_pub = _say

    def _play_xpub(self) -> None:
        check(self.sock.recv_multipart(), [b"\x01"])
        self._say()
        if self.other == "XSUB":
            self._hear()

    def _play_sub(self) -> None:
        first, *others = lines(self.partner)
        message = self.sock.recv_multipart()
        while message == [PROBE]:
            message = self.sock.recv_multipart()
        check(message, first)
        for expected in others:
            check(self.sock.recv_multipart(), expected)

    def _play_xsub(self) -> None:
        if self.other == "XPUB":
            self._say()
        self._play_sub()


def check(got: list[bytes], expected: list[bytes]) -> None:
    """Equal part by part; an AssertionError that can be read when not."""
    assert got == expected, f"expected {outline(expected)}, got {outline(got)}"


def outline(parts: list[bytes]) -> list[Any]:
    """The parts of a message, as short as a reader wants them."""
    return [part if len(part) < 32 else (len(part), part[:8]) for part in parts]
