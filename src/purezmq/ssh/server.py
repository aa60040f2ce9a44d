"""How an ssh server is named: `[user@]host[:port]`, an IPv6 address in brackets."""

import re
from dataclasses import dataclass
from typing import Self

__all__ = ["Server"]

NAME = re.compile(r"(?:(?P<user>.+)@)?(?P<host>\[[^\]]+\]|[^@:\[\]]+)(?::(?P<port>\d+))?")


@dataclass(frozen=True)
class Server:
    """An ssh server; user and port are None where the name leaves them to ssh's configuration."""

    host: str
    user: str | None = None
    port: int | None = None

    @classmethod
    def parse(cls, name: str) -> Self:
        """Read a name. Raises ValueError when it is none; a name that ssh would take for an option is none."""
        match = NAME.fullmatch(name)
        if match is None or name.startswith("-"):
            raise ValueError(f"an ssh server is named as [user@]host[:port], got {name!r}")
        port = match["port"]
        return cls(match["host"].strip("[]"), match["user"], int(port) if port else None)

    @property
    def login(self) -> str:
        """User and host, as ssh wants them."""
        return f"{self.user}@{self.host}" if self.user else self.host
