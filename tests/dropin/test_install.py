"""`purezmq.install_as_zmq()`, in the process that calls it."""

import importlib.util
import os
import site
import sys

import pytest

import purezmq
from purezmq import dropin
from tests.helpers.processes import run_script

INSTALL = "import importlib, sys, purezmq; purezmq.install_as_zmq()\n"


def test_zmq_is_purezmq(python):
    text = """
import zmq
assert zmq is purezmq is sys.modules["zmq"] is importlib.import_module("zmq")
assert zmq.__name__ == zmq.__spec__.name == zmq.__spec__.loader.name == "purezmq"
"""
    python("-c", INSTALL + text)


@pytest.mark.parametrize(
    "statement",
    [
        "import zmq.log.handlers; module = zmq.log.handlers",
        "import zmq.log.handlers as module",
        "from zmq.log import handlers as module",
        "module = importlib.import_module('zmq.log.handlers')",
        "module = __import__('zmq.log.handlers', fromlist=['PUBHandler'])",
        "from zmq.log.handlers import PUBHandler; module = sys.modules[PUBHandler.__module__]",
    ],
)
@pytest.mark.parametrize("before", ["", "import purezmq.log.handlers"], ids=["first", "second"])
def test_what_is_below_zmq_is_what_is_below_purezmq(python, statement, before):
    text = f"""
{before}
{statement}
import purezmq.log.handlers, zmq.log.handlers
assert module is purezmq.log.handlers is sys.modules["zmq.log.handlers"] is sys.modules["purezmq.log.handlers"]
assert module.__name__ == module.__spec__.name == "purezmq.log.handlers"
assert module.__package__ == module.__spec__.parent == "purezmq.log"
"""
    python("-c", INSTALL + text)


def test_modules_can_be_reloaded(python):
    text = """
import zmq, zmq.error, zmq.log
for module in (zmq, zmq.error, zmq.log):
    assert importlib.reload(module) is module
assert sys.modules["zmq"] is sys.modules["purezmq"] is zmq
assert sys.modules["zmq.error"] is sys.modules["purezmq.error"] is zmq.error
assert zmq.Context.__module__ == "purezmq.api.context"
"""
    python("-c", INSTALL + text)


def test_a_module_that_was_forgotten_is_found_again(python):
    text = """
import zmq.log
for name in ("zmq", "zmq.log"):
    del sys.modules[name]
import zmq.log
assert zmq is purezmq and zmq.log is sys.modules["purezmq.log"]
"""
    python("-c", INSTALL + text)


def test_what_purezmq_does_not_have_is_not_there(python):
    text = """
for statement in ("import zmq.nothing", "import zmq.log.nothing as nothing"):
    try:
        exec(statement)
    except ModuleNotFoundError as error:
        print(error.name, "--", error)
try:
    from zmq import nothing
except ImportError as error:
    print(error)
"""
    first, second, third = python("-c", INSTALL + text)
    assert first == "zmq.nothing -- No module named 'zmq.nothing': zmq is purezmq here, which has no 'purezmq.nothing'"
    assert second.startswith("zmq.log.nothing -- ")
    assert "'purezmq.log.nothing'" in second
    assert "cannot import name 'nothing' from 'purezmq'" in third


def test_whether_zmq_can_be_imported_may_be_asked(python):
    text = """
from importlib.util import find_spec
import purezmq.log
print(find_spec("zmq").name, find_spec("zmq.log").origin == purezmq.log.__file__, "zmq.log" in sys.modules)
"""
    assert python("-c", INSTALL + text) == ["purezmq True False"]


def test_a_second_call_changes_nothing(python):
    text = """
import os
def state():
    return sys.path[:], sys.meta_path[:], os.environ["PYTHONPATH"], sys.modules["zmq"]
first = state()
purezmq.install_as_zmq()
assert state() == first
"""
    python("-c", INSTALL + text)


def test_the_first_entry_of_the_path_stays_the_programs_folder(python, write, tmp_path):
    script = write("program.py", f"{INSTALL}print(sys.path[0])")
    assert python(script) == [str(tmp_path)]


@pytest.mark.parametrize("imported", ["import zmq", "import zmq.part"])
def test_it_is_too_late_once_another_zmq_was_imported(python, write, imported):
    write("zmq/part.py", "")
    package = write("zmq/__init__.py", "")
    text = f"""
{imported}
import purezmq
try:
    purezmq.install_as_zmq()
except ImportError as error:
    print(error)
import zmq
print(zmq is purezmq)
"""
    complaint, still = python("-c", text)
    assert f"zmq is imported already, from {package}: call purezmq.install_as_zmq() before" in complaint
    assert "python -m purezmq run" in complaint
    assert still == "False"


def test_a_zmq_that_was_imported_in_part_is_too_much(python, write):
    part = write("zmq/part.py", "")
    write("zmq/__init__.py", "")
    text = """
import sys, zmq.part
del sys.modules["zmq"]
import purezmq
try:
    purezmq.install_as_zmq()
except ImportError as error:
    print(error)
"""
    (complaint,) = python("-c", text)
    assert f"zmq.part is imported already, from {part}" in complaint


@pytest.mark.skipif(importlib.util.find_spec("zmq") is None, reason="pyzmq is not installed")
def test_it_is_too_late_once_pyzmq_was_imported():
    text = "import zmq, purezmq\ntry: purezmq.install_as_zmq()\nexcept ImportError as error: print(error)"
    (complaint,) = run_script(text)
    assert complaint.startswith("zmq is imported already, from ")


def test_threads_that_import_at_once_get_the_same(python):
    text = """
import threading
names = ["zmq.log.handlers", "zmq.error", "purezmq.log.handlers", "zmq.ssh.tunnel"] * 10
gate, got = threading.Barrier(len(names)), []
def work(name):
    gate.wait()
    got.append((name.replace("purezmq", "zmq"), importlib.import_module(name)))
threads = [threading.Thread(target=work, args=[name]) for name in names]
for thread in threads: thread.start()
for thread in threads: thread.join()
assert len(got) == len(names)
for name, module in got:
    assert module is sys.modules[name] is sys.modules["pure" + name]
    assert module.__spec__.name == "pure" + name
"""
    python("-c", INSTALL + text)


def test_importing_purezmq_does_not_import_what_installs_it():
    text = "import sys, purezmq; print('purezmq.dropin' in sys.modules, callable(purezmq.install_as_zmq))"
    assert run_script(text) == ["False True"]


@pytest.fixture
def found_in(monkeypatch):
    """Have purezmq be in this folder, and ask for the PYTHONPATH of children."""

    def entries(folder, inherited=None):
        monkeypatch.setattr(dropin, "HOME", folder)
        if inherited is None:
            monkeypatch.delenv("PYTHONPATH", raising=False)
        else:
            monkeypatch.setenv("PYTHONPATH", os.pathsep.join(inherited))
        return dropin.python_path().split(os.pathsep)

    return entries


def test_children_look_into_the_shim_first(found_in):
    assert found_in("/src", ["/a", "/src", dropin.SHIM, "", "/b"]) == [dropin.SHIM, "/a", "/src", "", "/b"]


def test_children_are_told_where_purezmq_is(found_in):
    assert found_in("/src") == [dropin.SHIM, "/src"]
    assert found_in("/src", ["/a"]) == [dropin.SHIM, "/a", "/src"]


def test_children_find_by_themselves_what_is_installed(found_in):
    for folder in (*site.getsitepackages(), site.getusersitepackages()):
        assert found_in(folder, ["/a"]) == [dropin.SHIM, "/a"]


def test_the_shim_is_part_of_the_package():
    setuptools = pytest.importorskip("setuptools")
    source = dropin.PACKAGE.parent
    assert "purezmq._shim" in setuptools.find_packages(source)
    assert (dropin.PACKAGE / "_shim" / "zmq.py").is_file()
    assert purezmq.__file__
    assert sys.modules["purezmq.dropin"] is dropin
