"""The paths by which programs import what is in the package itself."""

import importlib
import pickle
from pathlib import Path

import pytest

import purezmq
from tests.helpers.processes import run_script

SUGAR = {
    "attrsettr": ["AttributeSetter"],
    "context": ["Context", "SyncContext"],
    "frame": ["Frame", "Message"],
    "poll": ["Poller", "select"],
    "socket": ["Socket", "SyncSocket", "DEFAULT_PROTOCOL"],
    "stopwatch": ["Stopwatch"],
    "tracker": ["MessageTracker", "_FINISHED_TRACKER"],
    "version": ["zmq_version", "zmq_version_info", "pyzmq_version", "__version__", "VERSION_MAJOR", "version_info"],
}


@pytest.fixture(params=["purezmq", "zmq"])
def zmq(request):
    return pytest.importorskip(request.param)


@pytest.mark.parametrize(("name", "names"), SUGAR.items())
def test_each_module_of_sugar_has_its_names(zmq, name, names):
    module = importlib.import_module(f"{zmq.__name__}.sugar.{name}")
    assert getattr(zmq.sugar, name) is module
    for each in names:
        assert hasattr(module, each)
        if hasattr(zmq, each):
            assert getattr(module, each) is getattr(zmq, each)


@pytest.mark.parametrize("package", ["sugar", "backend"])
def test_what_is_public_there_is_public_here(zmq, package):
    module = getattr(zmq, package)
    for name in module.__all__:
        assert hasattr(module, name)


def test_the_names_are_the_packages_own():
    packages = [purezmq.sugar, purezmq.backend]
    here = [(module, name) for module in packages for name in module.__all__ if hasattr(purezmq, name)]
    assert len(here) > 40
    assert all(getattr(module, name) is getattr(purezmq, name) for module, name in here)


@pytest.mark.parametrize("package", ["sugar", "backend"])
def test_pyzmqs_public_names_are_there(package):
    theirs = pytest.importorskip("zmq")
    assert set(getattr(theirs, package).__all__) <= set(getattr(purezmq, package).__all__)


def test_a_version_is_three_numbers_and_nothing_more(zmq):
    version = zmq.sugar.version
    assert version.version_info == (version.VERSION_MAJOR, version.VERSION_MINOR, version.VERSION_PATCH)
    assert version.VERSION_EXTRA == ""
    assert version.version_info == zmq.pyzmq_version_info()


def test_objects_are_pickled_by_the_default_protocol(zmq):
    assert zmq.sugar.socket.DEFAULT_PROTOCOL == pickle.DEFAULT_PROTOCOL


def test_attributes_can_be_options_of_a_class_of_ones_own(zmq):
    class Options(zmq.sugar.attrsettr.AttributeSetter):
        defined = 1

        def __init__(self):
            self.__dict__["held"] = {}

        def get(self, option):
            return self.held[option]

        def set(self, option, value):
            self.held[option] = value

    options = Options()
    options.linger = 5
    options.defined = 2
    assert options.held == {zmq.LINGER: 5}
    assert (options.LINGER, options.defined) == (5, 2)
    with pytest.raises(AttributeError, match="NONSENSE"):
        options.nonsense = 1
    with pytest.raises(AttributeError, match="NONSENSE"):
        _ = options.nonsense


def test_such_a_class_has_to_say_what_its_options_are(zmq):
    options = zmq.sugar.attrsettr.AttributeSetter()
    with pytest.raises(NotImplementedError):
        options.linger = 1
    with pytest.raises(NotImplementedError):
        _ = options.linger


def test_a_backend_is_chosen_by_the_name_of_its_module(zmq):
    own = {"purezmq": "purezmq.backend", "zmq": "zmq.backend.cython"}[zmq.__name__]
    names = zmq.backend.select.select_backend(own)
    assert names.keys() == {*zmq.backend.select.public_api, "monitored_queue"}
    assert names["zmq_poll"] is zmq.zmq_poll
    with pytest.raises(ImportError):
        zmq.backend.select.select_backend("there_is_no_such_module")


def test_packages_that_pyzmq_imports_are_there_when_they_are_asked_for(zmq):
    text = (
        f"import {zmq.__name__} as zmq\n"
        "print(zmq.utils.jsonapi.loads(b'1'), zmq.utils.interop.cast_int_addr(2), zmq.backend.has('draft'))\n"
        "print(zmq.sugar.context.Context is zmq.Context, hasattr(zmq, 'devices'), hasattr(zmq, 'decorators'))\n"
    )
    assert run_script(text) == ["1 2 False", "True False False"]


def test_they_cost_nothing_until_then():
    loaded = run_script("import purezmq, sys\nprint(*(name for name in sys.modules if name.startswith('purezmq.')))")[0]
    assert not {name.split(".")[1] for name in loaded.split()} & {"backend", "decorators", "devices", "sugar", "utils"}


def test_an_unknown_name_is_an_attribute_error(zmq):
    with pytest.raises(AttributeError, match=f"module '{zmq.__name__}' has no attribute 'nonsense'"):
        _ = zmq.nonsense


def test_folders_are_told_to_whoever_compiles_against_the_package(zmq):
    package = Path(zmq.__file__).parent
    includes = [Path(folder) for folder in zmq.get_includes()]
    assert includes == [package.parent, package / "utils"]
    assert zmq.get_library_dirs() == [str(package)]
