"""`python -m purezmq.log ENDPOINT`: print what a PUBHandler publishes, line by line, until Ctrl-C."""

import argparse
import sys
from datetime import datetime

from .. import Context, SocketType, ZMQError

COLORS = {"DEBUG": 96, "INFO": 97, "WARNING": 33, "ERROR": 91, "CRITICAL": 91}
"""ANSI's number of each level's colour; RESET goes back to the terminal's own."""
RESET = 39


class Layout:
    """How a message becomes a line.

    Parameters
    ----------
    separator : str
        What stands between topic and text.
    time_format : str
        For `strftime`: each line begins with the time; empty for no time.
    align : bool
        Whether the parts of the topics stand in columns, which grow with what comes.
    color : bool
        Whether levels have colours.
    """

    def __init__(self, separator: str, time_format: str, *, align: bool, color: bool) -> None:
        self._separator = separator
        self._time_format = time_format
        self._align = align
        self._color = color
        self._widths: list[int] = []

    def line(self, topic: str, text: str, now: datetime) -> str:
        """Return the line for a message that came at this time."""
        parts = topic.split(".")
        shown = self._in_columns(parts) if self._align else topic
        line = self._in_color(parts, f"{shown}{self._separator}{text}")
        return f"{now.strftime(self._time_format)} {line}" if self._time_format else line

    def _in_columns(self, parts: list[str]) -> str:
        self._widths += [0] * (len(parts) - len(self._widths))
        for column, part in enumerate(parts):
            self._widths[column] = max(self._widths[column], len(part))
        columns = ".".join(part.ljust(width) for part, width in zip(parts, self._widths, strict=False))
        return columns.ljust(sum(self._widths) + len(self._widths) - 1)

    def _in_color(self, parts: list[str], line: str) -> str:
        level = next((part for part in parts if part in COLORS), None)
        if not self._color or level is None:
            return line
        return f"\x1b[{COLORS[level]}m{line}\x1b[{RESET}m"


def parse() -> tuple[argparse.ArgumentParser, argparse.Namespace]:
    """Read the command line; the parser is for complaints about it."""
    parser = argparse.ArgumentParser(
        prog="python -m purezmq.log", description="Print what a purezmq.log.handlers.PUBHandler publishes."
    )
    add = parser.add_argument
    add("zmq_pub_url", metavar="ENDPOINT", help="where the handler is bound, e.g. tcp://127.0.0.1:9020")
    add("-t", "--topic", default="", help="show only messages whose topic begins with this, e.g. shop.ERROR")
    add("--timestamp", action="store_true", help="begin each line with the local time")
    add("--dateformat", default="%Y-%d-%m %H:%M", help="the time's format, for strftime (default: %(default)s)")
    add("--separator", default=" | ", help="what stands between topic and message (default: '%(default)s')")
    add("--align", action="store_true", help="print the parts of the topics in columns")
    add("--color", action="store_true", help="color the lines by their level, on a terminal")
    return parser, parser.parse_args()


def watch(endpoint: str, topic: str, layout: Layout) -> None:
    """Print what comes from this endpoint, for ever. Raises ZMQError when it is no endpoint."""
    with Context() as context, context.socket(SocketType.SUB) as socket:
        socket.subscribe(topic)
        socket.connect(endpoint)
        while True:
            came_as, *rest = (part.decode(errors="replace").strip() for part in socket.recv_multipart())
            print(layout.line(came_as, " ".join(rest), datetime.now().astimezone()), flush=True)


def main() -> None:
    """Run the command line."""
    parser, options = parse()
    layout = Layout(
        options.separator,
        options.dateformat if options.timestamp else "",
        align=options.align,
        color=options.color and sys.stdout.isatty(),
    )
    try:
        watch(options.zmq_pub_url, options.topic, layout)
    except ZMQError as error:
        parser.error(str(error))
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
