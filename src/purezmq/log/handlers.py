r"""Logging over a PUB socket, for Python's `logging`.

A record becomes a message of two parts. The topic is made of the root topic, the level's name and the record's own
topic, as far as there are any, joined by dots; so subscribers choose by level and by subject. The second part is the
formatted text.

    handler = PUBHandler("tcp://127.0.0.1:9020", root_topic="shop")
    logging.getLogger().addHandler(handler)
    logging.info("orders.new::number %d", 42)  # [b"shop.INFO.orders.new", b"number 42\n"]
"""

# TopicLogger's methods take a topic more than Logger's, as in pyzmq:
# mypy: disable-error-code="override,assignment"

import logging
from collections.abc import Mapping
from copy import copy
from types import TracebackType
from typing import Any, Final, TypeAlias, TypedDict, Unpack

from ..api.context import Context
from ..api.socket import Socket
from ..constants import SocketType

__all__ = ["TOPIC_DELIM", "PUBHandler", "TopicLogger"]

TOPIC_DELIM: Final = "::"
"""What stands between a record's topic and its text."""

LINGER: Final = 1000
"""Milliseconds for which `close` waits for slow subscribers: a log is no reason for a program not to end."""

PLACED: Final = "%(levelname)s %(filename)s:%(lineno)d - %(message)s"
FORMATS: Final = {
    logging.DEBUG: f"{PLACED}\n",
    logging.INFO: "%(message)s\n",
    logging.WARNING: f"{PLACED}\n",
    logging.ERROR: f"{PLACED} - %(exc_info)s\n",
    logging.CRITICAL: f"{PLACED}\n",
}
"""How each level is formatted unless `setFormatter` says otherwise."""


class PUBHandler(logging.Handler):
    """A logging handler that publishes.

    Parameters
    ----------
    interface_or_socket : str or Socket
        The endpoint to bind a new PUB socket to, or a PUB socket that is bound or connected already.
    context : Context
        The context of a new socket; None (the default) makes one, too. `close` ends what was made here, and no more.
    root_topic : str or bytes
        What all topics begin with; the default is empty: they begin with the level.

    Raises
    ------
    ZMQError
        when the endpoint cannot be bound to
    """

    ctx: Context[Any]
    """The socket's context."""
    socket: Socket[Any]
    """What publishes."""
    formatters: dict[int, logging.Formatter | None]
    """The formatter of each level; other levels are formatted by `formatter`, which begins as that of INFO."""

    def __init__(
        self,
        interface_or_socket: str | Socket[Any],
        context: Context[Any] | None = None,
        root_topic: str | bytes = "",
    ) -> None:
        super().__init__()
        self.setRootTopic(root_topic)
        self.formatters = {level: logging.Formatter(text) for level, text in FORMATS.items()}
        self.formatter = self.formatters[logging.INFO]
        self._made: Context[Any] | Socket[Any] | None = None
        if isinstance(interface_or_socket, Socket):
            self.socket = interface_or_socket
            self.ctx = self.socket.context
        else:
            self.ctx = Context() if context is None else context
            self.socket = self.ctx.socket(SocketType.PUB)
            self._made = self.ctx if context is None else self.socket
            self._bind(interface_or_socket)

    def _bind(self, endpoint: str) -> None:
        try:
            self.socket.bind(endpoint)
        except BaseException:
            self.close()
            raise

    @property
    def root_topic(self) -> str:
        """What all topics begin with. Bytes, when set, are decoded as UTF-8."""
        return self._root_topic

    @root_topic.setter
    def root_topic(self, value: str | bytes) -> None:
        self.setRootTopic(value)

    def setRootTopic(self, root_topic: str | bytes) -> None:  # noqa: N802 (logging's way of writing)
        """Set the `root_topic`."""
        self._root_topic = root_topic.decode() if isinstance(root_topic, bytes) else root_topic

    def setFormatter(self, fmt: logging.Formatter | None, level: int = logging.NOTSET) -> None:  # noqa: N802 (the same)
        """Set the formatter of a level; without a level (NOTSET, the default): that of all levels.

        None stands for logging's own format, which is the bare message.
        """
        if level == logging.NOTSET:
            super().setFormatter(fmt)
            self.formatters.update(dict.fromkeys(self.formatters, fmt))
        else:
            self.formatters[level] = fmt

    def format(self, record: logging.LogRecord) -> str:
        """Return the record's text, by its level's formatter."""
        formatter = self.formatters.get(record.levelno)
        return formatter.format(record) if formatter else super().format(record)

    def emit(self, record: logging.LogRecord) -> None:
        """Publish a record. What goes wrong is told as `logging` does it, by `handleError`."""
        try:
            topic, delimiter, text = str(record.msg).partition(TOPIC_DELIM)
            if delimiter:
                shown = copy(record)  # other handlers get this record, too
                shown.msg = text
            else:
                topic, shown = "", record
            topics = ".".join(filter(None, (self.root_topic, record.levelname, topic)))
            self.socket.send_multipart([topics.encode(errors="replace"), self.format(shown).encode()])
        except Exception:  # noqa: BLE001 (logging must not stop the program that logs)
            self.handleError(record)

    def close(self) -> None:
        """End the socket, and the context, if they were made here; wait a second at most for slow subscribers."""
        if isinstance(self._made, Context):
            self._made.destroy(LINGER)
        elif self._made is not None:
            self._made.close(LINGER)
        super().close()


ExcInfo: TypeAlias = (
    bool
    | BaseException
    | tuple[type[BaseException], BaseException, TracebackType | None]
    | tuple[None, None, None]
    | None
)


class Keywords(TypedDict, total=False):
    """What all methods of a Logger take by name."""

    exc_info: ExcInfo
    stack_info: bool
    stacklevel: int
    extra: Mapping[str, object] | None


class TopicLogger(logging.Logger):
    """A Logger whose methods take a topic before the message.

    Its records are for a PUBHandler: `logger.debug("orders.new", "number %d", 42)`.
    """

    def log(self, level: int, topic: str, msg: object, *args: object, **kwargs: Unpack[Keywords]) -> None:
        """Log at this level."""
        super().log(level, joined(topic, msg), *args, **from_caller(kwargs))

    def debug(self, topic: str, msg: object, *args: object, **kwargs: Unpack[Keywords]) -> None:
        """Log at DEBUG."""
        super().debug(joined(topic, msg), *args, **from_caller(kwargs))

    def info(self, topic: str, msg: object, *args: object, **kwargs: Unpack[Keywords]) -> None:
        """Log at INFO."""
        super().info(joined(topic, msg), *args, **from_caller(kwargs))

    def warning(self, topic: str, msg: object, *args: object, **kwargs: Unpack[Keywords]) -> None:
        """Log at WARNING."""
        super().warning(joined(topic, msg), *args, **from_caller(kwargs))

    def error(self, topic: str, msg: object, *args: object, **kwargs: Unpack[Keywords]) -> None:
        """Log at ERROR."""
        super().error(joined(topic, msg), *args, **from_caller(kwargs))

    def exception(self, topic: str, msg: object, *args: object, **kwargs: Unpack[Keywords]) -> None:
        """Log at ERROR, with the exception that is being handled."""
        kwargs.setdefault("exc_info", True)
        super().error(joined(topic, msg), *args, **from_caller(kwargs))

    def critical(self, topic: str, msg: object, *args: object, **kwargs: Unpack[Keywords]) -> None:
        """Log at CRITICAL."""
        super().critical(joined(topic, msg), *args, **from_caller(kwargs))

    warn = warning
    fatal = critical


def joined(topic: str, msg: object) -> str:
    """A record's message that carries its topic."""
    return f"{topic}{TOPIC_DELIM}{msg}"


def from_caller(keywords: Keywords) -> Keywords:
    """The same keywords, for a record that names the caller's place in the source, and not this module's."""
    return {**keywords, "stacklevel": keywords.get("stacklevel", 1) + 1}
