"""What the benchmarks do, for a moment: nothing is lost, nothing is there twice, and all is in order.

How fast it is, is for the benchmarks; here are the promises that no speed is worth breaking.
"""

import contextlib
import errno
import itertools
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, Final

import pytest

import purezmq as zmq
from tests.helpers.endpoints import fresh_endpoint
from tests.helpers.sockets import Sockets, endpoint_of
from tests.helpers.threads import Crew
from tests.helpers.waiting import eventually

FLOOD: Final = 20_000
"""Messages of one flood, over all its senders."""

PEERS: Final = 8
END: Final = b"end"


def numbered(name: int, count: int) -> list[bytes]:
    return [b"%d %d" % (name, number) for number in range(count)]


def read(message: bytes) -> tuple[int, int]:
    """Who sent it, and its number."""
    name, number = message.split()
    return int(name), int(number)


def send_all(sock: Any, messages: list[bytes]) -> None:
    for message in messages:
        sock.send(message)


def receive_until_end(sock: Any) -> list[bytes]:
    """What comes before the end."""
    got = []
    while (message := sock.recv()) != END:
        got.append(message)
    return got


def in_order(got: list[bytes]) -> bool:
    """Whether each sender's messages are in the order in which it sent them."""
    last: dict[int, int] = {}
    for name, number in map(read, got):
        if number <= last.get(name, -1):
            return False
        last[name] = number
    return True


@contextlib.contextmanager
def computing() -> Iterator[None]:
    """A thread computes, and lets no other thread run if it can help it."""
    done = threading.Event()

    def compute() -> None:
        while not done.is_set():
            sum(range(1000))

    thread = threading.Thread(target=compute)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


# floods


@pytest.mark.parametrize(("pushers", "pullers"), [(1, 1), (4, 1), (1, 4), (4, 4)])
def test_a_flood_arrives_whole_and_in_order(sockets: Sockets, endpoint: str, pushers: int, pullers: int) -> None:
    endpoints = [endpoint] if pullers == 1 else [f"inproc://flood-{n}" for n in range(pullers)]
    if pullers > 1 and not endpoint.startswith("inproc"):
        endpoints = [endpoint, *("tcp://127.0.0.1:*" for _ in range(pullers - 1))]
    pulls = [sockets.bound(zmq.PULL, place) for place in endpoints]
    share = FLOOD // pushers
    arrived = itertools.count()
    complete = threading.Event()

    def push_all(name: int) -> None:
        push = sockets(zmq.PUSH, linger=-1)
        for pull in pulls:
            push.connect(endpoint_of(pull))
        send_all(push, numbered(name, share))
        push.close()

    def pull_all(pull: Any) -> list[bytes]:
        got = []
        pull.rcvtimeo = 20
        while not complete.is_set():
            with contextlib.suppress(zmq.Again):
                got.append(pull.recv())
                if next(arrived) == share * pushers - 1:
                    complete.set()
        return got

    with Crew() as crew:
        pulling = crew.start_each(pull_all, pulls)
        crew.start_each(push_all, range(pushers))
        assert complete.wait(30)
        shares = [job.result(30) for job in pulling]
    assert Counter(itertools.chain(*shares)) == Counter(itertools.chain(*(numbered(n, share) for n in range(pushers))))
    assert all(map(in_order, shares))


def test_a_flood_is_dealt_out_in_equal_shares(sockets: Sockets) -> None:
    pulls = [sockets.bound(zmq.PULL, f"inproc://share-{n}", rcvhwm=0) for n in range(4)]
    push = sockets(zmq.PUSH, sndhwm=0)
    for pull in pulls:
        push.connect(endpoint_of(pull))
    send_all(push, numbered(0, 4000))
    for number, pull in enumerate(pulls):
        assert [pull.recv() for _ in range(1000)] == numbered(0, 4000)[number::4]


def test_a_flood_goes_past_a_peer_that_does_not_read(sockets: Sockets, endpoint: str) -> None:
    deaf = sockets.bound(zmq.PULL, "inproc://deaf", rcvhwm=5)
    pull = sockets.bound(zmq.PULL, endpoint)
    push = sockets(zmq.PUSH, sndhwm=5)
    push.connect("inproc://deaf")
    push.connect(endpoint)
    with Crew() as crew:
        pulling = crew.start(receive_until_end, pull)
        send_all(push, numbered(0, 5000))
        push.send(END)
        got = pulling.result(30)
    kept = [deaf.recv() for _ in range(5000 - len(got))]
    assert not deaf.poll(0)
    assert len(kept) <= 10
    assert sorted(map(read, got + kept)) == list(map(read, numbered(0, 5000)))
    assert in_order(got)
    assert in_order(kept)


@pytest.mark.parametrize(("sndhwm", "rcvhwm"), [(1, 1), (2, 3), (50, 10)])
def test_over_inproc_no_more_are_under_way_than_the_marks(sockets: Sockets, sndhwm: int, rcvhwm: int) -> None:
    pull = sockets.bound(zmq.PULL, "inproc://marks", rcvhwm=rcvhwm)
    push = sockets.connected(zmq.PUSH, "inproc://marks", sndhwm=sndhwm)
    taken = 0

    def send_until_end() -> None:
        nonlocal taken
        for message in numbered(0, 3000):
            push.send(message)
            taken += 1

    with Crew() as crew:
        sending = crew.start(send_until_end)
        for received, message in enumerate(numbered(0, 3000)):
            assert taken - received <= sndhwm + rcvhwm
            assert pull.recv() == message
        sending.result(30)


@pytest.mark.parametrize("way", ["poll", "recv", "Poller"])
@pytest.mark.parametrize("rcvhwm", [1, 10, 1000])
def test_a_flood_that_is_polled_for_never_stops(sockets: Sockets, endpoint: str, rcvhwm: int, way: str) -> None:
    pull = sockets.bound(zmq.PULL, endpoint, rcvhwm=rcvhwm)
    push = sockets.connected(zmq.PUSH, endpoint)
    poller = zmq.Poller()
    poller.register(pull, zmq.POLLIN)
    count = 5000 if rcvhwm > 1 else 500
    with Crew() as crew:
        crew.start(send_all, push, numbered(0, count))
        for message in numbered(0, count):
            if way == "poll":
                assert pull.poll(5000)
            elif way == "Poller":
                assert poller.poll(5000) == [(pull, zmq.POLLIN)]
            assert pull.recv() == message


def test_big_and_small_messages_keep_their_order(sockets: Sockets, endpoint: str) -> None:
    push, pull = sockets.pair(zmq.PUSH, zmq.PULL, endpoint)
    sizes = [0, 1, 255, 256, 70_000, 3, 1_000_000, 65_536, 9, 300_000] + [20] * 30
    bodies = [bytes([number]) * size for number, size in enumerate(sizes)]

    def send_mixed() -> None:
        for body in bodies * 10:
            push.send(body)
            push.send_multipart([b"parts", body])

    with Crew() as crew:
        crew.start(send_mixed)
        for body in bodies * 10:
            assert pull.recv() == body
            assert pull.recv_multipart() == [b"parts", body]


def test_both_ways_at_once(sockets: Sockets, endpoint: str) -> None:
    ends = sockets.pair(zmq.PAIR, zmq.PAIR, endpoint)

    def send_mine(end: Any) -> None:
        send_all(end, numbered(0, FLOOD // 2))
        end.send(END)

    with Crew() as crew:
        receiving = [crew.start(receive_until_end, end) for end in ends]
        crew.start_each(send_mine, ends)
        for job in receiving:
            assert job.result(30) == numbered(0, FLOOD // 2)


def test_both_ways_at_once_in_one_thread_for_each_end(sockets: Sockets, endpoint: str) -> None:
    ends = sockets.pair(zmq.PAIR, zmq.PAIR, endpoint)

    def talk(end: Any) -> None:
        for message in numbered(0, 3000):
            end.send(message)
            assert end.recv() == message

    with Crew() as crew:
        crew.start_each(talk, ends)


# many threads on one socket


def test_threads_that_flood_one_socket_and_threads_that_drain_one(sockets: Sockets, endpoint: str) -> None:
    push, pull = sockets.pair(zmq.PUSH, zmq.PULL, endpoint)
    threads, each = 4, 3000
    with Crew() as crew:
        pulling = [crew.start(receive_until_end, pull) for _ in range(threads)]
        pushing = [crew.start(send_all, push, numbered(name, each)) for name in range(threads)]
        for job in pushing:
            job.result(30)
        for _ in range(threads):
            push.send(END)
        shares = [job.result(30) for job in pulling]
    assert Counter(itertools.chain(*shares)) == Counter(itertools.chain(*(numbered(n, each) for n in range(threads))))
    assert all(map(in_order, shares))


def until_closed(call: Callable[[], object]) -> int:
    """How often it went well before the socket was closed."""
    count = 0
    while True:
        try:
            call()
        except zmq.ZMQError as error:
            if error.errno != errno.ENOTSOCK:
                raise
            return count
        count += 1


def test_closing_under_threads_that_flood_loses_nothing_that_was_taken(sockets: Sockets, endpoint: str) -> None:
    for _ in range(5):
        flooded_and_closed(sockets, endpoint)


def flooded_and_closed(sockets: Sockets, endpoint: str) -> None:
    pull = sockets.bound(zmq.PULL, endpoint)
    push = sockets.connected(zmq.PUSH, endpoint, linger=-1)
    arrived: Counter[int] = Counter()

    def drain() -> None:
        while (name := int(pull.recv())) >= 0:
            arrived[name] += 1

    def flood(name: int) -> int:
        return until_closed(lambda: push.send(b"%d" % name))

    with Crew() as crew:
        draining = crew.start(drain)
        senders = crew.start_each(flood, range(3))
        eventually(lambda: sum(arrived.values()) > 1000, "the flood runs")
        push.close(linger=-1)
        taken = [job.result(30) for job in senders]
        eventually(
            lambda: all(arrived[name] >= count for name, count in enumerate(taken)),
            lambda: f"{taken} were taken, {arrived} arrived",
        )
        with sockets.context.socket(zmq.PUSH) as last:
            last.connect(endpoint)
            last.send(b"-1")
            draining.result(30)
    pull.close()


def test_closing_under_threads_that_receive_a_flood_ends_them_all(sockets: Sockets, endpoint: str) -> None:
    for _ in range(5):
        pull = sockets.bound(zmq.PULL, endpoint)
        push = sockets.connected(zmq.PUSH, endpoint)
        with Crew() as crew:
            crew.start(until_closed, lambda push=push: push.send(b"x"))
            receivers = [crew.start(until_closed, pull.recv) for _ in range(3)]
            assert pull.recv() == b"x"
            pull.close()
            for job in receivers:
                job.result(30)
            push.close()


def test_unsubscribing_under_a_flood_holds_for_each_message_that_is_received_later(sockets: Sockets) -> None:
    pub, sub = sockets.pair(zmq.PUB, zmq.SUB)
    sub.subscribe(b"keep")
    done = threading.Event()

    def publish() -> None:
        for number in itertools.count():
            if done.is_set():
                return
            pub.send(b"drop %d" % number)
            pub.send(b"keep %d" % number)

    with Crew() as crew:
        crew.start(publish)
        try:
            for _ in range(20):
                sub.subscribe(b"drop")
                while not sub.recv().startswith(b"drop"):
                    pass
                sub.unsubscribe(b"drop")
                for _ in range(200):
                    assert sub.recv().startswith(b"keep")
        finally:
            done.set()


def test_connecting_and_disconnecting_under_a_flood_loses_nothing(sockets: Sockets) -> None:
    first, second = (sockets.bound(zmq.PULL, f"inproc://{name}", rcvhwm=0) for name in ("first", "second"))
    push = sockets.connected(zmq.PUSH, "inproc://first", sndhwm=0)
    with Crew() as crew:
        sending = crew.start(send_all, push, numbered(0, FLOOD))
        while not sending.done():
            push.connect("inproc://second")
            push.disconnect("inproc://second")
        sending.result(30)
    push.poll(0, zmq.POLLOUT)
    got: list[list[bytes]] = [[], []]
    for mine, pull in zip(got, (first, second), strict=True):
        while pull.poll(0):
            mine.append(pull.recv())
    assert sorted(map(read, got[0] + got[1])) == list(map(read, numbered(0, FLOOD)))
    assert in_order(got[0])  # the other one had a connection after the other


# other shapes


def test_a_dealer_with_many_requests_under_way(sockets: Sockets, endpoint: str) -> None:
    router, dealer = sockets.pair(zmq.ROUTER, zmq.DEALER, endpoint)
    count, window = 6000, 64

    def echo() -> None:
        for _ in range(count):
            router.send_multipart(router.recv_multipart())

    with Crew() as crew:
        crew.start(echo)
        sent = numbered(0, count)
        for number, message in enumerate(sent):
            dealer.send(message)
            if number >= window:
                assert dealer.recv() == sent[number - window]
        assert [dealer.recv() for _ in range(window)] == sent[-window:]


def test_many_dealers_with_many_requests_under_way(sockets: Sockets, endpoint: str) -> None:
    router = sockets.bound(zmq.ROUTER, endpoint)
    dealers = [sockets.connected(zmq.DEALER, endpoint, routing_id=b"dealer-%d" % n) for n in range(PEERS)]
    count, window = 500, 16

    def echo() -> None:
        for _ in range(count * PEERS):
            router.send_multipart(router.recv_multipart())

    def ask(name: int) -> None:
        sent = numbered(name, count)
        for number, message in enumerate(sent):
            dealers[name].send(message)
            if number >= window:
                assert dealers[name].recv() == sent[number - window]
        assert [dealers[name].recv() for _ in range(window)] == sent[-window:]

    with Crew() as crew:
        crew.start(echo)
        crew.start_each(ask, range(PEERS))


@pytest.mark.parametrize("random_topics", [False, True])
def test_each_subscriber_gets_what_it_asked_for(sockets: Sockets, endpoint: str, random_topics: bool) -> None:
    xpub = sockets.bound(zmq.XPUB, endpoint, sndhwm=0)
    wanted = [{b"%d." % n, b"%d." % ((n * 3) % PEERS)} if random_topics else {b""} for n in range(PEERS)]
    subs = []
    for topics in wanted:
        sub = sockets(zmq.SUB, rcvhwm=0)
        for topic in [*topics, END]:
            sub.subscribe(topic)
        sub.connect(endpoint)
        subs.append(sub)
    known: set[bytes] = set()
    expected = {b"\1" + topic for topics in wanted for topic in [*topics, END]}
    while known != expected:
        known.add(xpub.recv())
    eventually(lambda: hears_everyone(xpub, subs), "all subscriptions are known")
    sent = [b"%d.%d" % (number * number * 7 % PEERS, number) for number in range(3000)]
    with Crew() as crew:
        receiving = [crew.start(receive_until_end, sub) for sub in subs]
        send_all(xpub, [*sent, END])
        for topics, job in zip(wanted, receiving, strict=True):
            assert job.result(30) == [message for message in sent if message.startswith(tuple(topics))]


def hears_everyone(xpub: Any, subs: list[Any]) -> bool:
    """Whether a message reaches each subscriber; all that came is thrown away."""
    xpub.send(END + b"?")
    heard = [bool(sub.poll(50)) for sub in subs]
    for sub in subs:
        while sub.poll(20):
            sub.recv()
    return all(heard)


def test_a_fan_in_is_fair(sockets: Sockets, endpoint: str) -> None:
    pull = sockets.bound(zmq.PULL, endpoint, rcvhwm=50)
    each = 2000

    def push_all(name: int) -> None:
        push = sockets.connected(zmq.PUSH, endpoint, sndhwm=50, linger=-1)
        send_all(push, numbered(name, each))
        push.close()

    with Crew() as crew:
        crew.start_each(push_all, range(PEERS))
        got = [pull.recv() for _ in range(PEERS * each)]
    assert in_order(got)
    assert Counter(name for name, _ in map(read, got)) == dict.fromkeys(range(PEERS), each)


def test_of_those_who_have_something_each_gets_its_turn(sockets: Sockets) -> None:
    pull = sockets.bound(zmq.PULL, "inproc://turns", rcvhwm=0)
    for name in range(PEERS):
        push = sockets.connected(zmq.PUSH, "inproc://turns", sndhwm=0)
        send_all(push, numbered(name, 100))
        push.poll(0, zmq.POLLOUT)
    for _ in range(100):
        assert {read(pull.recv())[0] for _ in range(PEERS)} == set(range(PEERS))


# the tail of a burst


def test_a_burst_before_close_arrives(sockets: Sockets, endpoint: str) -> None:
    pull = sockets.bound(zmq.PULL, endpoint, rcvhwm=0)
    for count in (1, 9, 10, 50, 513, 5000):
        push = sockets.connected(zmq.PUSH, endpoint, linger=-1)
        send_all(push, numbered(count, count))
        push.close()
        assert [pull.recv() for _ in range(count)] == numbered(count, count)


def test_a_burst_before_term_arrives(endpoint: str) -> None:
    if endpoint.startswith("inproc"):
        pytest.skip("with the context both ends are gone")
    with Sockets() as receivers:
        pull = receivers.bound(zmq.PULL, endpoint)
        for count in (1, 10, 700):
            context = zmq.Context()
            push = context.socket(zmq.PUSH)
            push.connect(endpoint)
            send_all(push, numbered(count, count))
            push.close()
            context.term()
            assert [pull.recv() for _ in range(count)] == numbered(count, count)


def test_a_burst_arrives_while_its_sender_computes(sockets: Sockets, endpoint: str) -> None:
    pull, push = sockets.pair(zmq.PULL, zmq.PUSH, endpoint)
    for count in (1, 9, 10, 50, 513, 900):
        with computing():
            send_all(push, numbered(count, count))
            assert [pull.recv() for _ in range(count)] == numbered(count, count)


def test_a_burst_before_a_question_is_there_when_the_question_is(sockets: Sockets, endpoint: str) -> None:
    one, other = sockets.pair(zmq.PAIR, zmq.PAIR, endpoint)

    def answer() -> None:
        for count in (5, 20, 600):
            assert [other.recv() for _ in range(count)] == numbered(count, count)
            other.send(b"%d" % count)

    with Crew() as crew:
        crew.start(answer)
        for count in (5, 20, 600):
            send_all(one, numbered(count, count))
            assert int(one.recv()) == count


def test_bursts_of_many_sockets_arrive_without_another_call(sockets: Sockets) -> None:
    with fresh_endpoint("ipc") as endpoint:
        pull = sockets.bound(zmq.PULL, endpoint, rcvhwm=0)
        pushes = [sockets.connected(zmq.PUSH, endpoint) for _ in range(PEERS)]
        for name, push in enumerate(pushes):
            send_all(push, numbered(name, 100))
        got = [pull.recv() for _ in range(100 * PEERS)]
    assert in_order(got)
