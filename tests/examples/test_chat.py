"""The chat: its server and clients of both kinds, as processes, see what its README shows."""

import re
import signal
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.helpers.endpoints import free_port
from tests.helpers.processes import ROOT, Program, environment

EXAMPLES = ROOT / "examples"
README = (EXAMPLES / "chat" / "README.md").read_text()
CLIENTS = ["blocking_client", "asyncio_client"]


class Seat:
    """A terminal with one program of the chat in it, and what is to be read there."""

    def __init__(self, *arguments: str) -> None:
        self.program = Program(["-m", *arguments], environment(EXAMPLES), cwd=Path.home())
        self.screen: list[str] = []

    def types(self, line: str) -> None:
        self.screen.append(line)
        self.program.write(line)

    def sees(self, *lines: str) -> None:
        for line in lines:
            seen = self.program.line()
            self.screen.append(seen)
            assert seen == line

    def ends(self) -> None:
        assert self.program.wait() == 0, self.program.rest()


class Chat:
    """A server, and whoever talks by it."""

    def __init__(self, stack: ExitStack) -> None:
        self.stack = stack
        self.port = str(free_port())
        self.endpoint = f"tcp://127.0.0.1:{self.port}"

    def serve(self) -> Seat:
        server = self._open("chat.server", self.endpoint)
        server.sees(f"listening at {self.endpoint}")
        return server

    def enter(self, kind: str, name: str, *here: str) -> Seat:
        client = self.knock(kind, name)
        client.sees(f"* you are in; here: {', '.join([*here, name])}")
        return client

    def knock(self, kind: str, name: str) -> Seat:
        return self._open(f"chat.{kind}", name, self.endpoint)

    def _open(self, *arguments: str) -> Seat:
        seat = Seat(*arguments)
        self.stack.enter_context(seat.program)
        return seat


@pytest.fixture
def chat() -> Iterator[Chat]:
    with ExitStack() as stack:
        yield Chat(stack)


def shown(name: str) -> list[str]:
    """What the README shows in the terminal in which this command was given."""
    (block,) = re.findall(rf"```\n\$ python -m chat\.{name}\n(.*?)```", README, re.DOTALL)
    return block.splitlines()


def news(text: str, *seats: Seat) -> None:
    for seat in seats:
        seat.sees(text)


def test_the_readme_shows_what_happens(chat):
    server = chat.serve()
    ann = chat.enter("asyncio_client", "Ann")
    server.sees("Ann has come")
    ben = chat.enter("blocking_client", "Ben", "Ann")
    news("Ben has come", server)
    news("* Ben has come", ann)
    cleo = chat.enter("asyncio_client", "Cleo", "Ann", "Ben")
    news("Cleo has come", server)
    news("* Cleo has come", ann, ben)

    ann.types("Good morning!")
    news("Ann: Good morning!", ben, cleo)
    ben.types("Who wants coffee?")
    news("Ben: Who wants coffee?", ann, cleo)
    ben.types("/dance")
    ben.sees("! not understood: DANCE")

    cleo.program.kill()
    news("Cleo is gone", server)
    news("* Cleo is gone", ann, ben)
    ann.types("/who")
    ann.sees("* here: Ann, Ben")

    ben.types("/leave")
    ben.ends()
    news("Ben has left", server)
    news("* Ben has left", ann)
    ann.types("/leave")
    ann.ends()
    news("Ann has left", server)

    assert shown("server") == [line.replace(chat.port, "5555") for line in server.screen]
    assert shown("asyncio_client Ann") == ann.screen
    assert shown("blocking_client Ben") == ben.screen


def test_who_was_there_joins_again_when_the_server_was_restarted(chat):
    server = chat.serve()
    people = [chat.enter("asyncio_client", "Ann"), chat.enter("blocking_client", "Ben", "Ann")]
    news("* Ben has come", people[0])

    server.program.kill()
    for seat in people:
        seat.sees("* the server is gone; when it is back, you will join again")
        seat.types("Hello?")
        seat.sees("! not sent: the server is not there")
        assert "\n".join(seat.screen[-3:]) in README

    server = chat.serve()
    first, second = server.program.line(), server.program.line()
    assert {first, second} == {"Ann has come", "Ben has come"}
    if first == "Ben has come":
        people.reverse()
    names = ["Ann", "Ben"] if first == "Ann has come" else ["Ben", "Ann"]
    people[0].sees(f"* you are in; here: {names[0]}", f"* {names[1]} has come")
    people[1].sees(f"* you are in; here: {', '.join(names)}")


@pytest.mark.parametrize("kind", CLIENTS)
def test_a_name_is_given_once(chat, kind):
    chat.serve()
    chat.enter("blocking_client", "Ann")
    other = chat.knock(kind, "Ann")
    assert other.program.line() == "refused: somebody else is called Ann"
    assert other.program.wait() == 1


@pytest.mark.parametrize("kind", CLIENTS)
def test_who_types_nothing_any_more_leaves(chat, kind):
    server = chat.serve()
    ann = chat.enter(kind, "Ann")
    server.sees("Ann has come")
    ann.types("that was all")
    assert ann.program.process.stdin
    ann.program.process.stdin.close()
    ann.ends()
    server.sees("Ann has left")


@pytest.mark.parametrize("kind", CLIENTS)
def test_who_is_there_before_the_server_joins_when_it_comes(chat, kind):
    ann = chat.knock(kind, "Ann")
    ann.types("too early")
    ann.sees("! not sent: the server is not there")
    chat.serve()
    ann.sees("* you are in; here: Ann")


@pytest.mark.parametrize("program", ["server", *CLIENTS])
def test_an_interrupt_ends_it_quietly(chat, program):
    server = chat.serve()
    seat = server if program == "server" else chat.enter(program, "Ann")
    seat.program.signal(signal.SIGINT)
    seat.ends()
    assert not [line for line in seat.program.rest() if "Traceback" in line or "rror" in line]
