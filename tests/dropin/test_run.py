"""`python -m purezmq run`: as Python itself would run the program, but for what `import zmq` gives."""

import multiprocessing
import os
import signal
import subprocess
import sys

import pytest

from tests.helpers.processes import SOURCE, Program, environment

TELL = """
import sys
main = sys.modules["__main__"]
spec = main.__spec__ and (main.__spec__.name, main.__spec__.origin)
print(sys.argv, sys.path[0], __name__, __file__, spec, main.__dict__ is globals(), sorted(globals()), flush=True)
"""
PROGRAMS = {
    "all is told": TELL,
    "exit status": "raise SystemExit(7)",
    "exit with a text": "import sys; sys.exit('no good')",
    "exit without a status": "import sys; sys.exit()",
    "an error": "def fail():\n    raise KeyError('on purpose')\nfail()",
    "an error of syntax": "def fail(:\n    pass",
    "the end by a signal": "import os, signal\nos.kill(os.getpid(), signal.SIGTERM)",
    "an interrupt": "import signal\nsignal.raise_signal(signal.SIGINT)",
    "at exit": "import atexit\natexit.register(print, 'bye')\nprint('hello')",
    "a thread that goes on": "import threading, time\nthreading.Timer(0.1, lambda: print(len(globals()) > 5)).start()",
    "input": "print(input())",
}


def ended(*arguments, cwd):
    """How a Python ended: status, output, complaints."""
    done = subprocess.run(
        [sys.executable, *arguments],
        input="typed\n",
        capture_output=True,
        text=True,
        env=environment(),
        cwd=cwd,
        timeout=30,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("text", PROGRAMS.values(), ids=PROGRAMS)
def test_a_script_runs_as_python_runs_it(write, tmp_path, text):
    write("folder/program.py", text)
    command = ["folder/program.py", "a", "--help", "--", "-m", "-h"]
    assert ended("-m", "purezmq", "run", *command, cwd=tmp_path) == ended(*command, cwd=tmp_path)


@pytest.mark.parametrize("text", PROGRAMS.values(), ids=PROGRAMS)
def test_a_module_runs_as_python_runs_it(write, tmp_path, text):
    write("folder/__init__.py", "")
    write("folder/program.py", text)
    command = ["-m", "folder.program", "a", "--help", "--", "-m", "-h"]
    assert ended("-m", "purezmq", "run", *command, cwd=tmp_path) == ended(*command, cwd=tmp_path)


@pytest.mark.parametrize(
    "command",
    [
        ["folder"],
        ["-m", "folder"],
        ["-c", TELL.replace("__file__", "0"), "a", "-b"],
        ["missing.py"],
        ["-m", "missing"],
        ["-m", "folder.missing"],
        ["-m", "folder.program"],
        ["-m"],
        ["-c"],
    ],
    ids=" ".join,
)
def test_so_does_whatever_else_python_can_run_or_cannot(write, tmp_path, command):
    write("folder/__init__.py", "")
    write("folder/__main__.py", TELL)
    assert ended("-m", "purezmq", "run", *command, cwd=tmp_path) == ended(*command, cwd=tmp_path)


@pytest.mark.parametrize(
    ("options", "flags"),
    [
        (["-O", "-X", "dev", "-m", "purezmq"], "1 True False"),
        (["-uXutf8", "-m", "purezmq"], "0 False True"),
        (["-Om", "purezmq"], "1 False False"),
        (["-OOmpurezmq"], "2 False False"),
    ],
)
def test_options_of_python_are_kept(tmp_path, options, flags):
    code = "import sys; print(sys.flags.optimize, sys.flags.dev_mode, bool(sys.flags.utf8_mode))"
    env = {name: value for name, value in environment().items() if name != "PYTHONUTF8"}
    with Program([*options, "run", "-c", code], env=env, cwd=tmp_path) as program:
        assert program.wait() == 0
        assert program.rest() == [flags]


def test_the_program_has_purezmq_for_zmq(python, write):
    text = "import zmq, zmq.log.handlers as module\nimport sys\nprint(zmq is sys.modules['purezmq'], module.__name__)"
    assert python("-m", "purezmq", "run", write("program.py", text)) == ["True purezmq.log.handlers"]


def test_modules_of_pyzmqs_can_be_run(python):
    assert python("-m", "purezmq", "run", "-m", "zmq.log", "-h")[0].startswith("usage: python -m purezmq.log")


SPAWNS = """
import multiprocessing, sys, zmq

def square(number):
    assert zmq is sys.modules["purezmq"]
    return number**2

if __name__ == "__main__":
    for method in multiprocessing.get_all_start_methods():
        with multiprocessing.get_context(method).Pool(2) as pool:
            print(method, pool.map(square, range(3)))
"""


@pytest.mark.parametrize("command", [["program.py"], ["-m", "program"]], ids=" ".join)
def test_the_programs_own_processes_have_it_too(python, write, command):
    write("program.py", SPAWNS)
    lines = python("-m", "purezmq", "run", *command)
    assert lines == [f"{method} [0, 1, 4]" for method in multiprocessing.get_all_start_methods()]


MESSAGES = """
import sys, zmq
from multiprocessing import get_context

def worker(endpoint):
    with zmq.Context() as context, context.socket(zmq.REP) as socket:
        socket.connect(endpoint)
        socket.send_string(socket.recv_string().upper())

if __name__ == "__main__":
    with zmq.Context() as context, context.socket(zmq.REQ) as socket:
        socket.rcvtimeo = 10_000
        socket.bind("tcp://127.0.0.1:*")
        process = get_context("spawn").Process(target=worker, args=[socket.last_endpoint])
        process.start()
        socket.send_string("hello")
        print(socket.recv_string())
        process.join()
"""


def test_and_messages_go_between_them(python, write):
    assert python("-m", "purezmq", "run", write("program.py", MESSAGES)) == ["HELLO"]


@pytest.mark.skipif(sys.platform == "win32", reason="there a process cannot be taken over")
def test_it_is_one_process(write, tmp_path):
    write("program.py", "import os, time\nprint(os.getpid(), flush=True)\ntime.sleep(60)")
    with Program(["-m", "purezmq", "run", "program.py"], cwd=tmp_path) as program:
        assert program.line() == str(program.pid)
        program.signal(signal.SIGTERM)
        assert program.wait() == -signal.SIGTERM


def test_a_program_has_to_be_named(tmp_path):
    for arguments in ([], ["-x"], ["--verbose", "program.py"]):
        status, _, complaint = ended("-m", "purezmq", "run", *arguments, cwd=tmp_path)
        assert status == 2
        assert complaint.startswith("usage: python -m purezmq")


def test_help_tells_how(tmp_path):
    for flag in ("-h", "--help"):
        status, text, _ = ended("-m", "purezmq", "run", flag, cwd=tmp_path)
        assert status == 0
        assert "run SCRIPT|-m MODULE" in text
    assert " run " in ended("-m", "purezmq", "-h", cwd=tmp_path)[1]


def test_a_python_that_ignores_its_environment_is_refused(tmp_path):
    code = f"import sys, runpy; sys.path.insert(0, {str(SOURCE)!r}); from purezmq import dropin; dropin.python('x.py')"
    status, _, complaint = ended("-I", "-c", code, cwd=tmp_path)
    assert status == 1
    assert "PYTHONPATH" in complaint
    assert os.linesep not in complaint.strip()
