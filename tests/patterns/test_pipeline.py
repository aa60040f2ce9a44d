import pytest

from purezmq.patterns.errors import BadValue, WrongDirection
from purezmq.patterns.pipeline import Pull, Push
from tests.patterns.vocabulary import Pair, Peer, hears, hears_all, is_silent, join, must_wait, says, tells


def test_push_never_receives():
    push = Push()
    with pytest.raises(WrongDirection, match="PUSH"):
        push.recv()
    assert not push.can_recv()


def test_pull_never_sends():
    pull = Pull()
    with pytest.raises(WrongDirection, match="PULL"):
        pull.send(b"a")
    with pytest.raises(WrongDirection, match="PULL"):
        pull.check_send(b"a")
    assert not pull.can_send()


def test_work_is_shared_among_pullers_and_each_message_arrives_once():
    push, pulls = Push(), [Pull(), Pull(), Pull()]
    for pull in pulls:
        Pair(push, pull)
    for number in range(9):
        says(push, b"%d" % number)
    heard = [hears_all(pull) for pull in pulls]
    assert [len(share) for share in heard] == [3, 3, 3]
    assert sorted(message for share in heard for message in share) == [b"%d" % number for number in range(9)]


def test_a_puller_hears_all_pushers_in_turn():
    pushes, pull = [Push(), Push()], Pull()
    for push in pushes:
        Pair(push, pull)
    for letter, push in zip((b"a", b"b"), pushes, strict=True):
        says(push, letter)
        says(push, letter)
    assert hears_all(pull) == [b"a", b"b", b"a", b"b"]


def test_a_writer_that_met_the_limit_goes_on_when_half_is_read():
    push, pull = Push(), Pull()
    Pair(push, pull, limit=4)
    for number in range(4):
        says(push, b"%d" % number)
    must_wait(push, b"4")
    hears(pull, b"0")
    must_wait(push, b"4")
    hears(pull, b"1")
    says(push, b"4")
    assert hears_all(pull) == [b"2", b"3", b"4"]


def test_what_was_pushed_is_heard_after_the_link_is_gone():
    push, pull = Push(), Pull()
    pair = Pair(push, pull)
    says(push, b"a")
    pair.part()
    hears(pull, b"a")
    is_silent(pull)


@pytest.mark.parametrize("kind", [Push, Pull])
def test_conflate_is_an_option(kind):
    pattern = kind()
    pattern.set_option("conflate", True)
    assert pattern.conflate


def test_a_conflating_pull_hears_the_newest_message():
    pull, peer = Pull(), Peer()
    pull.set_option("conflate", True)
    join(pull, peer)
    tells(pull, peer, *(b"%d" % number for number in range(20)))
    assert hears_all(pull) == [b"19"]


def test_a_conflating_push_never_waits_for_a_peer_and_sends_it_the_newest_message():
    push, one, other = Push(), Peer(send_limit=1), Peer(send_limit=1)
    push.set_option("conflate", True)
    must_wait(push, b"nobody there")
    join(push, one, other)
    for number in range(6):
        assert push.can_send()
        says(push, b"%d" % number)
    assert one.got() == [b"4"]
    assert other.got() == [b"5"]


def test_conflation_works_while_the_far_side_reads_the_same_queue():
    push, pull = Push(), Pull()
    push.set_option("conflate", True)
    Pair(push, pull)
    says(push, b"1")
    says(push, [b"2", b"2"])
    hears(pull, [b"2", b"2"])
    says(push, b"3")
    hears(pull, b"3")
    is_silent(pull)


def test_an_unknown_option_names_itself_and_the_type():
    with pytest.raises(BadValue, match=r"PUSH.*xpub_verbose"):
        Push().set_option("xpub_verbose", True)
