"""What holds for all patterns: the table of types, who may talk to whom, and what the layer may import."""

import ast
from collections import deque
from pathlib import Path

import pytest

from purezmq import patterns
from purezmq.patterns import PATTERNS
from purezmq.patterns.base import Pattern
from purezmq.patterns.errors import BadValue, WrongDirection
from tests.patterns.vocabulary import Peer, join, leave, tells

OUTSIDE = {"asyncio", "os", "purezmq", "select", "selectors", "socket", "ssl", "threading", "time"}
NAMES = [b"PAIR", b"PUB", b"SUB", b"REQ", b"REP", b"DEALER", b"ROUTER", b"PULL", b"PUSH", b"XPUB", b"XSUB"]
BY_NAME = {kind.name: kind for kind in PATTERNS.values()}
every = pytest.mark.parametrize("kind", PATTERNS.values(), ids=lambda kind: kind.name.decode())


def test_the_table_has_zeromqs_numbers():
    assert [PATTERNS[number].name for number in range(11)] == NAMES


@every
def test_who_accepts_a_peer_is_accepted_by_it(kind):
    assert kind.peer_types
    for peer in kind.peer_types:
        assert kind.name in BY_NAME[peer].peer_types


def test_req_dealer_and_router_announce_their_ids():
    assert {name for name, kind in BY_NAME.items() if kind.announces_id} == {b"REQ", b"DEALER", b"ROUTER"}


def test_conflate_works_on_five_types():
    conflating = {name for name, kind in BY_NAME.items() if "conflate" in kind.options}
    assert conflating == {b"DEALER", b"PULL", b"PUSH", b"PUB", b"SUB"}


@every
def test_options_are_attributes_of_the_stated_type_and_are_off_at_first(kind):
    pattern = kind()
    for name, value_type in kind.options.items():
        assert type(getattr(pattern, name)) is value_type
        assert not getattr(pattern, name)
        pattern.set_option(name, value_type(1))
        assert getattr(pattern, name) == value_type(1)


@every
def test_an_option_of_no_type_is_refused(kind):
    with pytest.raises(BadValue, match="no option shoe_size"):
        kind().set_option("shoe_size", True)


@every
def test_types_that_do_not_subscribe_say_so(kind):
    if kind.name == b"SUB":
        return
    for change in (kind().subscribe, kind().unsubscribe):
        with pytest.raises(BadValue, match=kind.name.decode()):
            change(b"")


@every
def test_subscriptions_from_a_peer_of_any_type_are_taken_quietly(kind):
    pattern, peer = kind(), Peer()
    join(pattern, peer)
    pattern.subscribed(peer, b"a")
    pattern.cancelled(peer, b"a")
    assert not peer.dropped


@every
def test_nothing_of_a_peer_that_is_gone_and_read_is_kept(kind):
    pattern, peer = kind(), Peer()
    join(pattern, peer)
    pattern.subscribed(peer, b"a")
    tells(pattern, peer, b"a", [b"", b"b"])
    leave(pattern, peer)
    pattern.source = None
    while pattern.can_recv():
        pattern.recv()
        pattern.source = None
        if pattern.name == b"REP":
            pattern.send(b"")
    kept = [value for value in vars(pattern).values() if isinstance(value, (set, dict, deque)) and peer in value]
    assert kept == []


class Bare(Pattern):
    name = b"BARE"


def test_a_bare_pattern_does_nothing():
    pattern = Bare()
    for refused in (lambda: pattern.send(b""), lambda: pattern.check_send(b""), pattern.recv):
        with pytest.raises(WrongDirection, match="BARE"):
            refused()
    assert not pattern.can_send()
    assert not pattern.can_recv()


@pytest.mark.parametrize("path", sorted(Path(patterns.__file__).parent.glob("*.py")), ids=lambda path: path.stem)
def test_the_layer_imports_nothing_that_does_io_or_waits(path):
    imported: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            imported.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level <= 1, "reaches out of the package"
            if not node.level and node.module:
                imported.add(node.module.partition(".")[0])
    assert imported.isdisjoint(OUTSIDE)
