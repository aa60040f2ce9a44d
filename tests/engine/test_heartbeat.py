"""When to send PING and when to give up a silent peer (RFC 37, "Connection Heartbeating")."""

from purezmq.engine.heartbeat import Heartbeat, Verdict


def test_without_interval_there_is_nothing_to_do():
    beat = Heartbeat(0.0, 0.0, now=0.0)
    assert beat.deadline() is None
    assert beat.tick(1e9) is Verdict.WAIT


def test_the_first_ping_is_due_after_an_interval():
    beat = Heartbeat(10.0, 5.0, now=100.0)
    assert beat.deadline() == 110.0
    assert beat.tick(109.9) is Verdict.WAIT
    assert beat.tick(110.0) is Verdict.PING


def test_after_a_ping_the_answer_is_due_within_the_timeout():
    beat = Heartbeat(10.0, 5.0, now=0.0)
    beat.tick(10.0)
    assert beat.deadline() == 15.0
    assert beat.tick(14.9) is Verdict.WAIT
    assert beat.tick(15.0) is Verdict.DEAD


def test_anything_from_the_peer_is_an_answer():
    beat = Heartbeat(10.0, 5.0, now=0.0)
    beat.tick(10.0)
    beat.heard()
    assert beat.deadline() == 20.0
    assert beat.tick(15.0) is Verdict.WAIT


def test_pings_go_on_regardless_of_traffic():
    beat = Heartbeat(10.0, 5.0, now=0.0)
    for at in (10.0, 20.0, 30.0):
        beat.heard()
        assert beat.deadline() == at
        assert beat.tick(at) is Verdict.PING
        beat.heard()


def test_a_timeout_that_is_longer_than_the_interval_runs_from_the_first_ping_without_answer():
    beat = Heartbeat(10.0, 25.0, now=0.0)
    assert [beat.tick(10.0), beat.tick(20.0), beat.tick(30.0)] == [Verdict.PING] * 3
    assert beat.deadline() == 35.0
    assert beat.tick(35.0) is Verdict.DEAD


def test_a_peer_that_asked_for_it_is_given_up_when_silent_for_its_ttl():
    beat = Heartbeat(0.0, 0.0, now=0.0)
    beat.pinged(3.0, now=100.0)
    assert beat.deadline() == 103.0
    assert beat.tick(102.9) is Verdict.WAIT
    assert beat.tick(103.0) is Verdict.DEAD


def test_a_ping_without_ttl_asks_for_nothing():
    beat = Heartbeat(0.0, 0.0, now=0.0)
    beat.pinged(0.0, now=100.0)
    assert beat.deadline() is None


def test_anything_from_the_peer_ends_its_ttl_too():
    beat = Heartbeat(0.0, 0.0, now=0.0)
    beat.pinged(3.0, now=100.0)
    beat.heard()
    assert beat.deadline() is None
    assert beat.tick(103.0) is Verdict.WAIT


def test_a_late_tick_gives_one_ping():
    beat = Heartbeat(10.0, 25.0, now=0.0)
    assert beat.tick(45.0) is Verdict.PING
    assert beat.tick(45.0) is Verdict.WAIT


def test_a_timeout_of_zero_is_no_timeout():
    beat = Heartbeat(10.0, 0.0, now=0.0)
    assert beat.tick(10.0) is Verdict.PING
    assert beat.deadline() == 20.0
    assert beat.tick(19.0) is Verdict.WAIT
