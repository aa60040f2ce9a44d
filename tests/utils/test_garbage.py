"""What programs ask pyzmq's collector for, and what purezmq, which has none, answers."""

import threading

import pytest


@pytest.fixture
def collector(our_util):
    return our_util("garbage").GarbageCollector()


def test_there_is_one_for_all(our_util):
    garbage = our_util("garbage")
    assert isinstance(garbage.gc, garbage.GarbageCollector)
    assert garbage.gc.refs == {}


def test_it_never_runs_and_keeps_nothing(collector):
    threads = set(threading.enumerate())
    collector.start()
    assert collector.store(object(), threading.Event()) == 0
    assert not collector.is_alive()
    assert collector.thread is None
    assert collector.refs == {}
    collector.stop()
    assert set(threading.enumerate()) == threads


def test_it_has_a_context_that_may_be_replaced(ours, our_util, collector, context):
    with collector.context as own:
        assert isinstance(own, ours.Context)
        assert collector.context is own
    collector.context = context
    assert collector.context is context
    assert our_util("garbage").GarbageCollector(context).context is context


def test_memory_that_is_sent_without_a_copy_is_not_its_business(ours, our_util, pair):
    push, pull = pair(ours.PUSH, ours.PULL)
    push.send(bytes(1_000_000), copy=False)
    assert our_util("garbage").gc.refs == {}
    assert len(pull.recv()) == 1_000_000
