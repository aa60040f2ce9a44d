"""Transports: an endpoint's text becomes a socket that listens or connects. `base` says what each must provide."""

from collections.abc import Iterator, Mapping

from .base import StreamTransport


class _StreamTransports(Mapping[str, StreamTransport]):
    """The modules by the scheme of their endpoints, each imported when it is first asked for."""

    def __getitem__(self, scheme: str) -> StreamTransport:
        match scheme:
            case "tcp":
                from . import tcp  # noqa: PLC0415 (see above)

                return tcp
            case "ipc":
                from . import ipc  # noqa: PLC0415 (see above)

                return ipc
        raise KeyError(scheme)

    def __iter__(self) -> Iterator[str]:
        return iter(("tcp", "ipc"))

    def __len__(self) -> int:
        return 2


STREAM_TRANSPORTS: Mapping[str, StreamTransport] = _StreamTransports()
