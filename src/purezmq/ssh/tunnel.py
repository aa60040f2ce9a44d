"""Connections through ssh tunnels: for an endpoint that this machine cannot reach, but an ssh server can.

    tunnel_connection(socket, "tcp://10.0.0.7:5555", "ann@gateway.example.org")

Tunnels are made by the command `ssh` (which needs pexpect), or in Python (which needs paramiko): `pip install
'purezmq[ssh]'` installs both.
"""

import socket as sockets
import sys
from contextlib import ExitStack
from multiprocessing import Process
from typing import Any, Literal, overload

from ..api.socket import Socket
from . import libraries
from .in_python import paramiko_tunnel, try_passwordless_paramiko
from .openssh import MaxRetryExceeded, openssh_tunnel, try_passwordless_openssh

__all__ = [
    "MaxRetryExceeded",
    "open_tunnel",
    "openssh_tunnel",
    "paramiko_tunnel",
    "select_random_ports",
    "ssh_tunnel",
    "try_passwordless_ssh",
    "tunnel_connection",
]

WINDOWS = sys.platform == "win32"
"""Where paramiko is what tunnels are made by, unless a call says otherwise."""

ssh_tunnel = paramiko_tunnel if WINDOWS else openssh_tunnel


def select_random_ports(n: int) -> list[int]:
    """Return `n` different tcp ports that are free at this moment."""
    with ExitStack() as opened:
        held = [opened.enter_context(sockets.socket()) for _ in range(n)]
        for each in held:
            each.bind(("", 0))
        return [each.getsockname()[1] for each in held]


def try_passwordless_ssh(server: str, keyfile: str | None, paramiko: bool | None = None) -> bool:
    """Whether one gets in without a password: to ask for it once, before several tunnels are opened.

    Parameters
    ----------
    server : str
        The ssh server, `[user@]host[:port]`.
    keyfile : str
        A file with a private key; None: what is usual.
    paramiko : bool
        Whether to try by paramiko, or by the command `ssh`; None (the default): by paramiko on Windows only.

    Raises
    ------
    ImportError
        when paramiko, or pexpect for the command, is not installed
    SSHException
        when the server is not known, or cannot be spoken to
    MaxRetryExceeded
        when `ssh` did not answer in time
    """
    by_paramiko = WINDOWS if paramiko is None else paramiko
    return (try_passwordless_paramiko if by_paramiko else try_passwordless_openssh)(server, keyfile)


@overload
def tunnel_connection(
    socket: Socket[Any],
    addr: str,
    server: str,
    keyfile: str | None = None,
    password: str | None = None,
    *,
    paramiko: Literal[True],
    timeout: int = 60,
) -> Process: ...
@overload
def tunnel_connection(
    socket: Socket[Any],
    addr: str,
    server: str,
    keyfile: str | None = None,
    password: str | None = None,
    *,
    paramiko: Literal[False],
    timeout: int = 60,
) -> int: ...
@overload
def tunnel_connection(
    socket: Socket[Any],
    addr: str,
    server: str,
    keyfile: str | None = None,
    password: str | None = None,
    paramiko: bool | None = None,
    timeout: int = 60,
) -> Process | int: ...
def tunnel_connection(
    socket: Socket[Any],
    addr: str,
    server: str,
    keyfile: str | None = None,
    password: str | None = None,
    paramiko: bool | None = None,
    timeout: int = 60,
) -> Process | int:
    """Connect a Socket to an endpoint through a new tunnel.

    `socket` is the Socket; the other parameters, and the errors, are those of `open_tunnel`. Returns what keeps the
    tunnel open: see `openssh_tunnel` and `paramiko_tunnel`.
    """
    url, tunnel = open_tunnel(addr, server, keyfile, password, paramiko, timeout)
    socket.connect(url)
    return tunnel


@overload
def open_tunnel(
    addr: str,
    server: str,
    keyfile: str | None = None,
    password: str | None = None,
    *,
    paramiko: Literal[True],
    timeout: int = 60,
) -> tuple[str, Process]: ...
@overload
def open_tunnel(
    addr: str,
    server: str,
    keyfile: str | None = None,
    password: str | None = None,
    *,
    paramiko: Literal[False],
    timeout: int = 60,
) -> tuple[str, int]: ...
@overload
def open_tunnel(
    addr: str,
    server: str,
    keyfile: str | None = None,
    password: str | None = None,
    paramiko: bool | None = None,
    timeout: int = 60,
) -> tuple[str, Process | int]: ...
def open_tunnel(
    addr: str,
    server: str,
    keyfile: str | None = None,
    password: str | None = None,
    paramiko: bool | None = None,
    timeout: int = 60,
) -> tuple[str, Process | int]:
    """Open a tunnel to an endpoint, from a local port that was free.

    Parameters
    ----------
    addr : str
        The endpoint, as the ssh server sees it: `tcp://host:port`.
    server : str
        The ssh server, `[user@]host[:port]`.
    keyfile : str
        A file with a private key; None: what is usual.
    password : str
        None: whoever sits at the terminal is asked, if there needs to be one.
    paramiko : bool
        Whether it is made by paramiko, or by the command `ssh`; None (the default): by paramiko on Windows only.
    timeout : int
        Seconds that a tunnel by `ssh` stays open for the first connection.

    Returns
    -------
    (str, Process or int)
        The local endpoint to connect to, and what keeps the tunnel open: see `paramiko_tunnel` and `openssh_tunnel`.

    Raises
    ------
    ValueError
        when `addr` is no tcp endpoint with a host and a port
    ImportError, SSHException, RuntimeError, MaxRetryExceeded
        see `paramiko_tunnel` and `openssh_tunnel`
    """
    host, port = parse(addr)
    (local,) = select_random_ports(1)
    by_paramiko = WINDOWS if paramiko is None else paramiko
    tunnel = (paramiko_tunnel if by_paramiko else openssh_tunnel)(
        local, port, server, remoteip=host, keyfile=keyfile, password=password, timeout=timeout
    )
    return f"tcp://127.0.0.1:{local}", tunnel


def parse(addr: str) -> tuple[str, int]:
    """Host and port of an endpoint that is to be tunnelled to."""
    transport, _, place = addr.partition("://")
    host, _, port = place.rpartition(":")
    if transport != "tcp" or not host or not port.isdecimal():
        raise ValueError(f"a tunnel goes to tcp://host:port, got {addr!r}")
    return host.strip("[]"), int(port)


def __getattr__(name: str) -> type[Exception]:
    """`SSHException` is paramiko's where that is installed; it is imported when it is asked for."""
    if name == "SSHException":
        return libraries.ssh_exception()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
