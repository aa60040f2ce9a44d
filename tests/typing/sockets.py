"""A user's program: contexts, sockets and their options. Type checkers read it; it is not run."""

from typing import Any, assert_type

import purezmq as zmq


def contexts() -> None:
    context = zmq.Context()
    assert_type(context, zmq.Context[zmq.Socket[bytes]])
    assert_type(zmq.Context(io_threads=2), zmq.SyncContext)
    assert_type(zmq.Context(2), zmq.Context)
    assert_type(zmq.Context.instance(), zmq.Context)
    assert_type(zmq.Context.instance(io_threads=2).socket(zmq.PUSH), zmq.Socket[bytes])
    assert_type(zmq.Context(context), zmq.Context)
    assert_type(zmq.Context(shadow=context.underlying), zmq.Context)
    assert_type(zmq.Context.shadow(context), zmq.Context)
    assert_type(context.closed, bool)
    context.destroy(linger=0)
    context.term()
    with zmq.Context() as other:
        assert_type(other, zmq.Context)
        with other.socket(zmq.PUSH) as socket:
            assert_type(socket, zmq.Socket[bytes])
            assert_type(socket, zmq.SyncSocket)


def context_options(context: zmq.Context) -> None:
    context.io_threads = 2
    context.set(zmq.MAX_SOCKETS, 10)
    assert_type(context.get(zmq.IO_THREADS), int)
    assert_type(context.IO_THREADS, int)
    assert_type(context.max_sockets, int)
    context.linger = 0
    context.LINGER = -1
    assert_type(context.linger, int)
    del context.linger
    context.setsockopt(zmq.ROUTING_ID, b"name")
    assert_type(context.getsockopt(zmq.ROUTING_ID), int | bytes)


def sockets(context: zmq.Context) -> None:
    socket = zmq.Socket(context, zmq.REQ)
    assert_type(socket, zmq.Socket)
    assert_type(socket, zmq.Socket[bytes])
    assert_type(zmq.Socket(socket), zmq.Socket)
    assert_type(zmq.Socket(shadow=socket.underlying), zmq.Socket)
    assert_type(zmq.Socket.shadow(socket), zmq.Socket)
    assert_type(socket.context, zmq.Context[Any])
    assert_type(socket.type, zmq.SocketType)
    assert_type(socket.closed, bool)
    assert_type(socket.copy_threshold, int)
    assert_type(socket.fileno(), int)
    assert_type(socket.FD, int)
    assert_type(socket.poll(), int)
    assert_type(socket.poll(1000, zmq.POLLIN | zmq.POLLOUT), int)
    socket.close()
    socket.close(linger=0)


def endpoints(socket: zmq.Socket[bytes]) -> None:
    socket.bind("tcp://127.0.0.1:*")
    with socket.bind("inproc://here") as same:
        assert_type(same, zmq.Socket[bytes])
    with socket.connect("inproc://here") as same:
        assert_type(same, zmq.Socket[bytes])
    socket.unbind(socket.last_endpoint)
    socket.disconnect(socket.LAST_ENDPOINT.decode())
    assert_type(socket.bind_to_random_port("tcp://127.0.0.1"), int)
    assert_type(socket.bind_to_random_port("tcp://*", min_port=5000, max_port=6000, max_tries=10), int)


def options(socket: zmq.Socket[bytes]) -> None:
    socket.setsockopt(zmq.LINGER, 0)
    socket.set(zmq.ROUTING_ID, b"name")
    assert_type(socket.getsockopt(zmq.LINGER), int | bytes)
    assert_type(socket.get(zmq.ROUTING_ID), int | bytes)
    socket.setsockopt_string(zmq.SUBSCRIBE, "topic")
    assert_type(socket.get_string(zmq.LAST_ENDPOINT), str)
    socket.subscribe("topic")
    socket.unsubscribe(b"topic")
    socket.SUBSCRIBE = "topic"
    socket.hwm = 10
    assert_type(socket.hwm, int)
    socket.set_hwm(socket.get_hwm())


def options_by_attribute(socket: zmq.Socket[bytes]) -> None:
    socket.linger = 0
    socket.LINGER = 0
    socket.immediate = True
    socket.identity = b"name"
    assert_type(socket.linger, int)
    assert_type(socket.RCVMORE, int)
    assert_type(socket.rcvtimeo, int)
    assert_type(socket.events, int)
    assert_type(socket.maxmsgsize, int)
    assert_type(socket.IDENTITY, bytes)
    assert_type(socket.routing_id, bytes)
    assert_type(socket.last_endpoint, bytes)
    if not socket.getsockopt(zmq.RCVMORE):
        return
    while socket.rcvmore:
        socket.recv()


class Publisher(zmq.Socket[bytes]):
    count: int = 0

    def publish(self, topic: str, text: str) -> None:
        self.count += 1
        self.send_multipart([topic.encode(), text.encode()])


class PublishingContext(zmq.Context[Publisher]):
    _socket_class = Publisher

    def publisher(self, endpoint: str) -> Publisher:
        socket = self.socket(zmq.PUB)
        socket.bind(endpoint)
        return socket


def subclasses(context: zmq.Context) -> None:
    publisher = context.socket(zmq.PUB, socket_class=Publisher)
    assert_type(publisher, Publisher)
    with context.socket(zmq.PUB, Publisher) as same:
        assert_type(same, Publisher)
    with publisher.bind("inproc://news") as same:
        assert_type(same, Publisher)
    assert_type(Publisher.shadow(publisher), Publisher)
    assert_type(PublishingContext.instance(), PublishingContext)
    with PublishingContext() as own:
        assert_type(own, PublishingContext)
        assert_type(own.socket(zmq.PUB), Publisher)
        own.publisher("inproc://news").publish("topic", "text")


def errors(socket: zmq.Socket[bytes]) -> str:
    try:
        socket.recv(zmq.DONTWAIT)
    except zmq.Again as error:
        assert_type(error.errno, int | None)
    except zmq.ContextTerminated:
        pass
    except zmq.ZMQError as error:
        if error.errno in {zmq.ETERM, zmq.Errno.ENOTSOCK}:
            return error.strerror
        raise
    except (zmq.ZMQBindError, zmq.NotDone, zmq.ZMQVersionError):
        raise zmq.ZMQError(zmq.EINVAL, "text") from None
    return zmq.strerror(zmq.zmq_errno())


def constants() -> None:
    assert_type(zmq.PUSH, zmq.SocketType)
    assert_type(zmq.SocketType(8), zmq.SocketType)
    assert_type(zmq.LINGER, zmq.SocketOption)
    assert_type(zmq.IO_THREADS, zmq.ContextOption)
    assert_type(zmq.POLLIN, zmq.PollEvent)
    assert_type(zmq.POLLIN | zmq.POLLOUT, zmq.PollEvent)
    assert_type(zmq.DONTWAIT, zmq.Flag)
    assert_type(zmq.EVENT_ALL, zmq.Event)
    assert_type(zmq.EAGAIN, zmq.Errno)
    assert_type(zmq.QUEUE, zmq.DeviceType)
    assert_type(zmq.NULL, zmq.SecurityMechanism)
    assert_type(zmq.has("ipc"), bool)
    assert_type(zmq.zmq_version(), str)
    assert_type(zmq.zmq_version_info(), tuple[int, int, int])
    assert_type(zmq.pyzmq_version_info(), tuple[int, int, int])
    assert_type(zmq.__version__, str)
    assert_type(zmq.curve_keypair(), tuple[bytes, bytes])
