"""purezmq against pyzmq in another process: each legal pair of types, both as binder and as connector, tcp and ipc.

Every pair says all sizes from 0 octets to 16 MiB in 1 to 10 parts, both directions at once where both sides may
speak, and every octet is compared.
"""

import contextlib
from collections.abc import Iterator
from typing import Final

import pytest

from tests.helpers.dialogue import Side
from tests.helpers.endpoints import fresh_endpoint
from tests.helpers.remote import RemoteSide

LEGAL_PAIRS: Final = (
    ("PAIR", "PAIR"),
    ("REQ", "REP"),
    ("REQ", "ROUTER"),
    ("DEALER", "REP"),
    ("DEALER", "DEALER"),
    ("DEALER", "ROUTER"),
    ("ROUTER", "ROUTER"),
    ("PUB", "SUB"),
    ("PUB", "XSUB"),
    ("XPUB", "SUB"),
    ("XPUB", "XSUB"),
    ("PUSH", "PULL"),
)
BOTH_WAYS: Final = sorted({pair for a, b in LEGAL_PAIRS for pair in ((a, b), (b, a))})
PUBLISHERS: Final = ("PUB", "XPUB")
BURST: Final = 50_000

EVERYTHING: Final = (0,)
TOPIC_SIZES: Final = (0, 1, 245, 246, 247, 248, 249, 255, 256, 1000)
"""Around the lengths at which a SUBSCRIBE, a CANCEL and the message form of either need a long frame."""


@contextlib.contextmanager
def opened(
    ours: Side, theirs: RemoteSide, pair: tuple[str, str], transport: str, role: str, **options: int
) -> Iterator[None]:
    """Both sockets, ours of the pair's first type; `role` says what ours does: "binds" or "connects"."""
    mine, other = ("binder", "connector") if role == "binds" else ("connector", "binder")
    with fresh_endpoint(transport) as endpoint:
        begin = [
            lambda: ours.open(pair, mine, endpoint, options),
            lambda: theirs.call("open", pair=pair[::-1], role=other, endpoint=endpoint, options=options),
        ]
        for open_it in begin if role == "binds" else reversed(begin):
            open_it()
        yield


@contextlib.contextmanager
def meet(
    ours: Side, theirs: RemoteSide, pair: tuple[str, str], transport: str, role: str, **options: int
) -> Iterator[None]:
    """The same, and a publisher's subscriber has got a probe."""
    we, they = pair
    with opened(ours, theirs, pair, transport, role, **options):
        if we in PUBLISHERS:
            theirs.call("subscribe", sizes=EVERYTHING)
            while not theirs.call("probed"):
                ours.publish_probe()
        elif they in PUBLISHERS:
            ours.subscribe(EVERYTHING)
            while not ours.probed():
                theirs.call("publish_probe")
        yield


@pytest.mark.parametrize("transport", ["tcp", "ipc"])
@pytest.mark.parametrize("role", ["binds", "connects"])
@pytest.mark.parametrize("pair", BOTH_WAYS, ids=lambda pair: "our-{}-their-{}".format(*pair))
def test_every_message_arrives_whole(
    ours: Side, theirs: RemoteSide, pair: tuple[str, str], role: str, transport: str
) -> None:
    with meet(ours, theirs, pair, transport, role):
        theirs.begin("play")
        ours.play()
        theirs.end()


@pytest.mark.parametrize("role", ["binds", "connects"])
def test_a_burst_that_we_send_arrives_in_order(ours: Side, theirs: RemoteSide, role: str) -> None:
    with meet(ours, theirs, ("PUSH", "PULL"), "tcp", role):
        theirs.begin("recv_burst", count=BURST)
        ours.send_burst(BURST)
        theirs.end()


@pytest.mark.parametrize("role", ["binds", "connects"])
def test_a_burst_that_they_send_arrives_in_order(ours: Side, theirs: RemoteSide, role: str) -> None:
    with meet(ours, theirs, ("PULL", "PUSH"), "tcp", role):
        theirs.begin("send_burst", count=BURST)
        ours.recv_burst(BURST)
        theirs.end()


@pytest.mark.parametrize("role", ["binds", "connects"])
def test_topics_of_all_lengths_that_we_subscribe_to_reach_their_publisher(
    ours: Side, theirs: RemoteSide, role: str
) -> None:
    with opened(ours, theirs, ("SUB", "XPUB"), "tcp", role):
        ours.subscribe(TOPIC_SIZES)
        theirs.begin("hear_topics", head=1, sizes=TOPIC_SIZES)
        ours.recv_one()
        theirs.end()
        ours.unsubscribe(TOPIC_SIZES)
        theirs.call("hear_topics", head=0, sizes=TOPIC_SIZES)


@pytest.mark.parametrize("role", ["binds", "connects"])
def test_topics_of_all_lengths_that_they_subscribe_to_reach_our_publisher(
    ours: Side, theirs: RemoteSide, role: str
) -> None:
    with opened(ours, theirs, ("XPUB", "SUB"), "tcp", role):
        theirs.call("subscribe", sizes=TOPIC_SIZES)
        theirs.begin("recv_one")
        ours.hear_topics(1, TOPIC_SIZES)
        theirs.end()
        theirs.call("unsubscribe", sizes=TOPIC_SIZES)
        ours.hear_topics(0, TOPIC_SIZES)


@pytest.mark.parametrize("role", ["binds", "connects"])
def test_heartbeats_keep_an_idle_connection_on_both_sides(ours: Side, theirs: RemoteSide, role: str) -> None:
    with meet(
        ours, theirs, ("ROUTER", "DEALER"), "tcp", role, heartbeat_ivl=50, heartbeat_timeout=150, heartbeat_ttl=200
    ):
        theirs.call("send", parts=["before"])
        before = ours.sock.recv_multipart()
        assert ours.sock.poll(400) == 0, "nothing is said for several heartbeat time-outs"
        theirs.call("send", parts=["after"])
        # A new connection would have a new id.
        assert ours.sock.recv_multipart() == [before[0], b"after"]
