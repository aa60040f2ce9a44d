"""The children of a program that has called `install_as_zmq`, and theirs."""

import multiprocessing
import os
from pathlib import Path

import pytest

from purezmq import dropin
from tests.helpers.processes import SOURCE, environment

STARTS = [method for method in ("fork", "spawn", "forkserver") if method in multiprocessing.get_all_start_methods()]

TELL = r"""
import sys, zmq, zmq.log.handlers
assert zmq is sys.modules["purezmq"], zmq
assert zmq.log.handlers is sys.modules["purezmq.log.handlers"]
sys.stdout.write(f"child has {zmq.__name__}\n")
sys.stdout.flush()
"""

PARENT = """
import purezmq
if __name__ == "__main__":
    purezmq.install_as_zmq()
import multiprocessing, subprocess, sys

def ask():
    exec({tell!r})

if __name__ == "__main__":
    {body}
"""


def parent(body):
    return PARENT.format(tell=TELL, body=body.replace("\n", "\n    "))


@pytest.mark.parametrize("method", STARTS)
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_children_of_multiprocessing(python, write, method):
    body = f"""
context = multiprocessing.get_context({method!r})
child = context.Process(target=ask)
child.start()
child.join()
sys.exit(child.exitcode)
"""
    assert python(write("program.py", parent(body))) == ["child has purezmq"]


@pytest.mark.parametrize("method", STARTS)
def test_a_pool_of_them(python, write, method):
    body = f"""
from concurrent.futures import ProcessPoolExecutor
with ProcessPoolExecutor(2, multiprocessing.get_context({method!r})) as pool:
    for future in [pool.submit(ask) for _ in range(4)]:
        future.result()
"""
    assert python(write("program.py", parent(body))) == ["child has purezmq"] * 4


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are not forked here")
def test_a_forked_child(python, write):
    body = """
import os
if os.fork() == 0:
    ask()
    os._exit(0)
sys.exit(os.waitstatus_to_exitcode(os.wait()[1]))
"""
    assert python(write("program.py", parent(body))) == ["child has purezmq"]


@pytest.mark.parametrize("command", [["other.py"], ["-m", "other"], ["-c", TELL]], ids=["script", "module", "text"])
def test_another_python(python, write, command):
    write("other.py", TELL)
    body = f"subprocess.run([sys.executable, *{command!r}], check=True)"
    assert python(write("program.py", parent(body))) == ["child has purezmq"]


def test_a_module_of_pyzmqs_run_by_another_python(python, write):
    body = "subprocess.run([sys.executable, '-m', 'zmq.log', '--help'], check=True)"
    assert python(write("program.py", parent(body)))[0].startswith("usage: python -m purezmq.log")


def test_a_child_of_a_child(python, write):
    write("grandchild.py", TELL)
    write("child.py", "import subprocess, sys\nsubprocess.run([sys.executable, 'grandchild.py'], check=True)")
    body = "subprocess.run([sys.executable, 'child.py'], check=True)"
    assert python(write("program.py", parent(body))) == ["child has purezmq"]


@pytest.mark.parametrize("method", [method for method in STARTS if method != "fork"])
def test_a_child_that_got_purezmq_by_its_parents_own_means(python, write, tmp_path, method):
    """The parent found purezmq by a change of `sys.path`; its folder is not the child's."""
    write("other.py", f"{TELL}import purezmq")
    (tmp_path / "elsewhere").mkdir()
    body = f"""
child = multiprocessing.get_context({method!r}).Process(target=ask)
child.start()
child.join()
assert child.exitcode == 0
subprocess.run([sys.executable, "-S", {str(tmp_path / "other.py")!r}], check=True, cwd="elsewhere")
"""
    found = f"import sys; sys.path.append({str(SOURCE)!r})\n"
    script = write("program.py", found + parent(body))
    assert python(script, PYTHONPATH=str(tmp_path / "decoy")) == ["child has purezmq"] * 2


def test_a_child_that_knows_the_shim_only(python, write):
    """A Python that has no purezmq of its own."""
    assert python("-S", write("other.py", TELL), PYTHONPATH=dropin.SHIM) == ["child has purezmq"]


def test_a_child_whose_threads_import_at_once(python, write):
    text = """
import threading
gate, got = threading.Barrier(20), []
def work():
    gate.wait()
    import zmq
    from zmq import Context
    got.append((zmq.PUSH, Context))
threads = [threading.Thread(target=work) for _ in range(20)]
for thread in threads: thread.start()
for thread in threads: thread.join()
import zmq, purezmq
assert zmq is purezmq
assert got == [(purezmq.PUSH, purezmq.Context)] * 20
"""
    for _ in range(5):
        python(write("other.py", text), PYTHONPATH=os.pathsep.join([dropin.SHIM, str(SOURCE)]))


def test_the_shim_is_in_the_source_tree_and_nowhere_else():
    assert dropin.SHIM not in environment()["PYTHONPATH"].split(os.pathsep)
    assert Path(dropin.SHIM).is_dir()
