"""A descriptor that one thread makes readable to wake another, in both kinds."""

import os
import select
import threading

import pytest

from purezmq.engine.waker import Waker
from tests.engine.helpers import descriptors


@pytest.fixture(params=["eventfd", "socketpair"])
def waker(request, monkeypatch):
    if request.param == "socketpair":
        monkeypatch.delattr(os, "eventfd", raising=False)
    elif not hasattr(os, "eventfd"):
        pytest.skip("this system has no eventfd")
    waker = Waker()
    yield waker
    waker.close()


def readable(waker, timeout=0.0):
    return bool(select.select([waker.fileno()], [], [], timeout)[0])


def test_a_new_one_is_not_readable(waker):
    assert not readable(waker)


def test_it_is_readable_from_set_until_clear(waker):
    waker.set()
    assert readable(waker)
    assert readable(waker)
    waker.clear()
    assert not readable(waker)


def test_set_many_times_is_cleared_once(waker):
    for _ in range(100_000):
        waker.set()
    waker.clear()
    assert not readable(waker)


def test_clear_without_set_does_nothing(waker):
    waker.clear()
    waker.set()
    assert readable(waker)


def test_it_wakes_another_thread(waker):
    threading.Thread(target=waker.set).start()
    assert readable(waker, timeout=10)


def test_after_close_nothing_happens(waker):
    waker.close()
    waker.set()
    waker.clear()
    waker.close()
    assert waker.fileno() < 0


def test_close_gives_everything_back(waker):
    mine = {str(waker.fileno())}
    waker.close()
    assert not any(entry.split()[0] in mine for entry in descriptors())


def test_abandon_gives_back_even_if_a_thread_that_is_gone_held_the_lock(waker):
    waker._lock.acquire()
    waker.abandon()
    assert waker.fileno() < 0
