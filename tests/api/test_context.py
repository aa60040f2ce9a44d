import copy
import errno
import gc
import os
import threading

import pytest


def test_a_context_ends_once(zmq):
    context = zmq.Context()
    assert not context.closed
    context.term()
    assert context.closed
    context.term()
    context.destroy()


def test_repr_counts_the_sockets(zmq):
    with zmq.Context() as context:
        assert repr(context) == f"<zmq.Context() at {id(context):#x}>"
        with context.socket(zmq.PUSH):
            assert "zmq.Context(1 socket)" in repr(context)
            with context.socket(zmq.PUSH):
                assert "zmq.Context(2 sockets)" in repr(context)
    assert repr(context) == f"<zmq.Context() at {id(context):#x} closed>"


def test_leaving_with_sockets_open_warns_and_closes_them(zmq):
    with pytest.warns(ResourceWarning, match="unclosed socket"), zmq.Context() as context:
        socket = context.socket(zmq.PUSH)
    assert socket.closed
    assert context.closed


def test_destroy_closes_all_sockets_without_a_warning(zmq):
    context = zmq.Context()
    sockets = [context.socket(zmq.PUSH) for _ in range(10)]
    context.destroy(linger=0)
    assert all(socket.closed for socket in sockets)


def test_term_waits_for_the_sockets(zmq):
    context = zmq.Context()
    socket = context.socket(zmq.PUSH)
    thread = threading.Thread(target=context.term)
    thread.start()
    thread.join(0.05)
    assert thread.is_alive()
    socket.close()
    thread.join(10)
    assert not thread.is_alive()


def test_an_unclosed_context_is_destroyed_with_a_warning(zmq):
    context = zmq.Context()
    with pytest.warns(ResourceWarning, match="Unclosed context <zmq.Context"):
        del context


def test_after_the_end_everything_is_refused(zmq):
    context = zmq.Context()
    shadow = zmq.Context(context)
    context.term()
    with pytest.raises(zmq.ZMQError) as caught:
        context.socket(zmq.PUSH)
    assert caught.value.errno == zmq.ENOTSUP
    with pytest.raises(zmq.ZMQError) as caught:
        shadow.socket(zmq.PUSH)
    assert caught.value.errno == zmq.EFAULT
    with pytest.raises(RuntimeError, match="Context has been destroyed"):
        context.get(zmq.IO_THREADS)
    with pytest.raises(RuntimeError, match="Context has been destroyed"):
        context.set(zmq.IO_THREADS, 1)
    assert context.underlying == 0


def test_its_own_options_are_attributes_too(zmq, context):
    context.set(zmq.MAX_SOCKETS, 2)
    assert context.max_sockets == context.get(zmq.MAX_SOCKETS) == 2
    context.MAX_SOCKETS = 100
    assert context.get(zmq.MAX_SOCKETS) == 100
    assert context.io_threads == 1
    assert "IO_THREADS" in dir(context)


@pytest.mark.parametrize("wrong", [-1])
def test_a_wrong_number_of_threads_is_refused(zmq, wrong):
    with pytest.raises(zmq.ZMQError) as caught:
        zmq.Context(wrong)
    assert caught.value.errno == zmq.EINVAL


def test_more_sockets_than_allowed_are_emfile(zmq, context):
    context.set(zmq.MAX_SOCKETS, 1)
    context.socket(zmq.PUSH)
    with pytest.raises(zmq.ZMQError) as caught:
        context.socket(zmq.PUSH)
    assert caught.value.errno == errno.EMFILE


def test_options_of_sockets_are_defaults_for_those_made_later(zmq, context):
    context.linger = 5
    context.setsockopt(zmq.SNDHWM, 7)
    context.subscribe = b"only where it can be"
    socket = context.socket(zmq.PUSH)
    assert (context.linger, context.getsockopt(zmq.SNDHWM)) == (5, 7)
    assert (socket.linger, socket.sndhwm) == (5, 7)
    del context.linger
    assert context.socket(zmq.PUSH).linger == -1
    with pytest.raises(AttributeError):
        context.linger  # noqa: B018
    with pytest.raises(AttributeError):
        del context.linger
    with pytest.raises(AttributeError):
        del context.apple
    with pytest.raises(KeyError):
        context.getsockopt(zmq.LINGER)


def test_unknown_attributes_are_refused(zmq, context):
    with pytest.raises(AttributeError):
        context.apple = 1
    with pytest.raises(AttributeError):
        context.apple  # noqa: B018
    with pytest.raises(AttributeError):
        context.PUSH  # noqa: B018


def test_blocky_as_an_attribute_has_its_effect(ours, context):
    context.blocky = False
    assert context.blocky == 0
    assert context.socket(ours.PUSH).linger == 0


def test_a_socket_class_and_its_keywords_are_used(zmq, context):
    class Special(zmq.Socket):  # type: ignore[name-defined,misc]  # the module is a fixture
        keyword = None

        def __init__(self, *arguments, keyword=None, **keywords):
            self.keyword = keyword
            super().__init__(*arguments, **keywords)

    class SpecialContext(zmq.Context):  # type: ignore[name-defined,misc]  # the module is a fixture
        _socket_class = Special

    with context.socket(zmq.PUSH, socket_class=Special, keyword=1) as socket:
        assert (type(socket), socket.keyword) == (Special, 1)
    with SpecialContext() as special, special.socket(zmq.PUSH) as socket:
        assert type(socket) is Special


def test_a_shadow_is_the_same_context(zmq, context):
    for shadow in (
        zmq.Context.shadow(context),
        zmq.Context.shadow(context.underlying),
        zmq.Context(context),
        copy.copy(context),
        copy.deepcopy(context),
    ):
        assert shadow.underlying == context.underlying
        with shadow.socket(zmq.PUSH) as bound, context.socket(zmq.PULL) as connected:
            bound.bind("inproc://same")
            connected.connect("inproc://same")
            bound.send(b"x")
            assert connected.recv() == b"x"
        del shadow
        gc.collect()
        assert not context.closed


def test_the_number_of_no_context_is_refused(ours):
    with pytest.raises(ours.ZMQError) as caught:
        ours.Context.shadow(12345)
    assert caught.value.errno == ours.EFAULT


def test_the_shared_instance_is_replaced_when_it_ended(zmq):
    first = zmq.Context.instance()
    assert zmq.Context.instance(io_threads=2) is first
    first.term()
    second = zmq.Context.instance()
    assert second is not first
    second.term()


def test_all_threads_get_the_same_instance(zmq):
    class Special(zmq.Context):  # type: ignore[name-defined,misc]  # the module is a fixture
        _instance = None

    begin = threading.Barrier(8)
    found = []

    def find() -> None:
        begin.wait()
        found.append(Special.instance())

    threads = [threading.Thread(target=find) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(map(id, found))) == 1
    found[0].term()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_forked_child_gets_an_instance_of_its_own(ours):
    parents = ours.Context.instance()
    child = os.fork()
    if not child:
        childs = ours.Context.instance()
        with childs.socket(ours.PUSH):
            pass
        childs.term()
        os._exit(0 if childs is not parents else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert not parents.closed
    parents.term()
