"""Tunnels by paramiko: ssh in Python, in a process of its own. For systems that have no command `ssh`."""

import os
import signal
import sys
from getpass import getpass, getuser
from multiprocessing import Process
from pathlib import Path
from typing import Any

from .forward import forward_tunnel
from .libraries import paramiko
from .server import Server

__all__ = ["paramiko_tunnel", "try_passwordless_paramiko"]

HOST_KEY_POLICY = "PYZMQ_PARAMIKO_HOST_KEY_POLICY"
"""The environment variable that says what to do about servers that are not known: Reject, Warning or AutoAdd."""


def try_passwordless_paramiko(server: str, keyfile: str | None) -> bool:
    """Whether paramiko gets in without a password; for the rest see `try_passwordless_ssh`."""
    library = paramiko()
    client = library.SSHClient()
    known_hosts = Path("~/.ssh/known_hosts").expanduser()
    if known_hosts.exists():
        client.load_host_keys(str(known_hosts))
    client.set_missing_host_key_policy(host_key_policy("Reject"))
    try:
        log_in(client, server, keyfile, None)
    except library.SSHException as error:
        if not was_refused(client, error):
            raise
        return False
    finally:
        client.close()
    return True


def paramiko_tunnel(
    lport: int,
    rport: int,
    server: str,
    remoteip: str = "127.0.0.1",
    keyfile: str | None = None,
    password: str | None = None,
    timeout: int = 60,  # noqa: ARG001 (the same call serves both kinds of tunnel)
) -> Process:
    """Open a tunnel from a local port to a port that the server can reach, by paramiko.

    Parameters
    ----------
    lport : int
        The local port; only 127.0.0.1 has it.
    rport : int
        The port to reach.
    server : str
        The ssh server, `[user@]host[:port]`; the default are whoever runs this, and 22.
    remoteip : str
        The host to reach, as the server sees it; the default is 127.0.0.1, the server itself.
    keyfile : str
        A file with a private key; None: the usual ones, and ssh's agent.
    password : str
        None: whoever sits at the terminal is asked, if there needs to be one.
    timeout : int
        Has no meaning here.

    Returns
    -------
    Process
        The tunnel is open until this process, or the program, ends. It says on its standard error why it failed.

    Raises
    ------
    ImportError
        when paramiko is not installed
    SSHException
        when there is no password and the server is not known, or cannot be spoken to
    """
    paramiko()
    if password is None and not try_passwordless_paramiko(server, keyfile):
        password = getpass(f"{server}'s password: ")
    process = Process(target=run, args=(lport, rport, server, remoteip, keyfile, password), daemon=True)
    process.start()
    return process


def run(lport: int, rport: int, server: str, remoteip: str, keyfile: str | None, password: str | None) -> None:
    """Be the tunnel. The exit status is 1 when the server cannot be logged in to, 255 when it fails later."""
    client = paramiko().SSHClient()
    client.load_system_host_keys()
    client.set_missing_host_key_policy(host_key_policy("Warning"))
    try:
        log_in(client, server, keyfile, password)
    except Exception as error:  # noqa: BLE001 (whatever it is, it is told)
        fail(f"cannot log in to {server}: {error!r}", 1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the program; the tunnel ends with it
    try:
        forward_tunnel(lport, remoteip, rport, client.get_transport())
    except Exception as error:  # noqa: BLE001 (the same)
        fail(f"the tunnel by {server} has failed: {error!r}", 255)


def fail(message: str, status: int) -> None:
    """End this process."""
    print(message, file=sys.stderr)
    sys.exit(status)


def log_in(client: Any, server: str, keyfile: str | None, password: str | None) -> None:
    """Connect to the server and log in."""
    there = Server.parse(server)
    client.connect(
        there.host,
        22 if there.port is None else there.port,
        username=there.user or getuser(),
        key_filename=keyfile,
        look_for_keys=True,
        password=password,
    )


def was_refused(client: Any, error: Exception) -> bool:
    """Whether a login failed for want of the right key or password; or for something else, such as an unknown server.

    When a key is refused, paramiko may tell that the file holds no key of another kind, which it tried afterwards.
    """
    if "No authentication methods" in str(error):
        return True
    transport = client.get_transport()
    return transport is not None and transport.auth_handler is not None


def host_key_policy(default: str) -> Any:
    """What to do about servers that are not known, as the environment says."""
    return getattr(paramiko(), f"{os.environ.get(HOST_KEY_POLICY) or default}Policy")()
