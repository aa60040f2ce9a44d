"""The system's own threads and locks. That they are so in a program that gevent patches: tests/green/test_monkey.py."""

import select
import sys
import threading
from types import SimpleNamespace

import pytest

from purezmq import _native
from purezmq._native import Condition, RLock, SystemThread, original, start_thread
from tests.helpers.threads import Crew
from tests.helpers.waiting import TIMEOUT, eventually


@pytest.fixture
def patched(monkeypatch):
    """As if gevent had patched the program: what was there before, by module and name."""
    before = {("_thread", "start_new_thread"): original("_thread", "start_new_thread")}

    def get_original(module, name):
        return before[module, name] if (module, name) in before else getattr(sys.modules[module], name)

    monkey = SimpleNamespace(get_original=get_original, is_module_patched=lambda name: name == "threading")
    monkeypatch.setitem(sys.modules, "gevent.monkey", monkey)
    return before


def test_what_nobody_has_patched_is_what_is_there(monkeypatch):
    monkeypatch.delitem(sys.modules, "gevent.monkey", raising=False)
    assert original("select", "select") is select.select
    assert original("select", "nothing") is None


def test_what_gevent_has_patched_is_what_was_there(patched):
    patched["select", "select"] = before = object()
    assert original("select", "select") is before
    assert original("select", "error") is select.error
    assert original("select", "nothing") is None


def test_a_thread_is_one_of_pythons():
    ran = threading.Event()
    thread = start_thread(ran.set, "purezmq-test")
    assert isinstance(thread, threading.Thread)
    assert (thread.name, thread.daemon) == ("purezmq-test", True)
    thread.join()
    assert ran.is_set()


def test_a_thread_is_one_of_the_systems_where_pythons_are_greenlets(patched):
    idents, go_on = [], threading.Event()

    def run():
        assert go_on.wait(TIMEOUT)
        idents.append(_native.get_ident())

    thread = start_thread(run, "purezmq-test")
    assert isinstance(thread, SystemThread)
    assert idents == []
    go_on.set()
    thread.join()
    thread.join()
    assert idents != [_native.get_ident()]


def test_a_thread_that_fails_has_ended(patched, monkeypatch):
    failures = []
    monkeypatch.setattr(sys, "unraisablehook", failures.append)
    start_thread(lambda: 1 // 0, "purezmq-test").join()
    eventually(lambda: failures, "Python has told")
    assert failures[0].exc_type is ZeroDivisionError


def test_a_condition_wakes_all_who_wait():
    condition = Condition()
    waiting = []

    def wait():
        with condition:
            waiting.append(None)
            condition.wait()

    def all_wait():
        with condition:
            return len(condition._gates) == 5

    with Crew() as crew:
        for _ in range(5):
            crew.start(wait)
        eventually(all_wait, "all wait")
        with condition:
            condition.notify_all()
            assert len(waiting) == 5
    assert condition._gates == []


def test_a_condition_may_be_waited_for_in_vain():
    condition = Condition()
    with condition:
        condition.wait(0.001)
        condition.notify_all()
    assert condition._gates == []


def test_who_waits_lets_the_lock_go_however_often_it_is_held():
    lock = RLock()
    condition = Condition(lock)

    def notify():
        with condition:
            condition.notify_all()

    def is_free():
        free = lock.acquire(blocking=False)
        if free:
            lock.release()
        return free

    with Crew() as crew:
        with lock, condition:
            notifying = crew.start(notify)
            condition.wait(TIMEOUT)
            notifying.result(TIMEOUT)
            assert not crew.start(is_free).result(TIMEOUT)
        assert crew.start(is_free).result(TIMEOUT)
