"""What holds for all tests: no thread outlives its test, and Hypothesis keeps no clock."""

import os
import threading
from collections.abc import Iterator

import pytest
from hypothesis import settings

# Examples are the same in each run of CI; elsewhere each run looks at new ones.
settings.register_profile("purezmq", deadline=None, derandomize="CI" in os.environ, print_blob=True)
settings.load_profile("purezmq")

SHARED = {"purezmq_context"}
"""Fixtures with a context for many tests, whose reactor starts in the first one and ends after the last."""


@pytest.fixture(autouse=True)
def no_thread_is_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that leaves a thread behind; one that is about to end is waited for."""
    before = set(threading.enumerate())
    yield
    if SHARED.intersection(request.fixturenames):
        return
    left = [thread for thread in threading.enumerate() if thread not in before]
    for thread in left:
        thread.join(timeout=5)
    assert not [thread.name for thread in left if thread.is_alive()]
