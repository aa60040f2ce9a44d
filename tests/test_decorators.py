"""Functions that are given contexts and sockets."""

import importlib
import inspect
import threading

import pytest


@pytest.fixture(params=["purezmq", "zmq"])
def zmq(request):
    return pytest.importorskip(request.param)


@pytest.fixture
def decorators(zmq):
    yield importlib.import_module(f"{zmq.__name__}.decorators")
    zmq.Context.instance().term()


@pytest.fixture
def context(decorators):
    return decorators.context


@pytest.fixture
def socket(decorators):
    return decorators.socket


def test_a_function_gets_a_context_that_ends_with_it(zmq, context):
    @context()
    def work(text, given, *, keyword):
        assert isinstance(given, zmq.Context)
        assert not given.closed
        return text, keyword, given

    text, keyword, given = work("a", keyword="b")
    assert (text, keyword) == ("a", "b")
    assert given.closed


def test_it_ends_with_an_exception_as_well(context):
    seen = []

    @context()
    def work(given):
        seen.append(given)
        raise KeyError("on purpose")

    with pytest.raises(KeyError):
        work()
    assert seen[0].closed


def test_each_call_gets_its_own(context):
    @context()
    def work(given):
        return given

    assert work() is not work()


@pytest.mark.parametrize("how", ["first", "keyword"])
def test_it_may_be_given_by_name(zmq, context, how):
    decorate = context("ctx", 5) if how == "first" else context(name="ctx", io_threads=5)

    @decorate
    def work(*, ctx):
        assert isinstance(ctx, zmq.Context)
        return ctx.io_threads

    assert work() == 5


def test_a_name_is_given_once(context):
    @context("ctx")
    def work(ctx):
        pytest.fail("not to be called")

    with pytest.raises(TypeError, match="multiple values for argument 'ctx'"):
        work(ctx=1)
    with pytest.raises(TypeError, match="multiple values for argument 'ctx'"):
        work(1)


def test_the_function_has_to_take_it(context):
    @context("ctx")
    def work(other=None):
        pytest.fail("not to be called")

    with pytest.raises(TypeError, match="ctx"):
        work()


def test_a_function_gets_sockets_of_the_context_before_them(zmq, context, socket):
    @context()
    @socket(zmq.PUSH)
    @socket(zmq.PULL)
    def work(ctx, push, pull):
        assert (push.type, pull.type) == (zmq.PUSH, zmq.PULL)
        assert push.context is pull.context is ctx
        push.bind("inproc://work")
        pull.connect("inproc://work")
        push.send(b"done")
        return pull.recv(), push, pull

    message, *sockets = work()
    assert message == b"done"
    assert all(given.closed for given in sockets)


def test_a_socket_may_be_given_by_name(zmq, context, socket):
    @context("ctx")
    @socket("push", zmq.PUSH, context_name="ctx")
    @socket(zmq.PULL, name="pull", context_name="ctx")
    def work(ctx, pull, push):
        assert (push.type, pull.type) == (zmq.PUSH, zmq.PULL)
        assert push.context is pull.context is ctx

    work()


def test_a_context_under_another_name_is_not_taken(zmq, context, socket):
    @context("ctx")
    @socket("push", zmq.PUSH)
    def work(ctx, push):
        assert push.context is zmq.Context.instance()
        assert push.context is not ctx

    work()


def test_what_is_no_context_is_not_taken(zmq, socket):
    @socket(zmq.PUSH)
    def work(push, context):
        assert push.context is zmq.Context.instance()

    work(context="no context")


def test_keywords_are_for_the_socket(zmq, context, socket):
    class Special(zmq.Socket):
        pass

    @context()
    @socket(zmq.PUSH, socket_class=Special)
    def work(_, push):
        assert type(push) is Special

    work()


def test_a_type_is_wanted(context, socket):
    @context()
    @socket("push")
    def work(ctx, push):
        pytest.fail("not to be called")

    with pytest.raises(TypeError):
        work()


def test_methods_are_functions(zmq, context, socket):
    class Worker:
        @context()
        @socket(zmq.PUSH)
        def work(self, text, ctx, push):
            assert push.context is ctx
            return self, text

    worker = Worker()
    assert worker.work("a") == (worker, "a")


def test_threads_do_not_share(context):
    given = []

    @context()
    def work(ctx):
        given.append(ctx)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert len({id(ctx) for ctx in given}) == 4


def test_the_function_keeps_its_name(context):
    @context()
    def work(ctx):
        """What it does."""

    assert (work.__name__, work.__doc__) == ("work", "What it does.")


def test_a_coroutine_finds_the_socket_closed(zmq, context, socket):
    @context()
    @socket(zmq.PUSH)
    async def work(ctx, push):
        assert push.closed
        assert ctx.closed

    assert not inspect.iscoroutinefunction(work)
    with pytest.raises(StopIteration):
        work().send(None)
