"""`python -m purezmq COMMAND`: what purezmq does from the command line."""

import argparse
import sys

from . import dropin
from ._build import about
from .demo import program


def demo(_arguments: argparse.Namespace) -> int:
    """Show the patterns at work."""
    return program.run()


def names_a_program(arguments: list[str]) -> bool:
    """Whether this is what Python takes for a program and its arguments."""
    return bool(arguments) and (arguments[0][:1] != "-" or arguments[0][:2] in {"-m", "-c"})


def main() -> int:
    """Run the command that is named, and return its exit status."""
    if sys.argv[1:2] == ["run"] and names_a_program(sys.argv[2:]):
        return dropin.python(*sys.argv[2:])  # what follows is the program's business
    parser = argparse.ArgumentParser(prog="python -m purezmq", description="ZeroMQ in pure Python.")
    parser.add_argument("--version", action="version", version=about())
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    demo_parser = commands.add_parser(
        "demo", help="show the patterns at work between processes, and count what arrives"
    )
    demo_parser.set_defaults(run=demo)
    commands.add_parser(
        "run",
        usage="python -m purezmq run SCRIPT|-m MODULE|-c CODE [ARGUMENT ...]",
        help="run a program that imports zmq, with purezmq in its place",
        description="Run a program that imports zmq, with purezmq in its place, also in the Python processes that it "
        "starts. All else is as without `-m purezmq run`; options of Python stand before that.",
    ).add_argument("SCRIPT|-m MODULE|-c CODE", help="the program, as on Python's command line; its arguments follow")
    arguments = parser.parse_args()
    status: int = arguments.run(arguments)
    return status


if __name__ == "__main__":
    sys.exit(main())
