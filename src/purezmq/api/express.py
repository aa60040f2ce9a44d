"""The fast path of a Socket: sending and receiving whole messages while nothing stands in the way.

What is sent during a burst is put into the engine's outgoing lane, what has come is taken from its ready lane, both
without the socket's lock. Everything else (and whatever is unusual: flags, Frames, half a message, an error) is for the
slower methods of `Transfer`.
Compiled, this class is the C base of every Socket. Imports `buffers` and `translate`.
"""

from typing import TYPE_CHECKING, Any

from .translate import CORE_ERRORS, translated

if TYPE_CHECKING:
    from ..engine.lanes import Lanes
    from ..engine.options import SocketOptions
    from ..engine.socket import SocketCore


class Express:
    """The state that each send and each receive looks at, and what they do with it."""

    __slots__ = ("_core", "_core_options", "_lanes", "_unread", "_unsent")

    _core: "SocketCore"
    _core_options: "SocketOptions"
    _lanes: "Lanes"
    _unsent: dict[Any, Any]
    """The first parts of messages, sent with SNDMORE, that wait for their last: a PerThread."""
    _unread: dict[Any, Any]
    """Parts of received messages that wait to be asked for: a PerThread."""

    def send(
        self,
        data: Any,
        flags: int = 0,
        copy: bool = True,
        track: bool = False,
        routing_id: int | None = None,
        group: str | None = None,
    ) -> Any:
        """Send a message of one part, or one part of a message.

        Parameters
        ----------
        data : bytes, Frame, or any buffer
            The content; text goes through `send_string`.
        flags : int
            SNDMORE: more parts of this message follow, from this thread. DONTWAIT: do not wait for room.
        copy : bool
            False: do not copy `data` if it is large (see `copy_threshold`); it must not be changed until it is sent.
        track : bool
            Return a tracker that tells when `data` is sent. Ignored if it is copied.
        routing_id, group
            For SERVER and RADIO sockets, which do not exist yet (RuntimeError).

        Returns
        -------
        MessageTracker or None
            None if `data` was copied, or is not tracked.

        Raises
        ------
        TypeError, BufferError
            when `data` is not a buffer, or one with gaps
        ValueError
            when `track` is set and `data` is a Frame that is not tracked
        Again
            when there is no room, or nobody to send to: at once with DONTWAIT, else when SNDTIMEO is over
        ZMQError
            EFSM (not this socket's turn), EHOSTUNREACH (ROUTER_MANDATORY, unknown peer), ENOTSUP (this type does not
            send), ENOTSOCK (closed), ETERM (the context is terminated)
        """
        if (
            type(data) is bytes
            and (flags == 0 or flags == 1)
            and copy
            and routing_id is None
            and group is None
            and not self._unsent
            and not self._unread
        ):
            lanes = self._lanes
            if lanes.batch:
                outgoing = lanes.outgoing
                outgoing.append(data)
                if len(outgoing) >= lanes.batch:
                    self._gathered()
            else:
                self._send_now(data, flags)
            return None
        return self._send_part(data, flags, copy, track, routing_id, group)

    def send_multipart(
        self, msg_parts: Any, flags: int = 0, copy: bool = True, track: bool = False, **kwargs: Any
    ) -> Any:
        """Send a message of several parts: all of them, or none.

        Parameters
        ----------
        msg_parts : iterable of bytes, Frames or buffers
            At least one part (IndexError). All are checked before any is sent.
        flags, copy, track, routing_id, group
            As for `send`. With SNDMORE even more parts follow.

        Returns
        -------
        MessageTracker or None
            For all parts that are tracked; None if all were copied, or are not tracked.

        Raises as `send` does; the TypeError says which part is not a buffer.
        """
        parts = list(msg_parts)
        if (
            (flags == 0 or flags == 1)
            and copy
            and not kwargs
            and not self._unsent
            and not self._unread
            and len(parts) > 1
            and all_bytes(parts)
        ):
            lanes = self._lanes
            if lanes.batch:
                outgoing = lanes.outgoing
                outgoing.append(parts)
                if len(outgoing) >= lanes.batch:
                    self._gathered()
            else:
                self._send_now(parts, flags)
            return None
        return self._send_parts(parts, flags, copy, track, kwargs)

    def recv(self, flags: int = 0, copy: bool = True, track: bool = False) -> Any:
        """Receive a message; of a message of several parts the next part, in this thread.

        Parameters
        ----------
        flags : int
            DONTWAIT: do not wait for a message.
        copy : bool
            False: return a Frame, which knows whether more parts follow, and who sent it.
        track : bool
            Give the Frame a tracker, which is done from the beginning.

        Raises
        ------
        Again
            when there is no message: at once with DONTWAIT, else when RCVTIMEO is over
        ZMQError
            EFSM (not this socket's turn), ENOTSUP (this type does not receive), ENOTSOCK (closed, perhaps meanwhile),
            ETERM (the context is terminated, perhaps meanwhile)
        """
        if (flags == 0 or flags == 1) and copy and not self._unread:
            message = None
            ready = self._lanes.ready
            if ready:
                try:
                    message = ready.pop()
                except IndexError:  # another thread has taken it
                    pass
            if message is None:
                message = self._receive(flags)
            return message if type(message) is bytes else self._first_of(message)
        return self._recv_part(flags, copy, track)

    def recv_multipart(self, flags: int = 0, copy: bool = True, track: bool = False) -> Any:
        """Receive a message: the list of all its parts, of one part too; or what `recv` has left of one.

        Parameters, and what is raised: as for `recv`.
        """
        if (flags == 0 or flags == 1) and copy and not self._unread:
            return parts_as_bytes(self._receive(flags))
        return self._recv_parts(flags, copy, track)

    def _gathered(self) -> None:
        try:
            self._core.gathered()
        except CORE_ERRORS as error:
            raise translated(error) from None

    def _send_now(self, message: Any, flags: int) -> None:
        try:
            self._core.send(message, 0.0 if flags else self._core_options.sndtimeo)
        except CORE_ERRORS as error:
            raise translated(error) from None

    def _receive(self, flags: int) -> Any:
        ready = self._lanes.ready
        if ready:
            try:
                return ready.pop()
            except IndexError:  # as in `recv`, which spares itself this call
                pass
        try:
            return self._core.recv(0.0 if flags else self._core_options.rcvtimeo)
        except CORE_ERRORS as error:
            raise translated(error) from None

    # for `Transfer` to fill in

    def _send_part(
        self, data: Any, flags: int, copy: bool, track: bool, routing_id: int | None, group: str | None
    ) -> Any:
        raise NotImplementedError

    def _send_parts(self, msg_parts: Any, flags: int, copy: bool, track: bool, others: dict[str, Any]) -> Any:
        raise NotImplementedError

    def _recv_part(self, flags: int, copy: bool, track: bool) -> Any:
        raise NotImplementedError

    def _recv_parts(self, flags: int, copy: bool, track: bool) -> Any:
        raise NotImplementedError

    def _first_of(self, message: Any) -> bytes:
        raise NotImplementedError


def all_bytes(parts: list[Any]) -> bool:
    """Whether all of them are bytes."""
    for part in parts:  # noqa: SIM110 (a generator would cost more than all the rest of a short message)
        if type(part) is not bytes:
            return False
    return True


def parts_as_bytes(message: Any) -> list[bytes]:
    """All parts of a message, in a list of the caller's own."""
    if type(message) is list:
        return [part if type(part) is bytes else bytes(part) for part in message]
    return [message if type(message) is bytes else bytes(message)]
