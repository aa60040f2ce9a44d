"""`python -m purezmq COMMAND`: what purezmq does from the command line."""

import argparse
import sys

from ._build import about
from .demo import program


def demo(_arguments: argparse.Namespace) -> int:
    """Show the patterns at work."""
    return program.run()


def main() -> int:
    """Run the command that is named, and return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m purezmq", description="ZeroMQ in pure Python.")
    parser.add_argument("--version", action="version", version=about())
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    demo_parser = commands.add_parser(
        "demo", help="show the patterns at work between processes, and count what arrives"
    )
    demo_parser.set_defaults(run=demo)
    arguments = parser.parse_args()
    status: int = arguments.run(arguments)
    return status


if __name__ == "__main__":
    sys.exit(main())
