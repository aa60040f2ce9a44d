"""`python -m purezmq.log`."""

import logging
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime

import pytest

import purezmq as zmq
from purezmq.log.__main__ import Layout
from purezmq.log.handlers import PUBHandler
from tests.helpers.processes import Program, environment
from tests.helpers.sockets import Sockets, endpoint_of

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


def layout(separator=" | ", time_format="", *, align=False, color=False):
    return Layout(separator, time_format, align=align, color=color)


def test_a_line_is_topic_separator_text():
    assert layout(" > ").line("shop.INFO", "hello", NOW) == "shop.INFO > hello"


def test_or_begins_with_the_time():
    assert layout(time_format="%H:%M").line("INFO", "hello", NOW) == "09:30 INFO | hello"


def test_columns_grow_with_what_comes():
    columns = layout(align=True)
    topics = ["shop.INFO", "shop.CRITICAL.orders", "shop.INFO", "INFO"]
    assert [columns.line(topic, "hello", NOW) for topic in topics] == [
        "shop.INFO | hello",
        "shop.CRITICAL.orders | hello",
        "shop.INFO            | hello",
        "INFO                 | hello",
    ]


@pytest.mark.parametrize("topic", ["ERROR", "shop.ERROR", "shop.ERROR.orders"])
def test_a_level_has_its_color_wherever_it_stands(topic):
    assert layout(color=True).line(topic, "hello", NOW) == f"\x1b[91m{topic} | hello\x1b[39m"


def test_what_is_no_level_has_none():
    assert layout(color=True).line("shop", "hello", NOW) == "shop | hello"


@pytest.fixture
def publisher():
    """An XPUB to be subscribed to, with its endpoint."""
    with Sockets() as sockets:
        yield sockets.bound(zmq.XPUB)


def test_it_prints_what_a_handler_publishes_until_it_is_interrupted(publisher):
    arguments = ["--topic", "shop", "--separator", ": ", "--color"]
    with Program(["-m", "purezmq.log", endpoint_of(publisher), *arguments]) as program:
        assert publisher.recv() == b"\1shop"
        handler = PUBHandler(publisher, root_topic="shop")
        handler.handle(record("orders::number %d", 42))
        publisher.send_multipart([b"elsewhere", b"not asked for"])
        publisher.send_multipart([b"shop.alone"])
        publisher.send_multipart([b"shop.\xff", b"not", b"a log"])
        assert [program.line() for _ in range(3)] == [
            "shop.INFO.orders: number 42",
            "shop.alone: ",
            "shop.\N{REPLACEMENT CHARACTER}: not a log",
        ]
        program.signal(signal.SIGINT)
        assert program.wait() == 0
        assert program.rest() == []


def record(text, *arguments):
    return logging.LogRecord("test", logging.INFO, __file__, 1, text, arguments, None)


def test_without_a_topic_it_shows_everything_also_the_time(publisher):
    arguments = ["--timestamp", "--dateformat", "[time]", "--align"]
    with Program(["-m", "purezmq.log", endpoint_of(publisher), *arguments]) as program:
        assert publisher.recv() == b"\1"
        publisher.send_multipart([b"INFO", b"hello\n"])
        assert program.line() == "[time] INFO | hello"


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="there are no pseudo-terminals here")
def test_a_terminal_gets_colors(publisher):
    ours, theirs = os.openpty()
    command = [sys.executable, "-m", "purezmq.log", endpoint_of(publisher), "--color"]
    with os.fdopen(ours, "rb", buffering=0) as terminal:
        process = subprocess.Popen(command, env=environment(), stdout=theirs)
        try:
            assert publisher.recv() == b"\1"
            publisher.send_multipart([b"WARNING", b"hello"])
            assert terminal.readline() == b"\x1b[33mWARNING | hello\x1b[39m\r\n"
        finally:
            process.kill()
            process.wait()
            os.close(theirs)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [(["nowhere://x"], "nowhere"), ([], "ENDPOINT"), (["tcp://127.0.0.1:9", "--loud"], "--loud")],
)
def test_a_wrong_command_line_is_refused(arguments, complaint):
    with Program(["-m", "purezmq.log", *arguments]) as program:
        assert program.wait() == 2
        assert complaint in program.rest()[-1]
