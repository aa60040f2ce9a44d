import importlib
import inspect
import socket
import sys

import pytest

import purezmq as zmq
from purezmq import ssh
from purezmq.ssh import libraries, tunnel
from tests.helpers.processes import run_script


def test_random_ports_are_free_and_different():
    ports = tunnel.select_random_ports(50)
    assert len(set(ports)) == 50
    for port in ports:
        with socket.socket() as probe:
            probe.bind(("", port))
    assert tunnel.select_random_ports(0) == []


class Made:
    """Stands for a function that makes tunnels, or tries to log in."""

    def __init__(self, result):
        self.result, self.calls = result, []

    def __call__(self, *arguments, **keywords):
        self.calls.append((arguments, keywords))
        return self.result


@pytest.fixture
def made(monkeypatch):
    """The two kinds of tunnel: by ssh, by paramiko."""
    by = {"ssh": Made(4711), "paramiko": Made("process")}
    monkeypatch.setattr(tunnel, "openssh_tunnel", by["ssh"])
    monkeypatch.setattr(tunnel, "paramiko_tunnel", by["paramiko"])
    return by


def test_a_tunnel_leads_from_a_free_port_to_the_endpoint(made):
    url, opened = tunnel.open_tunnel("tcp://10.0.0.7:5555", "ann@gateway", "/keys/mine", "secret", timeout=5)

    [((local, port, server), keywords)] = made["ssh"].calls
    assert url == f"tcp://127.0.0.1:{local}"
    assert opened == 4711
    assert (port, server) == (5555, "ann@gateway")
    assert keywords == {"remoteip": "10.0.0.7", "keyfile": "/keys/mine", "password": "secret", "timeout": 5}


def test_an_ipv6_endpoint_loses_its_brackets(made):
    tunnel.open_tunnel("tcp://[fd00::7]:5555", "gateway")
    assert made["ssh"].calls[0][1]["remoteip"] == "fd00::7"


@pytest.mark.parametrize("addr", ["ipc:///tmp/x", "tcp://host", "tcp://:5555", "tcp://host:*", "host:5555", ""])
def test_what_cannot_be_tunnelled_to_is_refused(made, addr):
    with pytest.raises(ValueError, match="tcp://host:port") as caught:
        tunnel.open_tunnel(addr, "gateway")
    assert repr(addr) in str(caught.value)
    assert made["ssh"].calls == []


@pytest.mark.parametrize(
    ("windows", "paramiko", "by"),
    [
        (False, None, "ssh"),
        (True, None, "paramiko"),
        (True, False, "ssh"),
        (False, True, "paramiko"),
    ],
)
def test_who_makes_the_tunnel(made, monkeypatch, windows, paramiko, by):
    monkeypatch.setattr(tunnel, "WINDOWS", windows)
    assert tunnel.open_tunnel("tcp://host:1", "gateway", paramiko=paramiko)[1] == made[by].result


@pytest.mark.parametrize(
    ("windows", "paramiko", "by"),
    [(False, None, "ssh"), (True, None, "paramiko"), (True, False, "ssh"), (False, True, "paramiko")],
)
def test_who_tries_to_log_in(monkeypatch, windows, paramiko, by):
    monkeypatch.setattr(tunnel, "WINDOWS", windows)
    monkeypatch.setattr(tunnel, "try_passwordless_openssh", lambda server, keyfile: ("ssh", server, keyfile))
    monkeypatch.setattr(tunnel, "try_passwordless_paramiko", lambda server, keyfile: ("paramiko", server, keyfile))
    assert tunnel.try_passwordless_ssh("gateway", "/keys/mine", paramiko) == (by, "gateway", "/keys/mine")


def test_the_socket_is_connected_to_the_near_end(made, monkeypatch):
    with zmq.Context() as context, context.socket(zmq.PULL) as pull, context.socket(zmq.PUSH) as push:
        pull.rcvtimeo = 10_000
        near = pull.bind_to_random_port("tcp://127.0.0.1")
        monkeypatch.setattr(tunnel, "select_random_ports", lambda count: [near] * count)
        assert tunnel.tunnel_connection(push, "tcp://host:1", "gateway") == 4711
        push.send(b"hello")
        assert pull.recv() == b"hello"


def test_the_package_has_the_public_names():
    assert set(ssh.__all__) < set(tunnel.__all__)
    for name in ssh.__all__:
        assert getattr(ssh, name) is getattr(tunnel, name)
    assert ssh.ssh_tunnel is (ssh.paramiko_tunnel if sys.platform == "win32" else ssh.openssh_tunnel)


def test_there_is_nothing_else():
    with pytest.raises(AttributeError, match="no_such_name"):
        tunnel.no_such_name  # noqa: B018 (looking is the test)


@pytest.fixture
def nothing_installed(monkeypatch):
    monkeypatch.setitem(sys.modules, "paramiko", None)
    monkeypatch.setitem(sys.modules, "pexpect", None)


@pytest.mark.parametrize(
    ("call", "missing"),
    [
        (lambda: tunnel.paramiko_tunnel(1, 2, "gateway"), "paramiko"),
        (lambda: tunnel.try_passwordless_ssh("gateway", None, paramiko=True), "paramiko"),
        (lambda: tunnel.try_passwordless_ssh("gateway", None, paramiko=False), "pexpect"),
    ],
)
def test_what_is_not_installed_is_named_with_how_to_get_it(nothing_installed, call, missing):
    with pytest.raises(ImportError, match=rf"needs {missing}, .*purezmq\[ssh\]") as caught:
        call()
    assert caught.value.name == missing


def test_a_class_stands_in_for_paramikos_where_that_is_not_installed(nothing_installed):
    assert tunnel.SSHException is libraries.SSHException
    assert issubclass(tunnel.SSHException, Exception)


def test_where_it_is_installed_its_own_is_raised():
    paramiko = pytest.importorskip("paramiko")
    assert tunnel.SSHException is paramiko.SSHException


def test_importing_it_imports_no_optional_library():
    text = "import sys, purezmq.ssh.tunnel; print({'paramiko', 'pexpect'} & sys.modules.keys())"
    assert run_script(text) == ["set()"]


def test_the_parameters_are_pyzmqs():
    real = pytest.importorskip("zmq.ssh.tunnel")
    for name in set(tunnel.__all__) - {"MaxRetryExceeded"}:
        theirs, ours = (
            [
                (parameter.name, parameter.default)
                for parameter in inspect.signature(getattr(module, name)).parameters.values()
            ]
            for module in (real, importlib.import_module("purezmq.ssh.tunnel"))
        )
        assert ours == theirs
