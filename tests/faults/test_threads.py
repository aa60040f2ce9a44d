"""Eight threads on one socket: any may call anything at any time, and no message is lost, torn or there twice."""

import errno
import itertools
import threading
import zlib
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest

import purezmq as zmq
from tests.helpers.sockets import Sockets
from tests.helpers.threads import Crew
from tests.helpers.waiting import eventually

THREADS: Final = 8
MESSAGES: Final = 2000
"""For each thread."""

ROUNDS: Final = 30
END: Final = [b"end"]


def message(thread: int, number: int) -> list[bytes]:
    """Several parts that belong together, of sizes that go through all the codec's ways."""
    body = b"%d-%d " % (thread, number) * (number % 50)
    return [b"%d" % thread, b"%d" % number, body, b"%d" % zlib.crc32(body)]


def read(parts: list[bytes]) -> tuple[int, int]:
    """Who sent it, and its number; it must be whole."""
    thread, number, body, checksum = parts
    assert zlib.crc32(body) == int(checksum)
    return int(thread), int(number)


def send_mine(sock: Any) -> Callable[[int], None]:
    def send(thread: int) -> None:
        for number in range(MESSAGES):
            sock.send_multipart(message(thread, number))

    return send


def receive_until_end(sock: Any) -> list[tuple[int, int]]:
    got = []
    while (parts := sock.recv_multipart()) != END:
        got.append(read(parts))
    return got


def in_order(got: list[tuple[int, int]]) -> bool:
    """Whether the messages of each thread are in the order in which it sent them."""
    last = dict.fromkeys(range(THREADS), -1)
    for thread, number in got:
        if number <= last[thread]:
            return False
        last[thread] = number
    return True


ALL: Final = Counter(itertools.product(range(THREADS), range(MESSAGES)))


def test_threads_that_send_on_one_socket_keep_their_order(sockets: Sockets, endpoint: str) -> None:
    pull, push = sockets.pair(zmq.PULL, zmq.PUSH, endpoint)
    with Crew() as crew:
        crew.start_each(send_mine(push), range(THREADS))
        got = [read(pull.recv_multipart()) for _ in range(THREADS * MESSAGES)]
    assert Counter(got) == ALL
    assert in_order(got)


def test_threads_that_receive_on_one_socket_share_its_messages(sockets: Sockets, endpoint: str) -> None:
    pull, push = sockets.pair(zmq.PULL, zmq.PUSH, endpoint)
    with Crew() as crew:
        receivers = [crew.start(receive_until_end, pull) for _ in range(THREADS)]
        for thread, number in ALL:
            push.send_multipart(message(thread, number))
        for _ in range(THREADS):
            push.send_multipart(END)
        shares = [receiver.result(30) for receiver in receivers]
    assert sum(map(Counter, shares), Counter()) == ALL
    # Not that each is in order: between a thread's receiving and its noting down, another may have been faster.
    assert all(in_order(share) for share in shares)


def test_threads_that_send_and_threads_that_receive_on_both_ends(sockets: Sockets, endpoint: str) -> None:
    ends = sockets.pair(zmq.DEALER, zmq.DEALER, endpoint)
    with Crew() as crew:
        receivers = {end: [crew.start(receive_until_end, end) for _ in range(THREADS // 2)] for end in ends}
        senders = [crew.start_each(send_mine(end), range(THREADS)) for end in ends]
        for job in itertools.chain(*senders):
            job.result(30)
        for end in ends:
            for _ in range(THREADS // 2):
                end.send_multipart(END)
        for shares in receivers.values():
            assert sum((Counter(share.result(30)) for share in shares), Counter()) == ALL


def test_threads_that_do_everything_at_once_on_one_socket(sockets: Sockets) -> None:
    """Sending, receiving, asking, setting, connecting and disconnecting: only the messages must be right."""
    router, dealer = sockets.pair(zmq.ROUTER, zmq.DEALER)
    extra = [sockets.bound(zmq.DEALER) for _ in range(2)]
    done = threading.Event()

    def meddle(other: Any) -> None:
        endpoint = other.last_endpoint
        while not done.is_set():
            assert dealer.get(zmq.TYPE) == zmq.DEALER
            assert dealer.poll(0) in {0, zmq.POLLIN}
            dealer.set(zmq.RCVHWM, 1000)
            router.connect(endpoint)
            router.disconnect(endpoint)

    def echo() -> None:
        for _ in range(THREADS * MESSAGES):
            router.send_multipart(router.recv_multipart())

    with Crew() as crew:
        crew.start_each(meddle, extra)
        try:
            crew.start(echo)
            crew.start_each(send_mine(dealer), range(THREADS))
            got = [read(dealer.recv_multipart()) for _ in range(THREADS * MESSAGES)]
        finally:
            done.set()
    assert Counter(got) == ALL
    assert in_order(got)


def outcome(operation: Callable[[], object]) -> int:
    """The errno with which it ends, which it must."""
    with pytest.raises(zmq.ZMQError) as error:
        operation()
    return error.value.errno or 0


class Waiter:
    """A thread that goes into an operation which does not end by itself."""

    def __init__(self, crew: Crew, operation: Callable[[], object]) -> None:
        self._began = threading.Event()
        self.job = crew.start(self._wait, operation)

    def _wait(self, operation: Callable[[], object]) -> int:
        self.thread = threading.get_native_id()
        self._began.set()
        return outcome(operation)

    def begun(self) -> bool:
        """Whether it is just before the operation, or in it."""
        return self._began.wait(10)

    def sleeps(self) -> bool:
        """Whether it waits in the kernel; always where the kernel does not tell."""
        try:
            stat = Path(f"/proc/self/task/{self.thread}/stat").read_text()
        except OSError:
            return True
        return stat.rpartition(")")[2].split()[0] == "S"


def interrupted(sock: Any, count: int, end: Callable[[], object], *, asleep: bool) -> list[int]:
    """How `count` threads that receive end when `end` is done; when they are `asleep`, or just before it."""
    sock.rcvtimeo = -1
    with Crew() as crew:
        waiters = [Waiter(crew, sock.recv) for _ in range(count)]
        assert all(waiter.begun() for waiter in waiters)
        if asleep:
            eventually(lambda: all(waiter.sleeps() for waiter in waiters), "all wait")
        end()
        return [waiter.job.result(10) for waiter in waiters]


either_way = pytest.mark.parametrize("asleep", [False, True], ids=["at-once", "asleep"])


@either_way
@pytest.mark.parametrize("count", [1, THREADS])
def test_close_ends_a_recv_that_waits_elsewhere(sockets: Sockets, endpoint: str, count: int, asleep: bool) -> None:
    push = sockets.connected(zmq.PUSH, endpoint)
    for _ in range(ROUNDS):
        pull = sockets.bound(zmq.PULL, endpoint)
        assert interrupted(pull, count, pull.close, asleep=asleep) == [errno.ENOTSOCK] * count
    push.close()


@either_way
@pytest.mark.parametrize("count", [1, THREADS])
def test_term_ends_a_recv_that_waits_elsewhere(endpoint: str, count: int, asleep: bool) -> None:
    for _ in range(ROUNDS):
        with Crew() as crew:
            sockets = Sockets()
            pull, _ = sockets.pair(zmq.PULL, zmq.PUSH, endpoint)
            ended = interrupted(pull, count, partial(crew.start, sockets.context.term), asleep=asleep)
            assert ended == [zmq.ETERM] * count
            sockets.close_sockets()


@either_way
def test_term_ends_a_poll_that_waits_elsewhere(asleep: bool) -> None:
    for _ in range(ROUNDS):
        with Crew() as crew:
            sockets = Sockets()
            pull, _ = sockets.pair(zmq.PULL, zmq.PUSH)
            waiter = Waiter(crew, partial(pull.poll, 10_000))
            assert waiter.begun()
            if asleep:
                eventually(waiter.sleeps, "it waits")
            crew.start(sockets.context.term)
            assert waiter.job.result(10) == zmq.ETERM
            sockets.close_sockets()


@either_way
def test_close_ends_a_send_that_waits_elsewhere(sockets: Sockets, asleep: bool) -> None:
    for _ in range(ROUNDS):
        push = sockets(zmq.PUSH, sndtimeo=-1)
        with Crew() as crew:
            waiter = Waiter(crew, partial(push.send, b"nobody is there"))
            assert waiter.begun()
            if asleep:
                eventually(waiter.sleeps, "it waits")
            push.close()
            assert waiter.job.result(10) == errno.ENOTSOCK


def test_a_message_from_another_thread_wakes_each_of_those_that_wait(sockets: Sockets, endpoint: str) -> None:
    pull, push = sockets.pair(zmq.PULL, zmq.PUSH, endpoint)
    for _ in range(ROUNDS):
        with Crew() as crew:
            jobs = [crew.start(pull.recv) for _ in range(THREADS)]
            for number in range(THREADS):
                push.send(b"%d" % number)
            assert sorted(int(job.result(10)) for job in jobs) == list(range(THREADS))
