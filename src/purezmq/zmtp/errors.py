"""What a peer did wrong, as data: the text for the log, the code for the monitor, and whether to try again.

Nothing of this is raised at a user of purezmq: a `Connection` hands it out in its last event. Imports nothing of ours.
"""

from enum import IntEnum


class Code(IntEnum):
    """The protocol errors that a monitor reports, with libzmq's numbers."""

    NONE = 0
    UNSPECIFIED = 0x10000000
    UNEXPECTED_COMMAND = 0x10000001
    MALFORMED_COMMAND = 0x10000011
    MALFORMED_ERROR = 0x10000015
    INVALID_METADATA = 0x10000018
    MECHANISM_MISMATCH = 0x11000002


class PeerError(Exception):
    """The peer broke the protocol: its connection ends.

    `reason` says what was expected and what came, `where` in which state. `code` is what a monitor reports. `fatal`
    tells a connecting side not to try again: who speaks wrongly now will do so the next time.
    """

    def __init__(self, reason: str, *, code: Code = Code.NONE, fatal: bool = True) -> None:
        super().__init__(reason)
        self.reason = reason
        self.where = ""
        self.code = code
        self.fatal = fatal

    def __str__(self) -> str:
        return f"in {self.where}: {self.reason}" if self.where else self.reason


class PeerRefusedError(PeerError):
    """The peer sent ERROR: it does not want us. `status` is ZAP's 300, 400 or 500, or 0 for any other text (RFC 27)."""

    def __init__(self, text: bytes) -> None:
        super().__init__(f"the peer ended the handshake with ERROR {text.decode('ascii', 'backslashreplace')!r}")
        self.text = text
        self.status = int(text) if text in {b"300", b"400", b"500"} else 0
