import pytest

from purezmq.patterns.errors import BadValue, WrongDirection
from purezmq.patterns.publish import Pub, XPub
from purezmq.patterns.subscribe import Sub, XSub
from tests.patterns.vocabulary import Pair, Peer, hears, hears_all, is_silent, join, leave, must_wait, says, tells


def publishing(*peers: Peer, kind: type[XPub] = XPub, **options: bool | bytes) -> XPub:
    pattern = kind()
    for name, value in options.items():
        pattern.set_option(name, value)
    join(pattern, *peers)
    return pattern


both = pytest.mark.parametrize("kind", [Pub, XPub])

# who gets a message


@both
def test_a_message_goes_to_those_who_subscribed_to_a_prefix_of_its_first_part(kind):
    news, sports, everything, nothing = peers = [Peer() for _ in range(4)]
    pattern = publishing(*peers, kind=kind)
    pattern.subscribed(news, b"news")
    pattern.subscribed(sports, b"sports")
    pattern.subscribed(everything, b"")
    says(pattern, [b"news.today", b"sports"])
    says(pattern, b"sports")
    says(pattern, b"new")
    assert news.got() == [[b"news.today", b"sports"]]
    assert sports.got() == [b"sports"]
    assert everything.got() == [[b"news.today", b"sports"], b"sports", b"new"]
    assert nothing.got() == []


@both
def test_subscriptions_may_come_as_messages(kind):
    peer = Peer()
    pattern = publishing(peer, kind=kind)
    tells(pattern, peer, b"\x01a")
    says(pattern, b"a1")
    tells(pattern, peer, b"\x00a")
    says(pattern, b"a2")
    assert peer.got() == [b"a1"]


@both
def test_overlapping_subscriptions_bring_a_message_once(kind):
    peer = Peer()
    pattern = publishing(peer, kind=kind)
    pattern.subscribed(peer, b"")
    pattern.subscribed(peer, b"a")
    says(pattern, b"ab")
    assert peer.got() == [b"ab"]


@both
def test_one_cancel_undoes_two_subscriptions_of_a_connection(kind):
    peer = Peer()
    pattern = publishing(peer, kind=kind)
    pattern.subscribed(peer, b"a")
    pattern.subscribed(peer, b"a")
    pattern.cancelled(peer, b"a")
    says(pattern, b"a")
    assert peer.got() == []


@both
def test_a_large_message_may_be_a_memoryview(kind):
    peer = Peer()
    pattern = publishing(peer, kind=kind)
    pattern.subscribed(peer, b"topic")
    view = memoryview(b"topic" + bytes(1000))
    says(pattern, view)
    assert peer.outbox[0] is view


@both
def test_who_has_no_room_misses_messages_and_nobody_waits(kind):
    slow, quick = Peer(send_limit=1), Peer()
    pattern = publishing(slow, quick, kind=kind)
    for peer in (slow, quick):
        pattern.subscribed(peer, b"")
    says(pattern, b"1")
    says(pattern, b"2")
    assert pattern.can_send()
    assert slow.got() == [b"1"]
    assert quick.got() == [b"1", b"2"]
    says(pattern, b"3")
    assert slow.got() == []
    pattern.writable(slow)
    says(pattern, b"4")
    assert slow.got() == [b"4"]


@both
def test_subscriptions_outlive_a_lost_connection_but_not_the_pipe(kind):
    peer = Peer()
    pattern = publishing(peer, kind=kind)
    pattern.subscribed(peer, b"")
    pattern.disconnected(peer)
    says(pattern, b"a")
    assert peer.got() == [b"a"]
    pattern.detached(peer)
    says(pattern, b"b")
    assert peer.got() == []
    assert pattern.topics_count == 0


@both
def test_with_nodrop_a_message_goes_to_all_or_waits(kind):
    slow, quick, other = Peer(send_limit=1), Peer(), Peer()
    pattern = publishing(slow, quick, other, kind=kind, xpub_nodrop=True)
    for peer in (slow, quick):
        pattern.subscribed(peer, b"a")
    pattern.subscribed(other, b"b")
    says(pattern, b"a1")
    must_wait(pattern, b"a2")
    assert quick.got() == [b"a1"]
    says(pattern, b"b1")
    assert other.got() == [b"b1"]
    assert slow.got() == [b"a1"]
    pattern.writable(slow)
    says(pattern, b"a2")
    assert quick.got() == [b"a2"]


@both
def test_with_inverted_matching_a_message_goes_to_the_others(kind):
    news, sports, _nothing = peers = [Peer() for _ in range(3)]
    pattern = publishing(*peers, kind=kind, invert_matching=True)
    pattern.subscribed(news, b"news")
    pattern.subscribed(sports, b"sports")
    says(pattern, b"news")
    assert [peer.got() for peer in peers] == [[], [b"news"], [b"news"]]


@both
def test_the_welcome_message_is_the_first_of_each_new_pipe(kind):
    peer = Peer()
    pattern = publishing(kind=kind, xpub_welcome_msg=b"hello")
    pattern.attached(peer)
    assert peer.got() == [b"hello"]
    pattern.set_option("xpub_welcome_msg", b"")
    other = Peer()
    pattern.attached(other)
    assert other.got() == []


def test_a_subscriber_hears_the_welcome_if_it_subscribed_to_it():
    xpub, sub, deaf = publishing(xpub_welcome_msg=b"hello"), Sub(), Sub()
    sub.subscribe(b"hello")
    Pair(xpub, sub)
    Pair(xpub, deaf)
    hears(sub, b"hello")
    is_silent(deaf)


# PUB


def test_pub_never_receives():
    pub, peer = Pub(), Peer()
    join(pub, peer)
    tells(pub, peer, b"\x01a", b"user data")
    assert not peer.inbox
    assert not pub.can_recv()
    assert not pub._incoming
    with pytest.raises(WrongDirection, match="PUB"):
        pub.recv()


def test_a_conflating_pub_sends_each_subscriber_the_newest_message():
    peer = Peer(send_limit=1)
    pub = publishing(peer, kind=Pub, conflate=True)
    pub.subscribed(peer, b"a")
    for message in (b"a1", [b"a2", b"x"], b"b"):
        says(pub, message)
    assert peer.got() == [[b"a2", b"x"]]


def test_conflate_is_not_for_xpub():
    with pytest.raises(BadValue, match="XPUB"):
        XPub().set_option("conflate", True)


# what XPUB hears


def test_the_first_subscription_and_the_last_cancellation_of_a_topic_are_events():
    one, other = Peer(), Peer()
    xpub = publishing(one, other)
    xpub.subscribed(one, b"a")
    xpub.subscribed(other, b"a")
    hears(xpub, b"\x01a")
    assert xpub.source is one
    is_silent(xpub)
    xpub.cancelled(one, b"a")
    is_silent(xpub)
    xpub.cancelled(other, b"a")
    hears(xpub, b"\x00a")
    assert xpub.source is other


def test_a_cancellation_of_what_nobody_wants_is_an_event():
    peer = Peer()
    xpub = publishing(peer)
    xpub.cancelled(peer, b"a")
    hears(xpub, b"\x00a")


def test_a_cancellation_of_what_only_others_want_is_none():
    one, other = Peer(), Peer()
    xpub = publishing(one, other)
    xpub.subscribed(one, b"a")
    hears(xpub, b"\x01a")
    xpub.cancelled(other, b"a")
    is_silent(xpub)
    says(xpub, b"a")
    assert one.got() == [b"a"]


def test_leaving_cancels_what_nobody_else_wants():
    one, other = Peer(), Peer()
    xpub = publishing(one, other)
    for topic in (b"mine", b"ours"):
        xpub.subscribed(one, topic)
    xpub.subscribed(other, b"ours")
    assert sorted(hears_all(xpub)) == [b"\x01mine", b"\x01ours"]
    leave(xpub, one)
    assert hears_all(xpub) == [b"\x00mine"]


def test_verbose_passes_repeated_subscriptions():
    one, other = Peer(), Peer()
    xpub = publishing(one, other, xpub_verbose=True)
    for peer in (one, other, one):
        xpub.subscribed(peer, b"a")
    assert hears_all(xpub) == [b"\x01a"] * 3
    xpub.cancelled(one, b"a")
    is_silent(xpub)
    xpub.cancelled(other, b"a")
    hears(xpub, b"\x00a")


def test_verboser_passes_all_cancellations_too():
    one, other = Peer(), Peer()
    xpub = publishing(one, other, xpub_verboser=True)
    for peer in (one, other):
        xpub.subscribed(peer, b"a")
        xpub.subscribed(peer, b"b")
    assert sorted(hears_all(xpub)) == [b"\x01a", b"\x01a", b"\x01b", b"\x01b"]
    xpub.cancelled(one, b"a")
    hears(xpub, b"\x00a")
    leave(xpub, one)
    hears(xpub, b"\x00b")
    leave(xpub, other)
    assert sorted(hears_all(xpub)) == [b"\x00a", b"\x00b"]


@pytest.mark.parametrize(
    ("settings", "verbose", "verboser"),
    [
        (["xpub_verbose", "xpub_verboser"], False, True),
        (["xpub_verboser", "xpub_verbose"], True, False),
    ],
)
def test_verbose_and_verboser_override_each_other(settings, verbose, verboser):
    xpub = XPub()
    for name in settings:
        xpub.set_option(name, True)
    assert (xpub.xpub_verbose, xpub.xpub_verboser) == (verbose, verboser)
    xpub.set_option(settings[0], False)
    assert not xpub.xpub_verbose
    assert not xpub.xpub_verboser


def test_events_and_user_messages_come_in_order():
    xpub, xsub = XPub(), XSub()
    Pair(xpub, xsub)
    for message in (b"\x01a", b"\x02data", [b"two", b"parts"], b"", b"\x01b"):
        says(xsub, message)
    assert hears_all(xpub) == [b"\x01a", b"\x02data", [b"two", b"parts"], b"", b"\x01b"]


def test_each_part_of_a_message_may_be_a_subscription():
    peer = Peer()
    xpub = publishing(peer)
    tells(xpub, peer, [b"\x01a", b"data", b"\x01b"])
    assert hears_all(xpub) == [b"\x01a", b"\x01b", b"data"]
    assert xpub.topics_count == 2


def test_with_only_first_subscribe_the_other_parts_are_user_data():
    peer = Peer()
    xpub = publishing(peer, only_first_subscribe=True)
    tells(xpub, peer, [b"data", b"\x01a"], [b"\x01b", b"\x00c"])
    assert hears_all(xpub) == [[b"data", b"\x01a"], b"\x01b", b"\x00c"]
    assert xpub.topics_count == 1


def test_user_messages_that_nobody_reads_fill_the_inbox_and_then_make_the_peer_wait():
    peer = Peer(receive_limit=2)
    xpub = publishing(peer)
    for number in range(4):
        tells(xpub, peer, b"data %d" % number)
    assert list(peer.inbox) == [b"data 2", b"data 3"]
    tells(xpub, peer, b"\x01topic")
    assert hears_all(xpub) == [b"data 0", b"data 1", b"data 2", b"data 3", b"\x01topic"]
    assert not peer.inbox
    assert not xpub._kept


def test_what_a_peer_sent_before_it_left_is_heard_before_its_cancellations():
    peer = Peer(receive_limit=1)
    xpub = publishing(peer)
    tells(xpub, peer, b"1", b"2", b"\x01a")
    leave(xpub, peer)
    assert hears_all(xpub) == [b"1", b"2", b"\x01a", b"\x00a"]
    assert xpub.topics_count == 0


# XPUB_MANUAL


def test_manual_subscriptions_are_made_by_the_application():
    peer = Peer()
    xpub = publishing(peer, xpub_manual=True)
    xpub.subscribed(peer, b"A")
    hears(xpub, b"\x01A")
    xpub.subscribe(b"B")
    says(xpub, b"A")
    says(xpub, b"B")
    assert peer.got() == [b"B"]
    xpub.unsubscribe(b"B")
    says(xpub, b"B")
    assert peer.got() == []


def test_manual_subscriptions_are_for_the_sender_of_the_last_received_event():
    one, other = Peer(), Peer()
    xpub = publishing(one, other, xpub_manual=True)
    xpub.subscribed(one, b"A")
    xpub.subscribed(other, b"A")
    xpub.cancelled(one, b"A")
    hears(xpub, b"\x01A")
    xpub.subscribe(b"X")
    hears(xpub, b"\x01A")
    xpub.subscribe(b"Y")
    says(xpub, b"X")
    says(xpub, b"Y")
    assert one.got() == [b"X"]
    assert other.got() == [b"Y"]
    hears(xpub, b"\x00A")
    xpub.unsubscribe(b"X")
    says(xpub, b"X")
    assert one.got() == []


def test_a_user_message_does_not_change_whom_manual_subscriptions_are_for():
    one, other = Peer(), Peer()
    xpub = publishing(one, other, xpub_manual=True)
    xpub.subscribed(one, b"A")
    tells(xpub, other, b"data")
    assert hears_all(xpub) == [b"\x01A", b"data"]
    xpub.subscribe(b"A")
    says(xpub, b"A")
    assert one.got() == [b"A"]


def test_manual_leaving_cancels_what_the_peer_asked_for_not_what_it_was_given():
    peer, other = Peer(), Peer()
    xpub = publishing(peer, other, xpub_manual=True)
    xpub.subscribed(other, b"A")
    xpub.subscribed(peer, b"A")
    hears_all(xpub)
    xpub.subscribe(b"XA")
    leave(xpub, peer)
    assert hears_all(xpub) == [b"\x00A"]
    assert xpub.topics_count == 0


def test_manual_options_for_a_peer_that_is_gone_do_nothing():
    peer, early = Peer(), Peer()
    xpub = publishing(peer, early, xpub_manual=True)
    xpub.subscribed(early, b"A")
    leave(xpub, early)
    hears(xpub, b"\x01A")
    xpub.subscribe(b"A")
    xpub.subscribed(peer, b"B")
    hears(xpub, b"\x00A")
    hears(xpub, b"\x01B")
    leave(xpub, peer)
    xpub.subscribe(b"B")
    xpub.unsubscribe(b"B")
    assert xpub.topics_count == 0


def test_without_manual_a_publisher_does_not_subscribe():
    for change in (XPub().subscribe, Pub().unsubscribe):
        with pytest.raises(BadValue, match="XPUB_MANUAL"):
            change(b"a")


def test_with_manual_last_value_the_next_message_goes_to_the_last_subscriber_only():
    one, other = Peer(), Peer()
    xpub = publishing(one, other, xpub_manual_last_value=True)
    assert xpub.xpub_manual
    xpub.subscribed(one, b"A")
    hears(xpub, b"\x01A")
    xpub.subscribe(b"A")
    xpub.subscribed(other, b"A")
    hears(xpub, b"\x01A")
    xpub.subscribe(b"A")
    says(xpub, b"A last value")
    says(xpub, b"A new value")
    assert one.got() == [b"A new value"]
    assert other.got() == [b"A last value", b"A new value"]


def test_with_manual_last_value_a_message_that_does_not_match_goes_to_nobody_once():
    one, other = Peer(), Peer()
    xpub = publishing(one, other, xpub_manual_last_value=True)
    for peer, topic in ((one, b"A"), (other, b"B")):
        xpub.subscribed(peer, topic)
        xpub.recv()
        xpub.subscribe(topic)
    says(xpub, b"A")
    says(xpub, b"A")
    assert one.got() == [b"A"]
