import inspect
import logging
import logging.config
import sys

import pytest

from tests.helpers.endpoints import free_port
from tests.helpers.processes import run_script

NAME = __file__.rpartition("/")[2]


def line_before():
    return sys._getframe(1).f_lineno - 1


def test_the_level_is_the_topic(logger, received):
    logger.info("hello")
    assert received() == ("INFO", "hello\n")


def test_the_root_topic_comes_first_and_the_records_own_topic_last(logger, handler, received):
    handler.root_topic = "shop"
    logger.info("orders.new::number %d", 42)
    assert received() == ("shop.INFO.orders.new", "number 42\n")


def test_only_the_first_delimiter_parts(logger, received):
    logger.info("a::b::c")
    assert received() == ("INFO.a", "b::c\n")


def test_an_empty_topic_is_none(logger, received):
    logger.info("::text")
    assert received() == ("INFO", "text\n")


@pytest.mark.parametrize("root", ["røt", "røt".encode()])
def test_the_root_topic_may_be_bytes(handler, root):
    handler.root_topic = root
    assert handler.root_topic == "røt"
    handler.setRootTopic("other")
    assert handler.root_topic == "other"


def test_the_root_topic_is_an_argument_too(handlers, publisher):
    assert handlers.PUBHandler(publisher, root_topic="shop").root_topic == "shop"


def test_texts_and_topics_are_utf_8(logger, received):
    logger.info("tøpic::héllo")
    assert received() == ("INFO.tøpic", "héllo\n")


def test_messages_may_be_objects(logger, received):
    class Order:
        def __str__(self):
            return "orders::new"

    logger.info(Order())
    assert received() == ("INFO.orders", "new\n")


def test_each_level_has_its_format(logger, received):
    logger.debug("d")
    line = line_before()
    logger.info("i")
    logger.warning("w")
    logger.error("e")
    logger.critical("c")
    assert [received() for _ in range(5)] == [
        ("DEBUG", f"DEBUG {NAME}:{line} - d\n"),
        ("INFO", "i\n"),
        ("WARNING", f"WARNING {NAME}:{line + 3} - w\n"),
        ("ERROR", f"ERROR {NAME}:{line + 4} - e - None\n"),
        ("CRITICAL", f"CRITICAL {NAME}:{line + 5} - c\n"),
    ]


def test_a_formatter_is_for_all_levels(logger, handler, received):
    handler.setFormatter(logging.Formatter("<%(message)s>"))
    logger.debug("d")
    logger.error("e")
    assert [received()[1], received()[1]] == ["<d>", "<e>"]


def test_or_for_one(logger, handler, received):
    handler.setFormatter(logging.Formatter("<%(message)s>"), logging.DEBUG)
    logger.debug("d")
    logger.info("i")
    assert [received()[1], received()[1]] == ["<d>", "i\n"]


def test_formatters_can_be_put_in_their_place(logger, handler, received):
    handler.formatters[logging.INFO] = logging.Formatter("<%(message)s>")
    logger.info("i")
    assert received()[1] == "<i>"


def test_a_level_of_the_programs_own_can_have_a_formatter(logger, handler, received):
    handler.setFormatter(logging.Formatter("<%(message)s>"), 25)
    logger.log(25, "notice")
    assert received() == ("Level 25", "<notice>")


def test_or_has_that_of_info(ours, logger, received):
    logger.log(25, "notice")
    assert received() == ("Level 25", "notice\n")


def test_no_formatter_means_the_bare_message(ours, logger, handler, received):
    handler.setFormatter(None)
    logger.info("i")
    logger.log(25, "notice")
    assert [received()[1], received()[1]] == ["i", "notice"]


def test_other_handlers_get_the_record_as_it_was(logger, received):
    records = []
    other = logging.Handler()
    other.emit = records.append
    logger.addHandler(other)

    logger.info("orders::new")

    assert received() == ("INFO.orders", "new\n")
    assert records[0].msg == "orders::new"


def test_what_cannot_be_formatted_is_reported_and_does_no_harm(logger, handler, received, monkeypatch, capsys):
    monkeypatch.setattr(logging, "raiseExceptions", True)
    logger.info("%d", "not a number")
    logger.info("next")
    assert received() == ("INFO", "next\n")
    assert "--- Logging error ---" in capsys.readouterr().err


def test_a_closed_socket_does_not_stop_the_program_that_logs(ours, logger, publisher, capsys):
    publisher.close()
    logger.info("lost")
    assert "ZMQError" in capsys.readouterr().err


def test_a_socket_that_is_handed_over_stays_open(handler, publisher, context):
    assert handler.socket is publisher
    assert handler.ctx is context
    handler.close()
    assert not publisher.closed


def test_an_endpoint_is_bound_in_the_given_context(module, handlers, context, subscriber, received):
    handler = handlers.PUBHandler("inproc://log", context)
    assert handler.ctx is context
    assert handler.socket.type == module.PUB
    assert handler.socket.last_endpoint == b"inproc://log"
    handler.socket.close()


def test_what_the_handler_made_ends_with_it(ours, handlers, context):
    in_given = handlers.PUBHandler("inproc://log", context)
    in_its_own = handlers.PUBHandler("inproc://log")
    assert in_its_own.ctx is not context

    in_given.close()
    in_its_own.close()

    assert in_given.socket.closed
    assert not context.closed
    assert in_its_own.socket.closed
    assert in_its_own.ctx.closed


def test_a_handler_that_cannot_bind_leaves_nothing_open(ours, handlers, context):
    first = handlers.PUBHandler("inproc://log", context)
    with pytest.raises(ours.ZMQError, match="inproc://log"):
        handlers.PUBHandler("inproc://log", context)
    with pytest.raises(ours.ZMQError, match="nowhere"):
        handlers.PUBHandler("nowhere://log")
    first.close()


def test_it_can_be_configured_by_a_dictionary(module, handlers, publisher, received):
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"short": {"format": "<%(message)s>"}},
            "handlers": {
                "zmq": {
                    "class": f"{module.__name__}.log.handlers.PUBHandler",
                    "interface_or_socket": publisher,
                    "root_topic": "shop",
                    "formatter": "short",
                }
            },
            "loggers": {"configured": {"level": "DEBUG", "handlers": ["zmq"], "propagate": False}},
        }
    )
    logger = logging.getLogger("configured")
    logger.debug("d")
    assert received() == ("shop.DEBUG", "<d>")
    logger.removeHandler(logger.handlers[0])


@pytest.fixture
def topic_logger(handlers, handler):
    logger = handlers.TopicLogger("with topics")
    logger.addHandler(handler)
    yield logger
    logger.removeHandler(handler)


def test_log_takes_a_topic(topic_logger, received):
    topic_logger.log(logging.INFO, "orders.new", "number %d", 42)
    assert received() == ("INFO.orders.new", "number 42\n")


@pytest.mark.parametrize(
    ("method", "level"),
    [
        ("debug", "DEBUG"),
        ("info", "INFO"),
        ("warn", "WARNING"),
        ("warning", "WARNING"),
        ("error", "ERROR"),
        ("critical", "CRITICAL"),
        ("fatal", "CRITICAL"),
    ],
)
def test_each_method_takes_a_topic_and_logs_at_its_level(ours, topic_logger, received, method, level):
    topic_logger.handlers[0].setFormatter(logging.Formatter("%(filename)s:%(lineno)d %(message)s"))
    getattr(topic_logger, method)("orders", "number %d", 42)
    assert received() == (f"{level}.orders", f"{NAME}:{line_before()} number 42")


def test_exception_logs_at_error_what_was_raised(ours, topic_logger, received):
    log = topic_logger.exception
    try:
        {}["on purpose"]
    except KeyError:
        log("orders", "failed")
    topic, text = received()
    assert topic == "ERROR.orders"
    assert "failed" in text
    assert text.endswith("KeyError: 'on purpose'")


@pytest.mark.parametrize("name", ["log", "debug", "info", "warn", "warning", "error", "exception", "critical", "fatal"])
def test_the_methods_have_pyzmqs_parameters(ours, handlers, name):
    first = ["self", "level"] if name == "log" else ["self"]
    signature = inspect.signature(getattr(handlers.TopicLogger, name))
    assert list(signature.parameters) == [*first, "topic", "msg", "args", "kwargs"]


def test_the_delimiter(handlers):
    assert handlers.TOPIC_DELIM == "::"


FORGETFUL = """
import logging, sys
from purezmq.log.handlers import PUBHandler
logging.getLogger().addHandler(PUBHandler(sys.argv[1]))
logging.warning("nobody listens")
print("logged")
"""


def test_a_program_that_logs_ends_without_being_told_to(ours):
    assert run_script(FORGETFUL, f"tcp://127.0.0.1:{free_port()}") == ["logged"]
