"""The interface holds what PLAIN and CURVE will need: several rounds, and a transform of every frame after them."""

import pytest

from purezmq.zmtp.commands import encode_command, parse_properties
from purezmq.zmtp.connection import Connection
from purezmq.zmtp.errors import PeerError
from purezmq.zmtp.events import Cancel, Failed, HandshakeDone, Ping, Pong, Subscribe
from purezmq.zmtp.frame import LARGE
from purezmq.zmtp.mechanism import Mechanism

from .helpers import Pair, cut, flat, local, receive

KEY = 0x55


def scramble(octets):
    return bytes(octet ^ KEY for octet in octets)


class Toy(Mechanism):
    """Two rounds, in the steps of CURVE: HELLO, WELCOME, INITIATE, READY. After them the octets are scrambled."""

    name = b"TOY"

    def __init__(self, *, is_server):
        super().__init__()
        self.is_server = is_server
        self.metadata = b""

    def start(self, metadata):
        self.metadata = metadata
        return [] if self.is_server else [encode_command(b"HELLO")]

    def receive(self, name, data):
        if (self.is_server, name) == (True, b"HELLO"):
            return [encode_command(b"WELCOME")]
        if (self.is_server, name) == (False, b"WELCOME"):
            return [encode_command(b"INITIATE", scramble(self.metadata))]
        self.properties = parse_properties(scramble(data))
        self.done = True
        return [encode_command(b"READY", scramble(self.metadata))] if self.is_server else []

    def seal(self, flags, body):
        return b"box" + scramble(bytes([flags]) + bytes(body))

    def open(self, body):
        if not body.startswith(b"box"):
            raise PeerError("expected a box")
        plain = scramble(body[3:])
        return plain[0], plain[1:]


def toy_pair(server_type=b"XPUB", client_type=b"XSUB"):
    pair = Pair(
        local(server_type, mechanism=lambda: Toy(is_server=True)),
        local(client_type, mechanism=lambda: Toy(is_server=False)),
    )
    pair.settle()
    pair.left_events.clear()
    pair.right_events.clear()
    return pair


@pytest.mark.parametrize("step", [1, 1000])
def test_a_mechanism_may_take_several_rounds(step):
    pair = Pair(
        local(b"REP", mechanism=lambda: Toy(is_server=True)),
        local(b"REQ", mechanism=lambda: Toy(is_server=False)),
    )
    pair.settle(step)
    assert pair.left_events == [HandshakeDone((3, 1), b"REQ", b"", {b"Socket-Type": b"REQ", b"Identity": b""})]
    assert pair.right_events == [HandshakeDone((3, 1), b"REP", b"", {b"Socket-Type": b"REP"})]


@pytest.mark.parametrize("step", [1000, 1 << 20])
def test_afterwards_every_frame_is_the_body_of_a_message_frame(step):
    pair = toy_pair()
    batch = [b"a", [b"b", b"", memoryview(b"c")], b"x" * LARGE, *([b"run"] * 30)]
    octets = b"".join(pair.left.encode(batch))
    assert octets.startswith(b"\0\5box" + scramble(b"\0a") + b"\0\5box" + scramble(b"\1b"))
    assert flat(receive(pair.right, cut(octets, step))) == batch


def test_commands_are_sealed_too():
    pair = toy_pair()
    sealed = pair.right.subscribe(b"topic")
    assert sealed.startswith(b"\0")
    assert b"SUBSCRIBE" not in sealed
    assert pair.left.receive(sealed + pair.right.cancel(b"topic")) == [Subscribe(b"topic"), Cancel(b"topic")]
    assert pair.left.receive(pair.right.ping(10, b"ctx")) == [Ping(1.0, b"ctx")]
    pair.settle()
    assert pair.right_events == [Pong(b"ctx")]


def test_a_frame_that_does_not_open_ends_the_connection():
    pair = toy_pair()
    good = b"".join(pair.left.encode([b"good"]))
    *before, last = pair.right.receive(good + b"\0\1?" + good)
    assert before == [[b"good"]]
    assert type(last) is Failed
    assert str(last.error) == "in TRAFFIC: expected a box"


def test_a_mechanism_must_say_how_it_begins_and_answers():
    with pytest.raises(NotImplementedError):
        Mechanism().start(b"")
    with pytest.raises(NotImplementedError):
        Mechanism().receive(b"HELLO", b"")


def test_the_greeting_names_the_mechanism():
    connection = Connection(local(b"REP", mechanism=lambda: Toy(is_server=True)))
    connection.receive(b"\xff" + bytes(8) + b"\x7f\x03")
    assert connection.data_to_send()[12:32] == b"TOY".ljust(20, b"\0")
