"""When to send PING and when to give a silent peer up (RFC 37, "Connection Heartbeating"). The time is an argument."""

from enum import Enum, auto


class Verdict(Enum):
    """What is to be done now."""

    WAIT = auto()
    PING = auto()
    DEAD = auto()


class Heartbeat:
    """Both ends' wishes for one connection: our own interval and timeout, and the TTL that the peer's PINGs ask for.

    All durations in seconds. An `interval` of 0 sends no PING, and a `timeout` of 0 gives nobody up; the peer's TTL is
    obeyed all the same.
    """

    def __init__(self, interval: float, timeout: float, now: float) -> None:
        self._interval = interval
        self._timeout = timeout
        self._next_ping = now + interval if interval else None
        self._answer_due: float | None = None  # runs from a PING of ours to anything from the peer
        self._speak_due: float | None = None  # runs from a PING of the peer's, for as long as it asked for

    def heard(self) -> None:
        """Something came from the peer: it lives."""
        self._answer_due = None
        self._speak_due = None

    def pinged(self, ttl: float, now: float) -> None:
        """The peer sent PING: it wants to be given up when silent for `ttl` (0: it does not say)."""
        self._speak_due = now + ttl if ttl else None

    def deadline(self) -> float | None:
        """When to call `tick` next; None for never."""
        return min((at for at in (self._next_ping, self._answer_due, self._speak_due) if at is not None), default=None)

    def tick(self, now: float) -> Verdict:
        """What the time that it is asks for."""
        if any(due is not None and now >= due for due in (self._answer_due, self._speak_due)):
            return Verdict.DEAD
        if self._next_ping is None or now < self._next_ping:
            return Verdict.WAIT
        self._next_ping = now + self._interval
        if self._answer_due is None and self._timeout:
            self._answer_due = now + self._timeout
        return Verdict.PING
