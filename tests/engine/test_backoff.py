"""Delays between attempts to connect (RECONNECT_IVL, RECONNECT_IVL_MAX)."""

from purezmq.engine.backoff import Backoff


def test_without_a_maximum_delays_are_between_the_interval_and_its_double():
    backoff = Backoff(0.1, 0.0)
    assert all(0.1 <= backoff.next_delay() < 0.2 for _ in range(1000))


def test_without_a_maximum_delays_are_spread():
    backoff = Backoff(0.1, 0.0)
    delays = [backoff.next_delay() for _ in range(1000)]
    assert min(delays) < 0.12
    assert max(delays) > 0.18


def test_with_a_maximum_delays_double_until_it_is_reached():
    backoff = Backoff(0.1, 0.5)
    assert [backoff.next_delay() for _ in range(5)] == [0.1, 0.2, 0.4, 0.5, 0.5]


def test_after_a_connection_delays_begin_again():
    backoff = Backoff(0.1, 0.5)
    for _ in range(4):
        backoff.next_delay()
    backoff.reset()
    assert [backoff.next_delay() for _ in range(2)] == [0.1, 0.2]


def test_a_maximum_below_the_interval_wins():
    backoff = Backoff(0.1, 0.05)
    assert [backoff.next_delay() for _ in range(3)] == [0.05, 0.05, 0.05]
