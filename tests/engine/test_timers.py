"""Deadlines in order, with the time as an argument."""

import gc
import weakref

from hypothesis import given
from hypothesis import strategies as st

from purezmq.engine.timers import Timers


def nothing():
    """Do what most of these tests want of a timer."""


class Thing:
    """Something that a callback keeps alive."""

    def call(self):
        """Be called."""


def due_callbacks(timers, now):
    return [timer.expire() for timer in timers.due(now)]


def test_without_timers_there_is_no_deadline():
    assert Timers().next_deadline() is None


def test_the_earliest_timer_is_the_next():
    timers = Timers()
    for deadline in (3.0, 1.0, 2.0):
        timers.add(deadline, nothing)
    assert timers.next_deadline() == 1.0


def test_a_timer_is_due_at_its_deadline_and_not_before():
    timers = Timers()
    timer = timers.add(1.0, nothing)
    assert timers.due(0.999) == []
    assert timers.due(1.0) == [timer]


def test_timers_of_the_same_time_run_in_the_order_of_their_making():
    timers = Timers()
    made = [timers.add(1.0, nothing) for _ in range(20)]
    assert timers.due(1.0) == made


def test_a_timer_is_due_once():
    timers = Timers()
    timers.add(1.0, nothing)
    assert len(due_callbacks(timers, 1.0)) == 1
    assert timers.due(2.0) == []
    assert timers.next_deadline() is None


def test_a_cancelled_timer_is_never_due():
    timers = Timers()
    first, second = timers.add(1.0, nothing), timers.add(2.0, nothing)
    first.cancel()
    assert timers.next_deadline() == 2.0
    assert timers.due(3.0) == [second]


def test_cancelling_twice_counts_once():
    timers = Timers()
    first = timers.add(1.0, nothing)
    timers.add(2.0, nothing)
    first.cancel()
    first.cancel()
    assert len(timers) == 1
    assert timers.next_deadline() == 2.0


def test_cancelling_after_it_ran_does_no_harm():
    timers = Timers()
    timer = timers.add(1.0, nothing)
    other = timers.add(2.0, nothing)
    assert due_callbacks(timers, 1.0) == [nothing]
    timer.cancel()
    assert not timer.pending
    assert other.pending
    assert len(timers) == 1


def test_a_timer_that_was_cancelled_after_it_was_found_due_calls_nothing():
    called = []
    timers = Timers()
    timers.add(1.0, lambda: called.append(1))
    (due,) = timers.due(1.0)
    due.cancel()
    due.expire()()
    assert called == []


def test_the_count_is_of_those_that_are_pending():
    timers = Timers()
    made = [timers.add(float(i), nothing) for i in range(5)]
    made[4].cancel()
    due_callbacks(timers, 1.0)
    assert len(timers) == 2


@given(st.lists(st.tuples(st.floats(0, 10), st.booleans())), st.floats(0, 10))
def test_due_are_those_that_are_neither_late_nor_cancelled_in_order(plan, now):
    timers = Timers()
    made = [timers.add(deadline, nothing) for deadline, _ in plan]
    for timer, (_, cancelled) in zip(made, plan, strict=True):
        if cancelled:
            timer.cancel()
    expected = [
        timer for timer, (deadline, cancelled) in zip(made, plan, strict=True) if deadline <= now and not cancelled
    ]
    due = timers.due(now)
    assert sorted(map(id, due)) == sorted(map(id, expected))
    assert [timer.deadline for timer in due] == sorted(timer.deadline for timer in due)


def test_a_cancelled_timer_keeps_nothing_alive_while_others_are_pending():
    timers = Timers()
    timers.add(1.0, nothing)
    thing = Thing()
    gone = weakref.ref(thing)
    timers.add(30.0, thing.call).cancel()
    del thing
    gc.collect()
    assert gone() is None
