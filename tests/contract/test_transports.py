"""What holds on every transport: one contract, met by tcp, ipc and inproc."""

import errno
import threading
from typing import Any, Final

import pytest

import purezmq as zmq
from tests.helpers.sockets import Sockets, endpoint_of, join, receive_all
from tests.helpers.threads import Crew
from tests.helpers.waiting import eventually

MESSAGES: Final = 1000


def numbered(count: int = MESSAGES) -> list[bytes]:
    return [b"%d" % number for number in range(count)]


def send_all(sock: Any, texts: list[bytes]) -> None:
    for text in texts:
        sock.send(text)


# order of bind and connect


@pytest.mark.parametrize(("binder", "connector"), [("PULL", "PUSH"), ("PUSH", "PULL")])
def test_bind_before_connect(sockets: Sockets, endpoint: str, binder: str, connector: str) -> None:
    ends = {binder: sockets.bound(getattr(zmq, binder), endpoint)}
    ends[connector] = sockets.connected(getattr(zmq, connector), endpoint)
    send_all(ends["PUSH"], numbered())
    assert receive_all(ends["PULL"], MESSAGES) == numbered()


@pytest.mark.parametrize(("binder", "connector"), [("PULL", "PUSH"), ("PUSH", "PULL")])
def test_connect_before_bind(sockets: Sockets, endpoint: str, binder: str, connector: str) -> None:
    ends = {connector: sockets.connected(getattr(zmq, connector), endpoint, reconnect_ivl=10)}
    ends[binder] = sockets.bound(getattr(zmq, binder), endpoint)
    send_all(ends["PUSH"], numbered())
    assert receive_all(ends["PULL"], MESSAGES) == numbered()


def test_what_is_sent_before_the_bind_arrives_after_it(sockets: Sockets, endpoint: str) -> None:
    pushes = [sockets.connected(zmq.PUSH, endpoint, reconnect_ivl=10) for _ in range(3)]
    for push in pushes:
        send_all(push, numbered(100))
    pull = sockets.bound(zmq.PULL, endpoint)
    assert sorted(receive_all(pull, 300)) == sorted(3 * numbered(100))


# messages


@pytest.mark.parametrize("size", [0, 1, 255, 256, 8192, 65_535, 65_536, 1_000_000])
def test_messages_of_all_sizes_arrive_as_they_were(sockets: Sockets, endpoint: str, size: int) -> None:
    one, other = sockets.pair(zmq.PAIR, zmq.PAIR, endpoint)
    body = bytes(range(256)) * (size // 256) + b"." * (size % 256)
    one.send(body)
    assert other.recv() == body
    other.send_multipart([body, b"", body])
    assert one.recv_multipart() == [body, b"", body]


def test_a_message_is_what_it_was_when_it_was_sent(sockets: Sockets, endpoint: str) -> None:
    pull, push = sockets.pair(zmq.PULL, zmq.PUSH, endpoint)
    body = bytearray(b"before" * 20_000)
    push.send(body)
    body[:6] = b"after!"
    assert pull.recv() == b"before" * 20_000


def test_the_parts_of_a_message_stay_together(sockets: Sockets, endpoint: str) -> None:
    pull = sockets.bound(zmq.PULL, endpoint)
    pushes = [sockets.connected(zmq.PUSH, endpoint) for _ in range(4)]
    for number in range(100):
        for name, push in enumerate(pushes):
            for part in range(name + 2):
                push.send(b"%d %d %d" % (name, number, part), zmq.SNDMORE if part <= name else 0)
    for _ in range(400):
        parts = [pull.recv()]
        while pull.getsockopt(zmq.RCVMORE):
            parts.append(pull.recv())
        name, number, _ = map(int, parts[0].split())
        assert parts == [b"%d %d %d" % (name, number, part) for part in range(name + 2)]


def test_a_message_is_not_seen_before_its_last_part(sockets: Sockets, endpoint: str) -> None:
    pull, push = sockets.pair(zmq.PULL, zmq.PUSH, endpoint)
    push.send(b"one", zmq.SNDMORE)
    assert pull.poll(30) == 0
    push.send(b"two")
    assert pull.recv_multipart() == [b"one", b"two"]


# N to M


def several(endpoint: str, count: int) -> list[str]:
    """More endpoints of the same transport."""
    return ["tcp://127.0.0.1:*" if endpoint.startswith("tcp") else f"{endpoint}-{i}" for i in range(count)]


def test_what_several_send_is_shared_by_several(sockets: Sockets, endpoint: str) -> None:
    pulls = [sockets.bound(zmq.PULL, one) for one in several(endpoint, 3)]
    pushes = [sockets(zmq.PUSH) for _ in range(3)]
    for push in pushes:
        for pull in pulls:
            push.connect(endpoint_of(pull))
    for name, push in enumerate(pushes):
        send_all(push, [b"%d %d" % (name, number) for number in range(300)])
    got = [tuple(map(int, pull.recv().split())) for pull in pulls for _ in range(300)]
    assert sorted(got) == [(name, number) for name in range(3) for number in range(300)]


def test_a_sender_that_floods_does_not_keep_the_others_waiting(sockets: Sockets, endpoint: str) -> None:
    pull, flood = sockets.pair(zmq.PULL, zmq.PUSH, endpoint)
    quiet = sockets.connected(zmq.PUSH, endpoint)
    quiet.send(b"connected")
    assert pull.recv() == b"connected"
    flooding = threading.Event()
    flooding.set()

    def send() -> None:
        while flooding.is_set():
            flood.send(b"flood")

    with Crew() as crew:
        job = crew.start(send)
        receive_all(pull, 1000)
        quiet.send(b"quiet")
        heard = b"quiet" in receive_all(pull, 100_000)
        flooding.clear()
        while not job.done():
            assert not pull.poll(1) or pull.recv()
    assert heard


def test_a_sender_serves_all_receivers_in_turn(sockets: Sockets, endpoint: str) -> None:
    push = sockets.bound(zmq.PUSH, endpoint, sndtimeo=0)
    pulls = [sockets.connected(zmq.PULL, endpoint) for _ in range(3)]
    everybody(push, pulls)
    send_all(push, numbered(300))
    shares = [receive_all(pull, 100) for pull in pulls]
    assert sorted(text for share in shares for text in share) == sorted(numbered(300))
    assert all(share == sorted(share, key=int) for share in shares)


def everybody(push: Any, pulls: list[Any]) -> None:
    """Send until all have got something, and leave nothing behind."""
    missing = set(pulls)

    def all_heard() -> bool:
        for _ in pulls:
            if push.poll(10, zmq.POLLOUT):
                push.send(b"are you there?")
        for pull in pulls:
            while pull.poll(2):
                assert pull.recv() == b"are you there?"
                missing.discard(pull)
        return not missing

    eventually(all_heard, "all are connected")


def test_one_socket_may_bind_and_connect(sockets: Sockets, endpoint: str) -> None:
    router = sockets.bound(zmq.ROUTER, endpoint)
    other = sockets.bound(zmq.DEALER, "tcp://127.0.0.1:*", routing_id=b"bound")
    router.connect(endpoint_of(other))
    dealer = sockets.connected(zmq.DEALER, endpoint, routing_id=b"connected")
    for sock in (other, dealer):
        sock.send(b"question")
    assert {router.recv_multipart()[0] for _ in range(2)} == {b"bound", b"connected"}
    for name, sock in ((b"bound", other), (b"connected", dealer)):
        router.send_multipart([name, name])
        assert sock.recv() == name


# request and reply


def test_each_client_gets_its_own_replies(sockets: Sockets, endpoint: str) -> None:
    reply = sockets.bound(zmq.REP, endpoint)
    requests = [sockets.connected(zmq.REQ, endpoint) for _ in range(5)]
    for turn in range(20):
        for name, request in enumerate(requests):
            request.send_multipart([b"%d" % name, b"%d" % turn])
        for _ in requests:
            question = reply.recv_multipart()
            reply.send_multipart([b"answer", *question])
        for name, request in enumerate(requests):
            assert request.recv_multipart() == [b"answer", b"%d" % name, b"%d" % turn]


def test_requests_and_replies_take_turns(sockets: Sockets, endpoint: str) -> None:
    reply, request = sockets.pair(zmq.REP, zmq.REQ, endpoint)
    for call in (request.recv, lambda: reply.send(b"unasked")):
        with pytest.raises(zmq.ZMQError) as error:
            call()
        assert error.value.errno == zmq.EFSM
    request.send(b"question")
    with pytest.raises(zmq.ZMQError) as error:
        request.send(b"another")
    assert error.value.errno == zmq.EFSM
    assert reply.recv() == b"question"


def test_a_proxy_of_router_and_dealer_keeps_the_envelopes(sockets: Sockets, endpoint: str) -> None:
    router = sockets.bound(zmq.ROUTER, endpoint)
    dealer = sockets.bound(zmq.DEALER, "inproc://workers")
    worker = sockets.connected(zmq.REP, "inproc://workers")
    request = sockets.connected(zmq.REQ, endpoint)
    request.send(b"question")
    dealer.send_multipart(router.recv_multipart())
    assert worker.recv() == b"question"
    worker.send(b"answer")
    router.send_multipart(dealer.recv_multipart())
    assert request.recv() == b"answer"


def test_routing_ids_name_their_peers(sockets: Sockets, endpoint: str) -> None:
    router = sockets.bound(zmq.ROUTER, endpoint)
    dealers = {name: sockets.connected(zmq.DEALER, endpoint, routing_id=name) for name in (b"a", b"b" * 255)}
    for dealer in dealers.values():
        dealer.send(b"here")
    assert {router.recv_multipart()[0] for _ in dealers} == set(dealers)
    for name, dealer in dealers.items():
        router.send_multipart([name, b"for", name])
        assert dealer.recv_multipart() == [b"for", name]


# publish and subscribe


@pytest.mark.parametrize("publisher_binds", [True, False])
def test_subscribers_get_what_they_subscribed_to(sockets: Sockets, endpoint: str, publisher_binds: bool) -> None:
    if publisher_binds:
        publisher = sockets.bound(zmq.XPUB, endpoint)
        subscriber = sockets.connected(zmq.SUB, endpoint)
    else:
        subscriber = sockets.bound(zmq.SUB, endpoint)
        publisher = sockets.connected(zmq.XPUB, endpoint)
    for topic in (b"a", b"bb"):
        subscriber.subscribe(topic)
        assert publisher.recv() == b"\x01" + topic
    for text in (b"a1", b"b1", b"bb1", b"c1", b""):
        publisher.send(text)
    assert receive_all(subscriber, 2) == [b"a1", b"bb1"]
    subscriber.unsubscribe(b"a")
    assert publisher.recv() == b"\x00a"
    for text in (b"a2", b"bb2"):
        publisher.send(text)
    assert subscriber.recv() == b"bb2"


def test_a_topic_counts_for_the_first_part_only(sockets: Sockets, endpoint: str) -> None:
    publisher = sockets.bound(zmq.XPUB, endpoint)
    subscriber = sockets(zmq.SUB)
    subscriber.subscribe(b"topic")
    subscriber.connect(endpoint)
    assert publisher.recv() == b"\x01topic"
    publisher.send_multipart([b"other", b"topic"])
    publisher.send_multipart([b"topic", b"other"])
    assert subscriber.recv_multipart() == [b"topic", b"other"]


def test_subscriptions_are_counted_and_announced_once_each(sockets: Sockets, endpoint: str) -> None:
    publisher = sockets.bound(zmq.XPUB, endpoint)
    subscriber = sockets.connected(zmq.SUB, endpoint)
    subscriber.subscribe(b"twice")
    subscriber.subscribe(b"twice")
    assert publisher.recv() == b"\x01twice"
    subscriber.unsubscribe(b"twice")
    subscriber.subscribe(b"other")
    assert publisher.recv() == b"\x01other"
    publisher.send(b"twice, less one")
    assert subscriber.recv() == b"twice, less one"
    subscriber.unsubscribe(b"twice")
    assert publisher.recv() == b"\x00twice"


def test_every_subscriber_gets_every_message(sockets: Sockets, endpoint: str) -> None:
    publisher = sockets.bound(zmq.PUB, endpoint)
    subscribers = [sockets(zmq.SUB) for _ in range(3)]
    for subscriber in subscribers:
        subscriber.subscribe(b"")
        subscriber.connect(endpoint)
    join(publisher, *subscribers)
    send_all(publisher, numbered(500))
    for subscriber in subscribers:
        assert receive_all(subscriber, 500) == numbered(500)


def test_a_subscriber_that_leaves_takes_its_subscriptions_along(sockets: Sockets, endpoint: str) -> None:
    publisher = sockets.bound(zmq.XPUB, endpoint)
    subscriber = sockets.connected(zmq.SUB, endpoint)
    subscriber.subscribe(b"topic")
    assert publisher.recv() == b"\x01topic"
    subscriber.close()
    assert publisher.recv() == b"\x00topic"


def test_user_messages_go_up_from_xsub_to_xpub(sockets: Sockets, endpoint: str) -> None:
    publisher, subscriber = sockets.pair(zmq.XPUB, zmq.XSUB, endpoint)
    subscriber.send(b"\x01topic")
    assert publisher.recv() == b"\x01topic"
    subscriber.send_multipart([b"not a", b"subscription"])
    assert publisher.recv_multipart() == [b"not a", b"subscription"]


# endpoints


def test_the_last_endpoint_is_the_one_of_the_last_bind_or_connect(sockets: Sockets, endpoint: str) -> None:
    pull = sockets(zmq.PULL)
    pull.bind(endpoint)
    assert endpoint_of(pull) == endpoint
    pull.connect("tcp://127.0.0.1:9")
    assert endpoint_of(pull) == "tcp://127.0.0.1:9"
    push = sockets.connected(zmq.PUSH, endpoint)
    assert endpoint_of(push) == endpoint


def test_an_address_in_use_is_refused(sockets: Sockets, endpoint: str) -> None:
    if endpoint.startswith("ipc"):
        pytest.skip("an ipc path is taken over from whoever holds it, as libzmq does")
    first, second = sockets.bound(zmq.PULL, endpoint), sockets(zmq.PULL)
    with pytest.raises(zmq.ZMQError) as error:
        second.bind(endpoint)
    assert error.value.errno == errno.EADDRINUSE
    push = sockets.connected(zmq.PUSH, endpoint)
    push.send(b"to the first")
    assert first.recv() == b"to the first"


def test_after_disconnect_nothing_more_is_sent(sockets: Sockets, endpoint: str) -> None:
    pull, push = sockets.pair(zmq.PULL, zmq.PUSH, endpoint)
    push.send(b"before")
    assert pull.recv() == b"before"
    push.disconnect(endpoint)
    with pytest.raises(zmq.Again):
        push.send(b"after", zmq.DONTWAIT)
    push.connect(endpoint)
    push.send(b"again")
    assert pull.recv() == b"again"


def test_disconnect_sends_what_is_queued_while_it_may_linger(sockets: Sockets, endpoint: str) -> None:
    pull = sockets.bound(zmq.PULL, endpoint)
    push = sockets.connected(zmq.PUSH, endpoint, linger=-1)
    send_all(push, numbered(500))
    push.disconnect(endpoint)
    assert receive_all(pull, 500) == numbered(500)


def test_disconnect_leaves_the_other_connections_alone(sockets: Sockets, endpoint: str) -> None:
    pull, other = sockets.bound(zmq.PULL, endpoint), sockets.bound(zmq.PULL)
    push = sockets.connected(zmq.PUSH, endpoint)
    push.connect(endpoint_of(other))
    push.disconnect(endpoint)
    send_all(push, numbered(100))
    assert receive_all(other, 100) == numbered(100)
    assert pull.poll(0) == 0


def test_after_unbind_nobody_new_is_served(sockets: Sockets, endpoint: str) -> None:
    pull, push = sockets.pair(zmq.PULL, zmq.PUSH, endpoint)
    push.send(b"before")
    assert pull.recv() == b"before"
    pull.unbind(endpoint)
    late = sockets.connected(zmq.PUSH, endpoint, reconnect_ivl=10)
    late.send(b"waits")
    assert pull.poll(50) == 0
    pull.bind(endpoint)
    assert pull.recv() == b"waits"


@pytest.mark.parametrize("end", ["disconnect", "unbind"])
def test_an_endpoint_that_is_not_the_sockets_is_refused(sockets: Sockets, endpoint: str, end: str) -> None:
    sock = sockets(zmq.PULL)
    with pytest.raises(zmq.ZMQError) as error:
        getattr(sock, end)(endpoint)
    assert error.value.errno == errno.ENOENT
    sock.bind(endpoint)
    sock.unbind(endpoint)
    with pytest.raises(zmq.ZMQError) as error:
        getattr(sock, end)(endpoint)
    assert error.value.errno == errno.ENOENT


# high-water marks, lingering, coming back


def test_a_sender_waits_at_the_mark_and_loses_nothing(sockets: Sockets, endpoint: str) -> None:
    pull = sockets.bound(zmq.PULL, endpoint, rcvhwm=5)
    push = sockets.connected(zmq.PUSH, endpoint, sndhwm=5)
    count = 0
    while push.poll(50, zmq.POLLOUT):
        push.send(b"%d " % count + bytes(100_000), zmq.DONTWAIT)
        count += 1
    with pytest.raises(zmq.Again):
        push.send(b"too much", zmq.DONTWAIT)
    assert count >= 10
    for number in range(count):
        assert pull.recv().split()[0] == b"%d" % number
    push.send(b"there is room again")
    assert pull.recv() == b"there is room again"


def test_close_delivers_what_was_sent_while_it_may_linger(sockets: Sockets, endpoint: str) -> None:
    pull = sockets.bound(zmq.PULL, endpoint, rcvhwm=0)
    push = sockets.connected(zmq.PUSH, endpoint, linger=-1, sndhwm=0)
    send_all(push, numbered(5000))
    push.close()
    assert receive_all(pull, 5000) == numbered(5000)


def test_what_has_arrived_can_be_read_after_its_sender_left(sockets: Sockets, endpoint: str) -> None:
    pull, push = sockets.pair(zmq.PULL, zmq.PUSH, endpoint)
    push.linger = -1
    send_all(push, numbered(100))
    push.close()
    assert receive_all(pull, 1) == [b"0"]
    assert receive_all(pull, 99) == numbered(100)[1:]


def test_a_binder_outlives_its_clients(sockets: Sockets, endpoint: str) -> None:
    router = sockets.bound(zmq.ROUTER, endpoint)
    for number in range(20):
        dealer = sockets.connected(zmq.DEALER, endpoint)
        dealer.send(b"%d" % number)
        routing_id, text = router.recv_multipart()
        router.send_multipart([routing_id, b"re:" + text])
        assert dealer.recv() == b"re:%d" % number
        dealer.close()


def test_a_connector_finds_its_binder_again(sockets: Sockets, endpoint: str) -> None:
    if endpoint.startswith("inproc"):
        pytest.skip("inproc connections do not come back: the peer is gone, and has said so")
    subscriber = sockets(zmq.SUB, reconnect_ivl=10)
    subscriber.subscribe(b"")
    subscriber.connect(endpoint)
    for _ in range(3):
        publisher = sockets.bound(zmq.PUB, endpoint)
        join(publisher, subscriber)
        publisher.close()


# waiting


def test_poll_tells_when_something_comes_and_when_there_is_room(sockets: Sockets, endpoint: str) -> None:
    one, other = sockets.pair(zmq.PAIR, zmq.PAIR, endpoint)
    assert one.poll(0) == 0
    other.send(b"text")
    assert one.poll(10_000) == zmq.POLLIN
    assert one.poll(10_000, zmq.POLLIN | zmq.POLLOUT) == zmq.POLLIN | zmq.POLLOUT
    assert one.recv() == b"text"
    assert one.poll(0) == 0


def test_a_time_out_ends_a_wait(sockets: Sockets, endpoint: str) -> None:
    pull, _ = sockets.pair(zmq.PULL, zmq.PUSH, endpoint)
    pull.rcvtimeo = 30
    with pytest.raises(zmq.Again) as error:
        pull.recv()
    assert error.value.errno == errno.EAGAIN
    with pytest.raises(zmq.Again):
        pull.recv(zmq.DONTWAIT)


def test_the_descriptor_is_readable_as_long_as_there_is_something(sockets: Sockets, endpoint: str) -> None:
    pull, push = sockets.pair(zmq.PULL, zmq.PUSH, endpoint)
    poller = zmq.Poller()
    poller.register(pull.fileno(), zmq.POLLIN)
    send_all(push, numbered(10))
    got: list[bytes] = []

    def all_read() -> bool:
        assert poller.poll(10_000), "level-triggered: no event is missed"
        if pull.poll(0):
            got.append(pull.recv())
        return len(got) == 10

    eventually(all_read, "all are read")
    assert got == numbered(10)
