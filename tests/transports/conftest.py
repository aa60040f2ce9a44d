import contextlib
import tempfile

import pytest


@pytest.fixture
def keep():
    """Close what it is given when the test is over, and hand it back at once."""
    with contextlib.ExitStack() as stack:
        yield lambda closable: stack.enter_context(contextlib.closing(closable))


@pytest.fixture
def directory():
    """A directory whose name is short enough for a Unix socket."""
    with tempfile.TemporaryDirectory(prefix="zmq") as path:
        yield path
