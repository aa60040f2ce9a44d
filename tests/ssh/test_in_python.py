"""Tunnels by paramiko, through an ssh server of paramiko's in this process."""

import socket
import threading
from contextlib import suppress

import pytest

import purezmq as zmq
from purezmq.ssh import in_python, tunnel
from purezmq.ssh.forward import copy
from tests.helpers.waiting import TIMEOUT

paramiko = pytest.importorskip("paramiko")
pytestmark = pytest.mark.filterwarnings(
    "ignore:This process .* is multi-threaded:DeprecationWarning"  # where a Process is forked
)

RIGHT, WRONG = "secret", "wrong"


class Rules(paramiko.ServerInterface):  # type: ignore[name-defined,misc]  # paramiko is optional
    """Who may log in, and where to."""

    def __init__(self, key):
        self._key = key
        self.targets = {}

    def get_allowed_auths(self, username):
        return "password,publickey"

    def check_auth_password(self, username, password):
        right = (username, password) == ("ann", RIGHT)
        return paramiko.AUTH_SUCCESSFUL if right else paramiko.AUTH_FAILED

    def check_auth_publickey(self, username, key):
        return paramiko.AUTH_SUCCESSFUL if key == self._key else paramiko.AUTH_FAILED

    def check_channel_direct_tcpip_request(self, chanid, origin, destination):
        self.targets[chanid] = destination
        return paramiko.OPEN_SUCCEEDED


class Server:
    """An ssh server that takes one user, by password or key, and makes the connections that are asked for."""

    def __init__(self, folder):
        self._host_key = paramiko.ECDSAKey.generate()
        user_key = paramiko.ECDSAKey.generate()
        self.keyfile = str(folder / "key")
        user_key.write_private_key_file(self.keyfile)
        self._user_key = user_key
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.name = f"ann@127.0.0.1:{self._listener.getsockname()[1]}"
        self._closing = []
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def _accept(self):
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                transport, rules = paramiko.Transport(connection), Rules(self._user_key)
                self._closing.append(transport)
                transport.add_server_key(self._host_key)
                with suppress(paramiko.SSHException, EOFError, OSError):  # who only tries may leave at any moment
                    transport.start_server(server=rules)
                self._start(self._serve, transport, rules)

    def _serve(self, transport, rules):
        while transport.is_active():
            if (channel := transport.accept(0.05)) is not None:
                there = socket.create_connection(rules.targets[channel.get_id()], TIMEOUT)
                self._closing += [channel, there]
                self._start(copy, channel, there)
                self._start(copy, there, channel)

    def _start(self, function, *arguments):
        self._threads.append(threading.Thread(target=function, args=arguments))
        self._threads[-1].start()

    def close(self):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thing in self._closing:
            thing.close()
        for thread in self._threads:
            thread.join(TIMEOUT)


@pytest.fixture
def server(tmp_path, monkeypatch):
    """Known to nobody: the home is empty. There is no agent with keys, either."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    running = Server(tmp_path)
    yield running
    running.close()


@pytest.fixture
def trusted(monkeypatch):
    """Servers that are not known are trusted."""
    monkeypatch.setenv(in_python.HOST_KEY_POLICY, "AutoAdd")


@pytest.fixture
def pair():
    """A PULL, its endpoint, and a PUSH that is not connected."""
    with zmq.Context() as context, context.socket(zmq.PULL) as pull, context.socket(zmq.PUSH) as push:
        pull.rcvtimeo = push.sndtimeo = 10_000
        push.linger = 0
        pull.bind("tcp://127.0.0.1:*")
        yield pull, pull.last_endpoint.decode(), push


def end(process):
    process.terminate()
    process.join(TIMEOUT)
    assert not process.is_alive()
    process.close()


@pytest.mark.parametrize("by", ["password", "key"])
def test_messages_go_through_the_tunnel(server, trusted, pair, by):
    pull, endpoint, push = pair
    login = {"password": RIGHT} if by == "password" else {"keyfile": server.keyfile}
    process = tunnel.tunnel_connection(push, endpoint, server.name, paramiko=True, **login)
    try:
        assert process.daemon
        messages = [b"hello", b"x" * 1_000_000]
        for message in messages:
            push.send(message)
        assert [pull.recv(), pull.recv()] == messages
    finally:
        end(process)


def test_a_key_makes_a_password_unnecessary(server, trusted):
    assert tunnel.try_passwordless_ssh(server.name, server.keyfile, paramiko=True)


def test_without_a_key_one_is_needed(server, trusted):
    assert not tunnel.try_passwordless_ssh(server.name, None, paramiko=True)


def test_or_with_a_key_that_is_refused(server, trusted, tmp_path):
    paramiko.ECDSAKey.generate().write_private_key_file(str(tmp_path / "other"))
    assert not tunnel.try_passwordless_ssh(server.name, str(tmp_path / "other"), paramiko=True)


def test_who_needs_a_password_is_asked(server, trusted, pair, monkeypatch):
    pull, endpoint, push = pair
    asked = []
    monkeypatch.setattr(in_python, "getpass", lambda question: asked.append(question) or RIGHT)
    process = tunnel.tunnel_connection(push, endpoint, server.name, paramiko=True)
    try:
        push.send(b"hello")
        assert pull.recv() == b"hello"
        assert asked == [f"{server.name}'s password: "]
    finally:
        end(process)


def test_an_unknown_server_is_not_tried(server):
    with pytest.raises(tunnel.SSHException, match="not found in known_hosts"):
        tunnel.try_passwordless_ssh(server.name, server.keyfile, paramiko=True)


def test_a_known_one_is(server, tmp_path):
    key = server._host_key
    host, _, port = server.name.partition("@")[2].partition(":")
    (tmp_path / ".ssh").mkdir()
    (tmp_path / ".ssh" / "known_hosts").write_text(f"[{host}]:{port} {key.get_name()} {key.get_base64()}\n")
    assert tunnel.try_passwordless_ssh(server.name, server.keyfile, paramiko=True)


def test_a_tunnel_that_cannot_log_in_says_so_and_ends(server, trusted, capfd):
    process = tunnel.paramiko_tunnel(1, 2, server.name, password=WRONG)
    process.join(TIMEOUT)
    assert process.exitcode == 1
    assert f"cannot log in to {server.name}: AuthenticationException" in capfd.readouterr().err


def test_a_tunnel_whose_port_is_taken_says_so_and_ends(server, trusted, capfd):
    taken = int(server.name.rpartition(":")[2])
    process = tunnel.paramiko_tunnel(taken, 2, server.name, password=RIGHT)
    process.join(TIMEOUT)
    assert process.exitcode == 255
    assert f"the tunnel by {server.name} has failed" in capfd.readouterr().err
