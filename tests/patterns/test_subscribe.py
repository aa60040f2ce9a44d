import pytest

from purezmq.patterns.errors import BadValue, WrongDirection
from purezmq.patterns.publish import Pub, XPub
from purezmq.patterns.subscribe import Sub, XSub
from tests.patterns.vocabulary import Pair, Peer, hears, hears_all, is_silent, join, leave, says, tells


def test_a_subscriber_hears_what_it_subscribed_to():
    pub, sub = Pub(), Sub()
    Pair(pub, sub)
    says(pub, b"too early")
    sub.subscribe(b"a")
    for message in (b"a1", [b"b", b"a"], [b"a2", b"b"]):
        says(pub, message)
    assert hears_all(sub) == [b"a1", [b"a2", b"b"]]
    sub.unsubscribe(b"a")
    says(pub, b"a3")
    is_silent(sub)


def test_sub_never_sends():
    sub = Sub()
    with pytest.raises(WrongDirection, match="SUB"):
        sub.send(b"a")
    with pytest.raises(WrongDirection, match="SUB"):
        sub.check_send(b"a")
    assert not sub.can_send()


# subscriptions upstream


def test_each_subscription_is_sent_and_only_the_last_cancellation():
    sub, peer = Sub(), Peer()
    join(sub, peer)
    sub.subscribe(b"a")
    sub.subscribe(b"a")
    sub.unsubscribe(b"a")
    assert peer.told == [("subscribe", b"a")] * 2
    sub.unsubscribe(b"a")
    sub.unsubscribe(b"a")
    sub.unsubscribe(b"unknown")
    assert peer.told == [("subscribe", b"a"), ("subscribe", b"a"), ("cancel", b"a")]
    assert sub.topics_count == 0


def test_a_new_publisher_is_told_each_topic_once_when_it_is_connected():
    sub, peer = Sub(), Peer()
    for topic in (b"a", b"b", b"a"):
        sub.subscribe(topic)
    assert sub.topics_count == 2
    sub.attached(peer)
    assert peer.told == []
    sub.connected(peer)
    assert sorted(peer.told) == [("subscribe", b"a"), ("subscribe", b"b")]


def test_a_publisher_that_comes_back_is_told_what_is_wanted_now():
    sub, peer = Sub(), Peer()
    join(sub, peer)
    sub.subscribe(b"a")
    sub.subscribe(b"b")
    sub.disconnected(peer)
    peer.told.clear()
    sub.unsubscribe(b"a")
    sub.subscribe(b"c")
    assert peer.told == []
    sub.connected(peer)
    assert sorted(peer.told) == [("subscribe", b"b"), ("subscribe", b"c")]


def test_a_publisher_that_left_is_told_nothing():
    sub, peer = Sub(), Peer()
    join(sub, peer)
    leave(sub, peer)
    sub.subscribe(b"a")
    assert peer.told == []


# what SUB hears


def test_what_does_not_match_is_filtered_locally_too():
    sub, one, other = Sub(), Peer(), Peer()
    join(sub, one, other)
    sub.subscribe(b"a")
    tells(sub, one, b"b", b"a1", b"")
    tells(sub, other, [b"b", b"a"], memoryview(b"a2"))
    assert hears_all(sub) == [b"a1", b"a2"]
    is_silent(sub)


def test_without_subscriptions_nothing_is_heard_and_with_the_empty_one_everything():
    sub, peer = Sub(), Peer()
    join(sub, peer)
    tells(sub, peer, b"a", b"")
    is_silent(sub)
    sub.subscribe(b"")
    tells(sub, peer, b"a", b"")
    assert hears_all(sub) == [b"a", b""]


def test_a_message_that_polling_announced_comes_even_if_its_topic_was_cancelled():
    sub, one, other = Sub(), Peer(), Peer()
    join(sub, one, other)
    sub.subscribe(b"")
    tells(sub, one, b"a")
    tells(sub, other, b"b")
    assert sub.can_recv()
    sub.unsubscribe(b"")
    assert sub.can_recv()
    assert sub.recv() == b"a"
    assert sub.source is one
    is_silent(sub)


def test_publishers_are_heard_in_turn():
    sub, one, other = Sub(), Peer(), Peer()
    join(sub, one, other)
    sub.subscribe(b"")
    tells(sub, one, b"1", b"1")
    tells(sub, other, b"2", b"2")
    assert hears_all(sub) == [b"1", b"2", b"1", b"2"]


@pytest.mark.parametrize("value", [True, 1])
def test_inverted_matching_at_both_ends_delivers_what_does_not_match(value):
    pub, sub = Pub(), Sub()
    Pair(pub, sub)
    sub.subscribe(b"a")
    for pattern in (pub, sub):
        pattern.set_option("invert_matching", value)
    for message in (b"a", b"b", [b"c", b"a"]):
        says(pub, message)
    assert hears_all(sub) == [b"b", [b"c", b"a"]]


def test_inverted_matching_at_the_subscriber_filters_locally():
    sub, peer = Sub(), Peer()
    join(sub, peer)
    sub.subscribe(b"a")
    sub.set_option("invert_matching", True)
    tells(sub, peer, b"a", b"b")
    assert hears_all(sub) == [b"b"]


def test_a_conflating_sub_holds_the_newest_message_of_each_publisher():
    sub, peers = Sub(), [Peer(), Peer(), Peer()]
    sub.set_option("conflate", True)
    join(sub, *peers)
    sub.subscribe(b"")
    for number, peer in enumerate(peers):
        tells(sub, peer, *(b"%d.%d" % (number, at) for at in range(5)))
    assert hears_all(sub) == [b"0.4", b"1.4", b"2.4"]


# XSUB


def test_xsub_does_not_filter():
    xsub, peer = XSub(), Peer()
    join(xsub, peer)
    tells(xsub, peer, b"a", [b"b", b"c"])
    hears(xsub, b"a")
    hears(xsub, [b"b", b"c"])
    is_silent(xsub)


def test_xsub_subscribes_by_messages():
    xsub, peer = XSub(), Peer()
    join(xsub, peer)
    for message in (b"\x01a", b"\x01a", memoryview(b"\x01b"), b"\x00a", b"\x00a", b"\x00unknown"):
        says(xsub, message)
    told = [("subscribe", b"a"), ("subscribe", b"a"), ("subscribe", b"b"), ("cancel", b"a")]
    assert peer.told == told
    assert peer.got() == []
    assert xsub.topics_count == 1


def test_with_verbose_unsubscribe_every_cancellation_is_sent():
    xsub, peer = XSub(), Peer()
    xsub.set_option("xsub_verbose_unsubscribe", True)
    join(xsub, peer)
    for message in (b"\x01a", b"\x01a", b"\x00a", b"\x00a", b"\x00unknown"):
        says(xsub, message)
    assert peer.told[2:] == [("cancel", b"a"), ("cancel", b"a"), ("cancel", b"unknown")]


def test_other_messages_go_to_all_publishers_that_have_room():
    xsub, full, free = XSub(), Peer(send_limit=1), Peer()
    join(xsub, full, free)
    assert xsub.can_send()
    for message in (b"data", [b"two", b"parts"], b""):
        says(xsub, message)
    assert full.got() == [b"data"]
    assert free.got() == [b"data", [b"two", b"parts"], b""]


def test_each_part_of_a_message_may_subscribe():
    xsub, peer = XSub(), Peer()
    join(xsub, peer)
    says(xsub, [b"data", b"\x01a"])
    assert peer.told == [("subscribe", b"a")]
    assert peer.got() == [b"data"]


def test_with_only_first_subscribe_the_other_parts_are_user_data():
    xsub, peer = XSub(), Peer()
    xsub.set_option("only_first_subscribe", True)
    join(xsub, peer)
    says(xsub, [b"data", b"\x01a"])
    says(xsub, [b"\x01b", b"\x01c"])
    assert peer.told == [("subscribe", b"b")]
    assert peer.got() == [[b"data", b"\x01a"], b"\x01c"]


def test_xsub_has_no_subscribe_option():
    for change in (XSub().subscribe, XSub().unsubscribe):
        with pytest.raises(BadValue, match="XSUB"):
            change(b"a")


def test_a_forwarder_passes_subscriptions_up_and_messages_down():
    pub, xsub, xpub, sub = Pub(), XSub(), XPub(), Sub()
    Pair(pub, xsub)
    Pair(xpub, sub)
    sub.subscribe(b"a")
    says(xsub, xpub.recv())
    says(pub, b"b")
    says(pub, [b"a", b"message"])
    says(xpub, xsub.recv())
    hears(sub, [b"a", b"message"])
    is_silent(xsub)
    sub.unsubscribe(b"a")
    says(xsub, xpub.recv())
    says(pub, [b"a", b"message"])
    is_silent(xsub)
