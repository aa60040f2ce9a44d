"""What can be set on sockets and contexts, in purezmq's own units: the defaults, and no behaviour.

A duration is float seconds, and where it is not limited or not set, None. A size is octets, a switch a bool, what
may be any octets is bytes. `api/options.py` turns pyzmq's numbers into these, and knows who may set what.
Imports nothing of ours.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from ipaddress import IPv4Network, IPv6Network

SYSTEM_DEFAULT = -1
"""For sizes and counts that are the operating system's to choose."""

NO_KEY = bytes(32)
"""A CURVE key that was not set."""


class Options:
    """Fields in slots. A subclass names them; `defaults` says what they are until they are set."""

    __slots__ = ()

    defaults: ClassVar[Mapping[str, Any]]

    def __init__(self, **values: Any) -> None:  # noqa: ANN401 (of any of the fields)
        for name, value in {**self.defaults, **values}.items():
            setattr(self, name, value)


class SocketDefaults(Options):
    """The fields of `SocketOptions`, with their defaults."""

    __slots__ = ()

    # queues
    sndhwm: int = 1000  # messages for each peer, 0 for no limit
    rcvhwm: int = 1000
    maxmsgsize: int = -1  # octets in a message from a peer, negative for no limit
    conflate: bool = False
    immediate: bool = False

    # the caller waits
    rcvtimeo: float | None = None
    sndtimeo: float | None = None
    linger: float | None = None

    # who we are
    routing_id: bytes = b""
    connect_routing_id: bytes = b""  # our name for the peer of the next connect
    metadata: tuple[tuple[bytes, bytes], ...] = ()  # X- properties for READY
    affinity: int = 0  # bit mask of IO threads
    router_raw: bool = False
    router_notify: int = 0  # 1 connects, 2 disconnects
    invert_matching: bool = False
    hello_msg: bytes = b""
    disconnect_msg: bytes = b""
    hiccup_msg: bytes = b""

    # connections
    reconnect_ivl: float = 0.1  # 0 and less: do not reconnect
    reconnect_ivl_max: float = 0.0  # 0: the interval does not grow
    reconnect_stop: int = 0  # 1 connection refused, 2 handshake failed, 4 after disconnect
    connect_timeout: float = 0.0  # 0: the system's limit
    handshake_ivl: float = 30.0  # 0: no limit
    heartbeat_ivl: float = 0.0  # 0: no heartbeats
    heartbeat_ttl: float = 0.0  # in whole tenths; 0: do not tell the peer
    heartbeat_timeout: float | None = None  # None: as long as the interval
    in_batch_size: int = 8192
    out_batch_size: int = 8192

    # tcp and ipc
    backlog: int = 100
    sndbuf: int = SYSTEM_DEFAULT
    rcvbuf: int = SYSTEM_DEFAULT
    use_fd: int = -1  # a listening descriptor of the caller's, for the next bind
    ipv6: bool = False
    tos: int = 0
    priority: int = 0
    busy_poll: int = 0  # microseconds
    bindtodevice: bytes = b""
    loopback_fastpath: bool = False
    tcp_keepalive: int = SYSTEM_DEFAULT  # 0 off, 1 on
    tcp_keepalive_idle: int = SYSTEM_DEFAULT  # seconds
    tcp_keepalive_cnt: int = SYSTEM_DEFAULT
    tcp_keepalive_intvl: int = SYSTEM_DEFAULT  # seconds
    tcp_maxrt: float = 0.0  # 0: the system's limit
    tcp_accept_filters: "tuple[IPv4Network | IPv6Network, ...]" = ()  # none: everyone
    ipc_filter_pid: frozenset[int] = frozenset()  # a peer must be in one of the three; all empty: everyone
    ipc_filter_uid: frozenset[int] = frozenset()
    ipc_filter_gid: frozenset[int] = frozenset()
    socks_proxy: bytes = b""
    socks_username: bytes = b""
    socks_password: bytes = b""

    # security
    mechanism: bytes = b"NULL"  # as in the greeting
    as_server: bool = False
    plain_username: bytes = b""
    plain_password: bytes = b""
    curve_publickey: bytes = NO_KEY
    curve_secretkey: bytes = NO_KEY
    curve_serverkey: bytes = NO_KEY
    zap_domain: bytes = b""
    zap_enforce_domain: bool = False
    wss_key_pem: bytes = b""
    wss_cert_pem: bytes = b""
    wss_trust_pem: bytes = b""
    wss_hostname: bytes = b""
    wss_trust_system: bool = False

    # transports that purezmq does not have: kept, so that they read back
    rate: int = 100  # kilobits a second
    recovery_ivl: float = 10.0
    multicast_hops: int = 1
    multicast_maxtpdu: int = 1500
    multicast_loop: bool = True
    vmci_buffer_size: int = 0
    vmci_buffer_min_size: int = 0
    vmci_buffer_max_size: int = 0
    vmci_connect_timeout: int = -1
    norm_mode: int = 1
    norm_unicast_nack: bool = False
    norm_buffer_size: int = 2048  # kilobytes
    norm_segment_size: int = 1400
    norm_block_size: int = 16
    norm_num_parity: int = 4
    norm_num_autoparity: int = 0
    norm_push: bool = False


class SocketOptions(SocketDefaults):
    """What sockets of all types store. The options that only some patterns have are attributes of the pattern."""

    __slots__ = tuple(SocketDefaults.__annotations__)

    defaults: ClassVar = {name: getattr(SocketDefaults, name) for name in __slots__}

    def snapshot(self) -> "SocketOptions":
        """Return the options as they are now: what a later bind or connect changes is not seen in it."""
        copied = SocketOptions.__new__(SocketOptions)
        for name in self.__slots__:
            setattr(copied, name, getattr(self, name))
        return copied


class ContextDefaults(Options):
    """The fields of `ContextOptions`, with their defaults."""

    __slots__ = ()

    io_threads: int = 1  # 0: inproc only
    max_sockets: int = 1023
    max_msgsz: int = 2**31 - 1
    ipv6: bool = False
    blocky: bool = True  # False: sockets begin with LINGER 0
    zero_copy_recv: bool = True
    thread_priority: int = SYSTEM_DEFAULT
    thread_sched_policy: int = SYSTEM_DEFAULT
    thread_affinity_cpus: frozenset[int] = frozenset()
    thread_name_prefix: int = 0


class ContextOptions(ContextDefaults):
    """The options of a context. `ipv6` and `blocky` are defaults for the sockets made after they were set."""

    __slots__ = tuple(ContextDefaults.__annotations__)

    defaults: ClassVar = {name: getattr(ContextDefaults, name) for name in __slots__}
