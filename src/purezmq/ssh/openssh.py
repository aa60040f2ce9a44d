"""Tunnels by the command `ssh`, in a pseudo-terminal where a password can be typed (pexpect)."""

import atexit
import os
import re
import subprocess
from getpass import getpass
from typing import Any, Final

from .libraries import pexpect, ssh_exception
from .server import Server

__all__ = ["MaxRetryExceeded", "openssh_tunnel", "try_passwordless_openssh"]

ATTEMPTS: Final = 10
"""Passwords that may be tried."""

PATIENCE: Final = 10.0
"""Seconds within which ssh has to ask for a password, or to go on without."""

UNKNOWN_HOST: Final = re.compile(rb"Are you sure you want to continue connecting")
PASSWORD: Final = re.compile(rb"pass(word|phrase)", re.IGNORECASE)


class MaxRetryExceeded(Exception):
    """No password was right, or ssh did not answer in time."""


def try_passwordless_openssh(server: str, keyfile: str | None) -> bool:
    """Whether the command `ssh` gets in without a password; for the rest see `try_passwordless_ssh`."""
    there = Server.parse(server)
    child = spawned([*options(there, keyfile), "-f", there.login, "exit"])
    try:
        return not asks_for_password(child, there) and status(child) == 0
    finally:
        child.close(force=True)


def openssh_tunnel(
    lport: int,
    rport: int,
    server: str,
    remoteip: str = "127.0.0.1",
    keyfile: str | None = None,
    password: str | None = None,
    timeout: int = 60,
) -> int:
    """Open a tunnel from a local port to a port that the server can reach, by the command `ssh`.

    A connection to the server that ssh shares already (ControlMaster) is used, until this program ends. Otherwise ssh
    runs in the background until `timeout` is over and the tunnel is no longer used.

    Parameters
    ----------
    lport : int
        The local port; only 127.0.0.1 has it.
    rport : int
        The port to reach.
    server : str
        The ssh server, `[user@]host[:port]`; ssh's configuration has the rest.
    remoteip : str
        The host to reach, as the server sees it; the default is 127.0.0.1, the server itself.
    keyfile : str
        A file with a private key; None: what ssh is configured for.
    password : str
        None: whoever sits at the terminal is asked, if there needs to be one.
    timeout : int
        Seconds that the tunnel stays open for the first connection.

    Returns
    -------
    int
        The process id of the ssh that was asked

    Raises
    ------
    ImportError
        when pexpect is not installed
    SSHException
        when the server is not known to ssh, so that nobody vouches for it
    RuntimeError
        when ssh fails; the text says why
    MaxRetryExceeded
        when no password was right, or ssh did not answer in time
    """
    there = Server.parse(server)
    host = f"[{remoteip}]" if ":" in remoteip else remoteip
    forwarding = ["-L", f"127.0.0.1:{lport}:{host}:{rport}"]
    ssh = options(there, keyfile)
    if (pid := shared_connection([*ssh, "-O"], forwarding, there.login)) is not None:
        return pid
    child = spawned([*ssh, "-f", "-S", "none", *forwarding, there.login, "sleep", str(timeout)])
    log_in(child, there, password)
    if status(child) != 0:
        raise RuntimeError(
            f"the tunnel by {server} did not come about: {child.before.decode(errors='replace').strip()}"
        )
    return int(child.pid)


def options(server: Server, keyfile: str | None) -> list[str]:
    """What ssh is told by options about how to log in."""
    return [*(["-i", keyfile] if keyfile else []), *(["-p", str(server.port)] if server.port else [])]


def shared_connection(control: list[str], forwarding: list[str], login: str) -> int | None:
    """Forward through the connection that ssh shares: the process id of who holds it, or None when there is none."""
    checked = run([*control, "check", login])
    pid = re.search(rb"pid=(\d+)", checked.stdout)
    if checked.returncode or pid is None or run([*control, "forward", *forwarding, login]).returncode:
        return None
    atexit.register(run, [*control, "cancel", *forwarding, login])
    return int(pid[1])


def run(arguments: list[str]) -> subprocess.CompletedProcess[bytes]:
    """Run ssh, which has no reason to ask for anything."""
    return subprocess.run(
        ["ssh", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )


def spawned(arguments: list[str]) -> Any:
    """Start ssh in a pseudo-terminal, where it asks, and not a program with a window."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SSH_ASKPASS")}
    return pexpect().spawn("ssh", arguments, env=environment)


def log_in(child: Any, server: Server, password: str | None) -> None:
    """Give ssh the password as often as it wants one; whoever sits at the terminal has to know the second one."""
    for attempt in range(ATTEMPTS):
        if not asks_for_password(child, server):
            return
        if attempt or password is None:
            password = getpass(f"{'Not accepted. ' if attempt else ''}{server.login}'s password: ")
        child.sendline(password)
    raise MaxRetryExceeded(f"ssh to {server.login} took none of {ATTEMPTS} passwords")


def asks_for_password(child: Any, server: Server) -> bool:
    """Wait until ssh asks for a password (True), or has ended or gone to the background (False)."""
    library = pexpect()
    try:
        child.expect([PASSWORD, UNKNOWN_HOST, library.EOF], timeout=PATIENCE)
    except library.TIMEOUT:
        raise MaxRetryExceeded(f"ssh to {server.login} did not answer within {PATIENCE:g} s") from None
    if child.after is library.EOF:
        return False
    if UNKNOWN_HOST.match(child.after):
        message = f"nobody vouches for {server.host}: its key is not known to ssh. Log in once by hand, and check it."
        raise ssh_exception()(message)
    return True


def status(child: Any) -> int:
    """Wait for the end: the exit status, or minus the number of a signal."""
    child.wait()
    return int(child.exitstatus if child.exitstatus is not None else -child.signalstatus)
