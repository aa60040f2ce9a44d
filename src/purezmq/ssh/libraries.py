"""The libraries that tunnels are made with. They are optional, and imported when they are first needed."""

import importlib
from typing import Any

__all__ = ["paramiko", "pexpect", "ssh_exception"]


class SSHException(Exception):
    """The server cannot be trusted, or spoken to. Where paramiko is installed, its class of this name is used."""


def paramiko() -> Any:
    """Return the module paramiko. Raises ImportError, which says how to get it."""
    return optional("paramiko", "a tunnel without the command ssh")


def pexpect() -> Any:
    """Return the module pexpect. Raises ImportError, which says how to get it."""
    return optional("pexpect", "a tunnel by the command ssh")


def optional(name: str, purpose: str) -> Any:
    """Return the module of this name. Raises ImportError, which says what for and how to get it."""
    try:
        return importlib.import_module(name)
    except ImportError as error:
        message = f"{purpose} needs {name}, which is not installed: pip install 'purezmq[ssh]'"
        raise ImportError(message, name=name) from error


def ssh_exception() -> type[Exception]:
    """Return paramiko's SSHException, or ours where there is no paramiko."""
    try:
        found: type[Exception] = paramiko().SSHException
    except ImportError:
        return SSHException
    return found
