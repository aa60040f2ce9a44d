"""The defaults that a new socket and a new context have."""

import pytest

from purezmq.engine.options import ContextOptions, SocketOptions


def test_a_new_socket_waits_and_lingers_for_ever():
    options = SocketOptions()
    assert (options.sndtimeo, options.rcvtimeo, options.linger) == (None, None, None)


def test_durations_are_seconds():
    options = SocketOptions()
    assert (options.reconnect_ivl, options.handshake_ivl, options.recovery_ivl) == (0.1, 30.0, 10.0)


@pytest.mark.parametrize("kind", [SocketOptions, ContextOptions])
def test_defaults_cannot_be_changed_by_accident(kind):
    assert all(hash(value) is not None for value in kind.defaults.values())


@pytest.mark.parametrize("kind", [SocketOptions, ContextOptions])
def test_a_misspelt_option_is_an_error(kind):
    with pytest.raises(AttributeError):
        kind().lingr = 0.0


def test_a_snapshot_does_not_see_later_changes():
    options = SocketOptions(linger=1.0, ipc_filter_uid=frozenset({1}))
    snapshot = options.snapshot()
    assert all(getattr(snapshot, name) == getattr(options, name) for name in SocketOptions.defaults)
    options.linger = 2.0
    options.ipc_filter_uid |= {2}
    assert (snapshot.linger, snapshot.ipc_filter_uid) == (1.0, frozenset({1}))
