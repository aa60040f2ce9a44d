import errno
import os
import socket
import stat
import tempfile
from pathlib import Path

import pytest

from purezmq.engine.options import SocketOptions
from purezmq.transports import base, credentials, ipc
from purezmq.transports.base import AddressError, PeerRefused
from purezmq.transports.credentials import Credentials
from tests.transports.helpers import (
    accepted,
    code_of,
    connected,
    dial,
    needs_linux,
    read,
    rest_of,
    wait_readable,
)

LONGEST = base.MAX_IPC_PATH
STRANGER = 987_654


def is_socket(path):
    return stat.S_ISSOCK(os.stat(path).st_mode)  # noqa: PTH116


@pytest.fixture
def path(directory):
    return f"{directory}/socket"


# paths


def test_a_path_is_the_endpoint_as_it_was_given(path, keep):
    assert keep(ipc.listen(path, SocketOptions())).endpoint == f"ipc://{path}"
    assert is_socket(path)


def test_a_path_may_be_relative(directory, monkeypatch, keep):
    monkeypatch.chdir(directory)
    listener = keep(ipc.listen("here", SocketOptions()))
    assert listener.endpoint == "ipc://here"
    keep(connected("ipc", f"{directory}/here"))


def test_a_path_may_have_octets_that_are_no_text(directory, keep):
    path = os.fsdecode(os.fsencode(directory) + b"/\xff")
    keep(ipc.listen(path, SocketOptions()))
    keep(connected("ipc", path))


def test_the_file_stays_at_close(path):
    ipc.listen(path, SocketOptions()).close()
    assert is_socket(path)


def test_binding_replaces_what_stands_there(path, keep):
    Path(path).write_text("left behind")
    keep(ipc.listen(path, SocketOptions()))
    keep(connected("ipc", path))


def test_binding_cuts_an_earlier_binder_off_from_new_peers(path, keep):
    first = keep(ipc.listen(path, SocketOptions()))
    old = keep(connected("ipc", path))
    second = keep(ipc.listen(path, SocketOptions()))
    keep(connected("ipc", path))
    keep(accepted(second))
    old.sendall(b"to the first")
    assert read(keep(accepted(first)), 12) == b"to the first"
    assert first.accept() is None


def test_a_directory_in_the_way_is_an_address_in_use(directory):
    with pytest.raises(OSError) as refused:
        ipc.listen(directory, SocketOptions())
    assert code_of(refused) == "EADDRINUSE"
    assert f"ipc://{directory}" in str(refused.value)


def test_a_missing_directory_is_told(directory):
    with pytest.raises(FileNotFoundError) as refused:
        ipc.listen(f"{directory}/missing/socket", SocketOptions())
    assert f"ipc://{directory}/missing/socket" in str(refused.value)


@pytest.mark.parametrize("function", [ipc.listen, ipc.target])
class TestTexts:
    def test_too_long_a_path_is_refused_with_both_lengths(self, function):
        with pytest.raises(AddressError) as refused:
            function("/" + "x" * LONGEST, SocketOptions())
        assert code_of(refused) == "ENAMETOOLONG"
        assert f"at most {LONGEST} octets, got {LONGEST + 1}" in str(refused.value)

    def test_lengths_are_octets_and_not_letters(self, function):
        with pytest.raises(AddressError) as refused:
            function("/" + "ü" * (LONGEST // 2 + 1), SocketOptions())
        assert code_of(refused) == "ENAMETOOLONG"

    @pytest.mark.parametrize("rest", ["@", "/a\0b"])
    def test_a_text_that_names_nothing_is_invalid(self, function, rest):
        with pytest.raises(AddressError) as refused:
            function(rest, SocketOptions())
        assert code_of(refused) == "EINVAL"

    def test_abstract_names_are_invalid_where_there_are_none(self, function, monkeypatch):
        monkeypatch.setattr(ipc, "_HAS_ABSTRACT_NAMES", False)
        with pytest.raises(AddressError) as refused:
            function("@name", SocketOptions())
        assert code_of(refused) == "EINVAL"

    def test_ipc_is_not_supported_where_python_has_no_unix_sockets(self, function, monkeypatch):
        monkeypatch.delattr(socket, "AF_UNIX")
        with pytest.raises(AddressError) as refused:
            function("/tmp/x", SocketOptions())  # noqa: S108
        assert code_of(refused) == "EPROTONOSUPPORT"


def test_the_longest_path_can_be_bound_and_connected(directory, keep):
    path = f"{directory}/".ljust(LONGEST, "x")
    keep(ipc.listen(path, SocketOptions()))
    keep(connected("ipc", path))


def test_there_is_no_connecting_to_anywhere():
    with pytest.raises(AddressError) as refused:
        ipc.target("*", SocketOptions())
    assert code_of(refused) == "EINVAL"


# abstract names


@needs_linux
def test_an_abstract_name_is_in_use_while_somebody_listens(keep):
    name = f"@purezmq-test-{os.getpid()}"
    listener = keep(ipc.listen(name, SocketOptions()))
    with pytest.raises(OSError) as refused:
        ipc.listen(name, SocketOptions())
    assert code_of(refused) == "EADDRINUSE"
    assert listener.endpoint == f"ipc://{name}"
    assert not Path(name).exists()


@needs_linux
def test_an_abstract_name_is_exactly_as_long_as_it_is(keep):
    name = f"@purezmq-test-{os.getpid()}"
    listener = keep(ipc.listen(name, SocketOptions()))
    assert listener.sock.getsockname() == b"\0" + name[1:].encode()
    with pytest.raises(ConnectionRefusedError):
        connected("ipc", name + "x")


# anywhere


def test_anywhere_is_a_path_of_its_own_that_goes_at_close(keep):
    first, second = (keep(ipc.listen("*", SocketOptions())) for _ in range(2))
    assert first.endpoint != second.endpoint
    path = Path(rest_of(first))
    assert path.is_absolute()
    assert is_socket(path)
    first.close()
    assert not path.parent.exists()
    assert is_socket(rest_of(second))


def test_a_forked_child_leaves_the_path_to_its_parent(monkeypatch, keep):
    listener = keep(ipc.listen("*", SocketOptions()))
    with monkeypatch.context() as child:
        child.setattr(os, "getpid", lambda: -1)
        listener.close()
    assert is_socket(rest_of(listener))


def test_closing_copes_with_a_directory_that_is_gone_and_tells_of_one_in_use(keep):
    gone, used = (keep(ipc.listen("*", SocketOptions())) for _ in range(2))
    Path(rest_of(gone)).unlink()
    Path(rest_of(gone)).parent.rmdir()
    gone.close()
    note = Path(rest_of(used)).with_name("note")
    note.write_text("not ours")
    with pytest.raises(OSError, match=used.endpoint) as told:
        used.close()
    assert told.value.errno == errno.ENOTEMPTY
    used.close()
    assert note.read_text() == "not ours"
    note.unlink()
    note.parent.rmdir()


def test_a_temporary_directory_with_too_long_a_name_leaves_nothing_behind(directory, monkeypatch):
    deep = Path(directory, "x" * LONGEST)
    deep.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(deep))
    with pytest.raises(AddressError) as refused:
        ipc.listen("*", SocketOptions())
    assert code_of(refused) == "ENAMETOOLONG"
    assert list(deep.iterdir()) == []


def test_nowhere_to_put_a_temporary_directory_is_told(directory, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", f"{directory}/missing")
    with pytest.raises(FileNotFoundError, match=r"ipc://\*"):
        ipc.listen("*", SocketOptions())


# connecting


def test_connecting_needs_no_look_up(path):
    assert not ipc.target(path, SocketOptions()).needs_lookup


def test_connecting_to_nothing_is_told_at_once(path):
    with pytest.raises(FileNotFoundError, match=f"ipc://{path}"):
        dial("ipc", path)


def test_connecting_to_a_path_where_nobody_listens_any_more_is_refused(path):
    ipc.listen(path, SocketOptions()).close()
    with pytest.raises(ConnectionRefusedError):
        dial("ipc", path)


@needs_linux
def test_a_full_backlog_is_a_failed_attempt(path, keep):
    keep(ipc.listen(path, SocketOptions(backlog=1)))
    for _ in range(2):
        keep(connected("ipc", path))
    with pytest.raises(BlockingIOError) as full:
        dial("ipc", path)
    assert code_of(full) == "EAGAIN"


def test_buffers_have_the_size_that_was_asked_for(path, keep):
    options = SocketOptions(sndbuf=50_000, rcvbuf=60_000)
    listener = keep(ipc.listen(path, options))
    for sock in (keep(connected("ipc", path, options)), keep(accepted(listener))):
        assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) >= 50_000
        assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF) >= 60_000


# who it is


@needs_linux
def test_the_address_of_a_peer_is_its_user_group_and_process(path, keep):
    listener = keep(ipc.listen(path, SocketOptions()))
    client = keep(connected("ipc", path))
    me = f"localhost:{os.geteuid()}:{os.getegid()}:{os.getpid()}"
    assert ipc.peer_address(keep(accepted(listener))) == me
    assert ipc.peer_address(client) == me


@pytest.mark.parametrize(
    ("peer", "text"),
    [
        (Credentials(501, (20, 12), None), "localhost:501:20:"),
        (Credentials(501, (), None), "localhost:501::"),
        (None, "localhost"),
    ],
)
def test_the_address_of_a_peer_is_what_the_platform_tells(peer, text, monkeypatch):
    monkeypatch.setattr(credentials, "of_peer", lambda _: peer)
    with socket.socket() as sock:
        assert ipc.peer_address(sock) == text


def test_a_peer_that_the_kernel_has_forgotten_has_no_address(monkeypatch):
    def forgotten(_):
        raise OSError(errno.ENOTCONN, "Transport endpoint is not connected")

    monkeypatch.setattr(credentials, "of_peer", forgotten)
    with socket.socket() as sock:
        assert ipc.peer_address(sock) == ""


def own(**filters):
    options = SocketOptions()
    for name, ids in filters.items():
        setattr(options, f"ipc_filter_{name}", frozenset(ids))
    return options


@needs_linux
@pytest.mark.parametrize(
    "options",
    [
        own(uid={os.geteuid()}),
        own(gid={os.getegid()}),
        own(pid={os.getpid()}),
        own(uid={STRANGER}, gid={STRANGER}, pid={STRANGER, os.getpid()}),
    ],
    ids=["uid", "gid", "pid", "any of them"],
)
def test_a_peer_that_a_filter_covers_is_let_in(options, path, keep):
    listener = keep(ipc.listen(path, options))
    client = keep(connected("ipc", path))
    client.sendall(b"hello")
    assert read(keep(accepted(listener)), 5) == b"hello"


def test_a_peer_is_let_in_by_a_group_of_its_user(path, keep, monkeypatch):
    monkeypatch.setattr(credentials, "all_groups", lambda peer: {*peer.gids, STRANGER})
    listener = keep(ipc.listen(path, own(gid={STRANGER})))
    keep(connected("ipc", path))
    keep(accepted(listener))


@pytest.mark.parametrize("kind", ["uid", "gid", "pid"])
def test_a_peer_that_no_filter_covers_is_sent_away_and_the_next_is_looked_at(kind, path, keep):
    listener = keep(ipc.listen(path, own(**{kind: {STRANGER}})))
    for _ in range(2):
        client = keep(connected("ipc", path))
        wait_readable(listener.sock)
        with pytest.raises(PeerRefused) as refused:
            listener.accept()
        assert code_of(refused) == "EACCES"
        assert f"ipc://{path}" in str(refused.value)
        wait_readable(client)
        assert client.recv(1) == b""


def test_a_filter_lets_nobody_in_where_the_platform_does_not_tell_who_it_is(path, keep, monkeypatch):
    monkeypatch.setattr(credentials, "of_peer", lambda _: None)
    listener = keep(ipc.listen(path, own(uid={os.geteuid()})))
    keep(connected("ipc", path))
    wait_readable(listener.sock)
    with pytest.raises(PeerRefused):
        listener.accept()


# USE_FD


def test_a_descriptor_of_another_transport_is_refused(path):
    with socket.create_server(("127.0.0.1", 0)) as server:
        with pytest.raises(AddressError) as refused:
            ipc.listen(path, SocketOptions(use_fd=server.fileno()))
        assert code_of(refused) == "EINVAL"
        assert server.getsockname()[1]


def test_the_text_beside_a_descriptor_is_only_a_label(path, keep):
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(path)
        server.listen()
        listener = keep(ipc.listen("a label", SocketOptions(use_fd=server.detach())))
    assert listener.endpoint == "ipc://a label"
    keep(connected("ipc", path))
    keep(accepted(listener))
    assert not Path("a label").exists()
