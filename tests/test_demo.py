"""`python -m purezmq demo`: it ends well when all is well, and says so when not."""

import subprocess
import sys
from dataclasses import replace

import pytest

from purezmq.demo import director, program
from purezmq.demo.director import Outcome, perform
from purezmq.demo.scene import Check
from purezmq.demo.scenes import SCENES


def messages(text):
    return [message.split(":") for message in text.split()]


RIGHT = {
    "request-reply": {
        "server": messages("Ben:11 Ann:1 Ann:2 Cleo:21 Ann:3 Ann:4 Ben:12 Ben:13 Ben:14 Cleo:22 Cleo:23 Cleo:24"),
        "Ann": [["Ann", "1", "1"], ["Ann", "2", "4"], ["Ann", "3", "9"], ["Ann", "4", "16"]],
        "Ben": [["Ben", "11", "121"], ["Ben", "12", "144"], ["Ben", "13", "169"], ["Ben", "14", "196"]],
        "Cleo": [["Cleo", "21", "441"], ["Cleo", "22", "484"], ["Cleo", "23", "529"], ["Cleo", "24", "576"]],
    },
    "publish-subscribe": {
        "publisher": [["Ben"], ["Ann"]],
        "Ann": [["weather.oslo", "snow"], ["weather.rome", "sun"], ["weather.bergen", "rain"]],
        "Ben": [["sport.tennis", "6:4"], ["stocks.acme", "+3%"], ["sport.chess", "1-0"], ["stocks.acme", "+5%"]],
    },
    "pipeline": {
        "ventilator": [["Yan"], ["Wim"], ["Xia"]],
        "Wim": [[str(task)] for task in range(1, 31, 3)],
        "Xia": [[str(task)] for task in range(2, 31, 3)],
        "Yan": [[str(task)] for task in range(3, 31, 3)],
        "sink": [["any", str(task), str(task**2)] for task in range(30, 0, -1)],
    },
    "exclusive pair": {
        "White": [["e5"], ["Nc6"], ["Nf6"]],
        "Black": [["e4"], ["Bc4"], ["Qh5"], ["Qxf7#"]],
    },
}
LISTENERS = [(scene, role) for scene, received in RIGHT.items() for role in received]


def wrong_checks(scene, received):
    return [check for check in SCENES[scene].check(received) if not check.holds]


def test_the_demo_runs_every_scene_and_all_counts_are_right():
    ended = subprocess.run(
        [sys.executable, "-m", "purezmq", "demo"], capture_output=True, text=True, timeout=50, check=False
    )

    assert ended.stderr == ""
    assert ended.stdout.splitlines()[-1].startswith("all 41 counts are right")
    assert ended.returncode == 0


@pytest.mark.parametrize("scene", RIGHT)
def test_what_is_right_is_found_right(scene):
    assert wrong_checks(scene, RIGHT[scene]) == []


@pytest.mark.parametrize(("scene", "role"), LISTENERS)
def test_a_lost_message_is_noticed(scene, role):
    assert wrong_checks(scene, RIGHT[scene] | {role: RIGHT[scene][role][1:]})


@pytest.mark.parametrize(("scene", "role"), LISTENERS)
def test_a_message_that_came_twice_is_noticed(scene, role):
    received = RIGHT[scene][role]
    assert wrong_checks(scene, RIGHT[scene] | {role: [*received, received[-1]]})


def test_replies_that_went_to_the_wrong_client_are_noticed():
    received = RIGHT["request-reply"]
    wrong = wrong_checks("request-reply", received | {"Ann": received["Ben"], "Ben": received["Ann"]})
    assert [check.what for check in wrong] == ["Ann's own replies", "Ben's own replies"]


def test_an_unequal_share_is_noticed():
    received = RIGHT["pipeline"]
    unequal = received | {"Wim": received["Wim"][1:], "Xia": [*received["Xia"], received["Wim"][0]]}
    assert [check.what for check in wrong_checks("pipeline", unequal)] == ["Wim's share", "Xia's share"]


def played(monkeypatch, program_text, deadline=20.0):
    """How a scene went whose process ran this program instead."""
    monkeypatch.setattr(director, "command", lambda *_: [sys.executable, "-c", program_text])
    return perform(SCENES["exclusive pair"], "inproc", deadline)


def test_a_role_that_says_nothing_is_given_up(monkeypatch):
    outcome = played(monkeypatch, "import time; time.sleep(60)", deadline=0.1)
    assert outcome.failure == "nothing was heard in time from White, Black"


def test_a_process_that_dies_is_told_with_its_status(monkeypatch):
    outcome = played(monkeypatch, "raise SystemExit(3)")
    assert outcome.failure == "White ended before its time, exit status 3"


def test_a_process_that_fails_after_it_received_all_is_a_failure(monkeypatch):
    text = """print('{"role": "White", "received": []}', flush=True); raise SystemExit(1)"""
    assert played(monkeypatch, text).failure == "White ended before its time, exit status 1"


def test_what_a_role_complains_of_is_told(monkeypatch):
    outcome = played(monkeypatch, """print('{"role": "Black", "failed": "no board"}')""")
    assert outcome.failure == "Black: no board"


def test_a_role_whose_peer_is_missing_complains_in_time(monkeypatch):
    outcome = played(
        monkeypatch,
        "from purezmq.demo import role, stage; stage.PATIENCE = 50; "
        "role.play(role.SCENES['exclusive pair'], 'inproc', ['Black'])",
    )
    assert outcome.failure == "Black: TimeoutError: nothing came to PAIR within 50 ms"


@pytest.mark.parametrize(
    "outcome",
    [
        Outcome(failure="Ann: TimeoutError: nothing came to REQ within 5000 ms"),
        Outcome(
            where=dict.fromkeys(RIGHT["request-reply"], "process 1"), received=RIGHT["request-reply"] | {"Ann": []}
        ),
    ],
    ids=["a scene fails", "a count is wrong"],
)
def test_whatever_is_wrong_is_printed_and_is_the_exit_status(monkeypatch, capsys, outcome):
    monkeypatch.setattr(program, "SCENES", {"request-reply": replace(SCENES["request-reply"], transports=("tcp",))})
    monkeypatch.setattr(program, "perform", lambda *_: outcome)

    assert program.run() == 1
    assert "WRONG: request-reply over tcp" in capsys.readouterr().out


def test_a_wrong_count_says_what_was_expected_and_what_came():
    assert str(Check("replies", [1, 2], [1])) == "replies: 1 of 2; expected [1, 2], got [1]"


def test_the_command_line_tells_version_and_build():
    ended = subprocess.run([sys.executable, "-m", "purezmq", "--version"], capture_output=True, text=True, check=True)
    assert ended.stdout.startswith("purezmq 0.")
    assert "compiled, on " in ended.stdout


def test_a_command_that_does_not_exist_is_refused():
    ended = subprocess.run([sys.executable, "-m", "purezmq", "dance"], capture_output=True, text=True, check=False)
    assert ended.returncode == 2
    assert "invalid choice: 'dance'" in ended.stderr
