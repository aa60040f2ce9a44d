"""The programs of the documents that this project began with, run as they stand: `import zmq` and all.

Those for Python 2 have print and bytes mended; nothing else was changed. The endless ones are ended when they have
shown what their document says.
"""

from collections.abc import Callable
from typing import Any

import pytest

from tests.helpers.processes import Program
from tests.helpers.waiting import eventually

Stages = Callable[[str], Any]


@pytest.mark.parametrize("document", ["introduction", "three_modes"])
@pytest.mark.parametrize("server_first", [True, False])
def test_a_server_answers_each_of_its_clients(stage: Stages, document: str, server_first: bool) -> None:
    play = stage(document)
    client = "client1" if document == "introduction" else "client"
    if server_first:
        server, first = play.start("server"), play.start(client)
    else:
        first, server = play.start(client), play.start("server")
    for program in (first, play.start(client)):
        assert program.line() == "response: I am OK!"
        assert program.wait() == 0
    assert [server.line(), server.line()] == ["Received: Are you OK?"] * 2


def test_three_patterns_request_and_reply(stage: Stages) -> None:
    play = stage("three_patterns")
    server, client = play.start("zmq_server"), play.start("zmq_client")
    assert client.line() == "b'new message'"
    assert client.wait() == 0
    assert [server.line(), server.line()] == ["<class 'bytes'>", "收到消息：b'A message'"]  # noqa: RUF001


def test_notes_request_and_reply(stage: Stages) -> None:
    play = stage("notes")
    client, server = play.start("zmq_req"), play.start("zmq_rep")
    assert client.wait() == 0
    assert server.wait() == 0
    assert client.rest() == [
        line for i in range(1, 10) for line in (f"Sending request:  {i}", "Received reply:  b'World'")
    ]
    assert server.rest() == ["Received request:  b'Hello'"] * 9 + ["Received request:  b':exit'"]


@pytest.mark.parametrize("server_first", [True, False])
def test_basics_request_and_reply(stage: Stages, server_first: bool) -> None:
    play = stage("basics")
    if server_first:
        server, client = play.start("server"), play.start("client")
    else:
        client, server = play.start("client"), play.start("server")
    client.write("你好")
    server.expect("message from client: 你好")
    server.write("世界")
    client.expect("Received reply:  世界")
    client.write("b")
    assert client.wait() == 0


# publish and subscribe


def test_introduction_everybody_hears_the_publisher(stage: Stages) -> None:
    play = stage("introduction")
    subscribers = [play.start("subscriber") for _ in range(2)]
    publisher = play.start("publisher")
    for subscriber in subscribers:
        assert [subscriber.line() for _ in range(3)] == ["response: 消息群发"] * 3
    assert publisher.line() == "发送消息"


def test_three_patterns_each_client_hears_its_own_topic(stage: Stages) -> None:
    play = stage("three_patterns")
    clients = {name: play.start(f"zmq_{name}") for name in ("client1", "client2")}
    publisher = play.start("zmq_publisher")
    for name, client in clients.items():
        assert client.line() == f"[b'{name}', b'message for {name}']"
        assert client.wait() == 0
    assert publisher.line() == "[b'client1', b'message for client1']"


def test_three_modes_a_subscriber_hears_all_from_when_it_joined(stage: Stages) -> None:
    play = stage("three_modes")
    subscriber, publisher = play.start("subscriber"), play.start("publisher")
    assert publisher.wait() == 0
    assert publisher.rest() == [f"send message...{i}" for i in range(10)]
    first = int(subscriber.line().removeprefix("response: message"))
    assert [subscriber.line() for _ in range(first + 1, 10)] == [f"response: message{i}" for i in range(first + 1, 10)]


def test_notes_a_subscriber_of_a_hears_nothing_of_b(stage: Stages) -> None:
    play = stage("notes")
    subscriber, publisher = play.start("zmq_sub"), play.start("zmq_pub")
    assert publisher.wait() == 0
    assert subscriber.wait() == 0
    heard = subscriber.rest()
    assert heard[-1] == "Reveived:  A :exit"
    assert heard[:-1] == [f"Reveived:  A {i}" for i in range(11 - len(heard), 10)]
    assert len(heard) > 1


def heard(publisher: Program, subscriber: Program) -> str:
    """Publish until the subscriber hears it."""

    def once_more() -> str | None:
        publisher.write("456 news")
        publisher.write("123 news")
        return subscriber.line_within(0.3)

    return eventually(once_more, "the subscriber hears the publisher") or ""


def test_basics_a_subscriber_waits_for_a_publisher_that_left(stage: Stages) -> None:
    play = stage("basics")
    subscriber = play.start("subscriber")
    for _ in range(2):
        publisher = play.start("publisher")
        assert heard(publisher, subscriber) == "response: 123 news"
        publisher.write("b")
        assert publisher.wait() == 0
        assert set(subscriber.rest()) <= {"response: 123 news"}


# the pipeline


def test_introduction_the_pipeline_goes_on_with_a_new_worker(stage: Stages) -> None:
    play = stage("introduction")
    ventilator, sink = play.start("ventilator"), play.start("sink")
    for _ in range(2):
        worker = play.start("work")
        assert worker.line() == "正在转发..."
        assert [sink.line() for _ in range(2)] == ["response: 测试消息"] * 2
        worker.kill()
        sink.rest()
    assert ventilator.line() == "已发送"


def test_three_patterns_the_results_are_collected(stage: Stages) -> None:
    play = stage("three_patterns")
    producer, _, collector = play.start("producer"), play.start("consumer"), play.start("resultcollector")
    assert producer.wait() == 0
    line = collector.line()
    assert line.startswith("{")
    assert line.endswith(": 1000}")
    assert collector.wait() == 0


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2)], ids=str)
def test_three_modes_ten_messages_go_through_the_pipeline(stage: Stages, order: tuple[int, ...]) -> None:
    play = stage("three_modes")
    names = ("ventilator", "work", "sink")
    programs = {names[i]: play.start(names[i]) for i in order}
    assert [programs["sink"].line() for _ in range(10)] == [f"response: message{i}" for i in range(10)]
    assert [programs["work"].line() for _ in range(10)] == [f"transform...message{i}" for i in range(10)]
    assert programs["ventilator"].wait() == 0


def test_notes_ten_messages_go_through_the_pipeline(stage: Stages) -> None:
    play = stage("notes")
    programs = [play.start(name) for name in ("zmq_ventilator", "zmq_worker", "zmq_sink")]
    for program in programs[1:]:
        assert [program.line() for _ in range(10)] == [f"b'Message {i}'" for i in range(10)]
    assert programs[0].wait() == 0


def test_basics_what_is_typed_goes_through_the_pipeline(stage: Stages) -> None:
    play = stage("basics")
    ventilator, worker, sink = (play.start(name) for name in ("ventilator", "worker", "sink"))
    for text in ("一", "二", "三"):
        ventilator.write(text)
        worker.expect("正在转发...")
        assert sink.line() == f"response: {text}"
        ventilator.expect("已发送")
