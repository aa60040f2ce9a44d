"""All options as tables: the reference, of which `options_page` makes docs/options.md.

Imports the other option modules here, the public `constants`, and of the layers below the engine's options.
"""

from collections.abc import Iterable, Mapping

from .. import constants as zmq
from ..engine.options import ContextOptions
from .option import (
    AS_IS,
    MILLISECONDS,
    MILLISECONDS_OR_NONE,
    SWITCH,
    TENTHS,
    Option,
    Place,
    Rule,
    Unit,
    counted_by_pattern,
    field,
    of_pattern,
    shared_with_pattern,
    write_only,
)
from .option_values import (
    ANY_INT,
    ANY_OCTETS,
    ANY_ON_OR_OFF,
    FOR_EVER,
    KEY,
    KEY_UNIT,
    LIMIT,
    NETWORK,
    NOT_SET,
    ON_OR_OFF,
    PROPERTY,
    SYSTEM,
    TEXT,
    ZERO_OR_ONE,
    add_accept_filter,
    add_property,
    added_cpu,
    at_least,
    between,
    credential,
    got_from,
    handed_to,
    high_water_mark,
    ipv4_only,
    mechanism_number,
    octets,
    one_more_id,
    removed_cpu,
    server_of,
)

_PUBLISHERS = {zmq.PUB, zmq.XPUB}
_ROUTERS = {zmq.ROUTER, zmq.REP}
_THREAD_SAFE = {zmq.SERVER, zmq.CLIENT, zmq.RADIO, zmq.DISH, zmq.GATHER, zmq.SCATTER, zmq.PEER, zmq.CHANNEL}

_NO_MULTICAST = "there is no multicast transport"
_NO_VMCI = "there is no VMCI transport"
_NO_NORM = "there is no NORM transport"
_NOT_YET = "what it is for is not there yet"
_NO_GSSAPI = "there is no GSSAPI mechanism"
_OWN_BATCHES = "purezmq sizes its batches itself"

_POSITIVE = at_least(1, "1 or more")
_SECONDS = at_least(-1, "seconds, -1 for the system's default")
_OFF = at_least(0, "milliseconds, 0 for off")
_NO_LIMIT = at_least(0, "milliseconds, 0 for no limit")
_SYSTEM_LIMIT = at_least(0, "milliseconds, 0 for the system's limit")
_NAMETYPE = between(0, 2, "0, 1 or 2")


def _row(
    option: zmq.SocketOption,
    rule: Rule,
    place: Place,
    types: Iterable[int] = (),
    *,
    live: bool = False,
    unused: str = "",
    refused: str = "",
) -> Option:
    kind = option._opt_type.value
    return Option(int(option), option.name, kind, rule, place, frozenset(types), live, unused, refused)


SOCKET_OPTIONS: tuple[Option, ...] = (
    # queues
    _row(zmq.SNDHWM, LIMIT, high_water_mark("sndhwm"), live=True),
    _row(zmq.RCVHWM, LIMIT, high_water_mark("rcvhwm"), live=True),
    _row(zmq.HWM, NOT_SET, Place(), refused="set SNDHWM and RCVHWM, or the attribute `hwm`"),
    _row(zmq.MAXMSGSIZE, Rule(ANY_INT.valid, "octets, negative for no limit"), field("maxmsgsize")),
    _row(zmq.CONFLATE, ZERO_OR_ONE, shared_with_pattern("conflate")),
    _row(zmq.IMMEDIATE, ZERO_OR_ONE, field("immediate", SWITCH)),
    # how long the caller waits
    _row(zmq.SNDTIMEO, FOR_EVER, field("sndtimeo", MILLISECONDS_OR_NONE), live=True),
    _row(zmq.RCVTIMEO, FOR_EVER, field("rcvtimeo", MILLISECONDS_OR_NONE), live=True),
    _row(zmq.LINGER, FOR_EVER, field("linger", MILLISECONDS_OR_NONE), live=True),
    _row(zmq.BLOCKY, NOT_SET, Place(), refused="an option of the context"),
    # what the socket tells
    _row(zmq.TYPE, NOT_SET, got_from(lambda core: int(core.type))),
    # The engine hands over whole messages: only a `Socket` in the midst of one can say otherwise.
    _row(zmq.RCVMORE, NOT_SET, got_from(lambda _: 0, 0)),
    _row(zmq.EVENTS, NOT_SET, got_from(lambda core: core.events())),
    _row(zmq.FD, NOT_SET, got_from(lambda core: core.export())),
    _row(zmq.LAST_ENDPOINT, NOT_SET, got_from(lambda core: core.last_endpoint.encode(), b"")),
    _row(zmq.THREAD_SAFE, NOT_SET, got_from(lambda core: int(core.type in _THREAD_SAFE), 0)),
    _row(zmq.TOPICS_COUNT, NOT_SET, counted_by_pattern("topics_count"), {zmq.SUB, zmq.XSUB, *_PUBLISHERS}),
    # who the socket is
    _row(zmq.ROUTING_ID, TEXT, field("routing_id")),
    _row(
        zmq.CONNECT_ROUTING_ID,
        Rule(lambda value: len(value) > 0, "1 octet or more, for the next connect"),
        write_only(field("connect_routing_id")),
        {*_ROUTERS, zmq.STREAM},
    ),
    _row(zmq.METADATA, PROPERTY, handed_to(add_property)),
    _row(
        zmq.AFFINITY,
        Rule(ANY_INT.valid, "a bit mask of IO threads"),
        field("affinity"),
        unused="there is one IO thread",
    ),
    # REQ, DEALER, ROUTER
    _row(zmq.REQ_CORRELATE, ON_OR_OFF, of_pattern("req_correlate"), {zmq.REQ}, live=True),
    _row(zmq.REQ_RELAXED, ON_OR_OFF, of_pattern("req_relaxed"), {zmq.REQ}, live=True),
    _row(zmq.PROBE_ROUTER, ON_OR_OFF, of_pattern("probe_router"), {*_ROUTERS, zmq.DEALER, zmq.REQ}, live=True),
    _row(zmq.ROUTER_MANDATORY, ON_OR_OFF, of_pattern("router_mandatory"), _ROUTERS, live=True),
    _row(zmq.ROUTER_HANDOVER, ON_OR_OFF, of_pattern("router_handover"), _ROUTERS, live=True),
    _row(zmq.ROUTER_RAW, ON_OR_OFF, write_only(field("router_raw", SWITCH)), _ROUTERS, unused="use a STREAM socket"),
    _row(zmq.ROUTER_NOTIFY, between(0, 3, "0 to 3"), field("router_notify"), {zmq.ROUTER}, unused=_NOT_YET),
    _row(zmq.STREAM_NOTIFY, ZERO_OR_ONE, of_pattern("stream_notify", default=1), {zmq.STREAM}, live=True),
    # publish-subscribe
    _row(
        zmq.SUBSCRIBE,
        ANY_OCTETS,
        handed_to(lambda core, topic: core.pattern.subscribe(topic)),
        {zmq.SUB, *_PUBLISHERS},
        live=True,
    ),
    _row(
        zmq.UNSUBSCRIBE,
        ANY_OCTETS,
        handed_to(lambda core, topic: core.pattern.unsubscribe(topic)),
        {zmq.SUB, *_PUBLISHERS},
        live=True,
    ),
    _row(zmq.INVERT_MATCHING, ANY_ON_OR_OFF, shared_with_pattern("invert_matching"), live=True),
    _row(zmq.XPUB_VERBOSE, ON_OR_OFF, of_pattern("xpub_verbose"), _PUBLISHERS, live=True),
    _row(zmq.XPUB_VERBOSER, ON_OR_OFF, of_pattern("xpub_verboser"), _PUBLISHERS, live=True),
    _row(zmq.XPUB_MANUAL, ON_OR_OFF, of_pattern("xpub_manual"), _PUBLISHERS, live=True),
    _row(zmq.XPUB_MANUAL_LAST_VALUE, ON_OR_OFF, of_pattern("xpub_manual_last_value"), _PUBLISHERS, live=True),
    _row(zmq.XPUB_NODROP, ON_OR_OFF, of_pattern("xpub_nodrop"), {*_PUBLISHERS, zmq.RADIO}, live=True),
    _row(zmq.XPUB_WELCOME_MSG, ANY_OCTETS, of_pattern("xpub_welcome_msg", AS_IS, b""), _PUBLISHERS, live=True),
    _row(zmq.ONLY_FIRST_SUBSCRIBE, ON_OR_OFF, of_pattern("only_first_subscribe"), {*_PUBLISHERS, zmq.XSUB}, live=True),
    _row(zmq.XSUB_VERBOSE_UNSUBSCRIBE, ANY_ON_OR_OFF, of_pattern("xsub_verbose_unsubscribe"), {zmq.XSUB}, live=True),
    # messages that the engine makes up
    _row(zmq.HELLO_MSG, ANY_OCTETS, write_only(field("hello_msg")), unused=_NOT_YET),
    _row(zmq.DISCONNECT_MSG, ANY_OCTETS, write_only(field("disconnect_msg")), unused=_NOT_YET),
    _row(zmq.HICCUP_MSG, ANY_OCTETS, write_only(field("hiccup_msg")), unused=_NOT_YET),
    # connections
    _row(zmq.RECONNECT_IVL, at_least(-1, "milliseconds, 0 and -1 for never"), field("reconnect_ivl", MILLISECONDS)),
    _row(zmq.RECONNECT_IVL_MAX, _OFF, field("reconnect_ivl_max", MILLISECONDS)),
    _row(zmq.RECONNECT_STOP, Rule(ANY_INT.valid, "bits of ReconnectStop"), field("reconnect_stop")),
    _row(zmq.CONNECT_TIMEOUT, _SYSTEM_LIMIT, field("connect_timeout", MILLISECONDS)),
    _row(zmq.HANDSHAKE_IVL, _NO_LIMIT, field("handshake_ivl", MILLISECONDS)),
    _row(zmq.HEARTBEAT_IVL, _OFF, field("heartbeat_ivl", MILLISECONDS)),
    _row(
        zmq.HEARTBEAT_TTL,
        between(0, 6_553_599, "0 to 6553599 milliseconds, of which it keeps whole tenths of a second"),
        field("heartbeat_ttl", TENTHS),
    ),
    _row(
        zmq.HEARTBEAT_TIMEOUT,
        at_least(0, "milliseconds; until it is set, HEARTBEAT_IVL's"),
        field("heartbeat_timeout", MILLISECONDS_OR_NONE),
    ),
    _row(zmq.IN_BATCH_SIZE, _POSITIVE, field("in_batch_size"), unused=_OWN_BATCHES),
    _row(zmq.OUT_BATCH_SIZE, _POSITIVE, field("out_batch_size"), unused=_OWN_BATCHES),
    # tcp and ipc
    _row(zmq.BACKLOG, at_least(0, "0 or more"), field("backlog")),
    _row(zmq.SNDBUF, SYSTEM, field("sndbuf")),
    _row(zmq.RCVBUF, SYSTEM, field("rcvbuf")),
    _row(zmq.USE_FD, at_least(-1, "a listening descriptor, -1 for none"), field("use_fd")),
    _row(zmq.IPV6, ZERO_OR_ONE, field("ipv6", SWITCH)),
    _row(zmq.IPV4ONLY, ZERO_OR_ONE, ipv4_only()),
    _row(zmq.TOS, at_least(0, "0 or more"), field("tos")),
    _row(zmq.PRIORITY, at_least(0, "0 or more"), field("priority")),
    _row(zmq.BUSY_POLL, Rule(ANY_INT.valid, "microseconds"), write_only(field("busy_poll"))),
    _row(zmq.BINDTODEVICE, octets(1, 16, "an interface's name of 1 to 16 octets"), field("bindtodevice")),
    _row(zmq.TCP_KEEPALIVE, between(-1, 1, "-1 for the system's default, 0 or 1"), field("tcp_keepalive")),
    _row(zmq.TCP_KEEPALIVE_CNT, at_least(-1, "probes, -1 for the system's default"), field("tcp_keepalive_cnt")),
    _row(zmq.TCP_KEEPALIVE_IDLE, _SECONDS, field("tcp_keepalive_idle")),
    _row(zmq.TCP_KEEPALIVE_INTVL, _SECONDS, field("tcp_keepalive_intvl")),
    _row(zmq.TCP_MAXRT, _SYSTEM_LIMIT, field("tcp_maxrt", MILLISECONDS)),
    _row(zmq.TCP_ACCEPT_FILTER, NETWORK, handed_to(add_accept_filter)),
    _row(zmq.IPC_FILTER_PID, Rule(ANY_INT.valid, "a process id"), one_more_id("ipc_filter_pid")),
    _row(zmq.IPC_FILTER_UID, Rule(ANY_INT.valid, "a user id"), one_more_id("ipc_filter_uid")),
    _row(zmq.IPC_FILTER_GID, Rule(ANY_INT.valid, "a group id"), one_more_id("ipc_filter_gid")),
    _row(zmq.SOCKS_PROXY, Rule(lambda value: len(value) > 0, "host:port"), field("socks_proxy")),
    _row(zmq.SOCKS_USERNAME, octets(0, 255), field("socks_username")),
    _row(zmq.SOCKS_PASSWORD, octets(0, 255), field("socks_password")),
    _row(zmq.LOOPBACK_FASTPATH, ANY_ON_OR_OFF, field("loopback_fastpath", SWITCH), unused="Windows has dropped it"),
    # security: the mechanism is that of the last of these that was set
    _row(zmq.MECHANISM, NOT_SET, got_from(mechanism_number, 0)),
    _row(zmq.PLAIN_SERVER, ZERO_OR_ONE, server_of(b"PLAIN")),
    _row(zmq.PLAIN_USERNAME, TEXT, credential("plain_username", b"PLAIN", of_client=True)),
    _row(zmq.PLAIN_PASSWORD, TEXT, credential("plain_password", b"PLAIN", of_client=True)),
    _row(zmq.CURVE_SERVER, ZERO_OR_ONE, server_of(b"CURVE")),
    _row(zmq.CURVE_PUBLICKEY, KEY, credential("curve_publickey", b"CURVE", KEY_UNIT, of_client=False)),
    _row(zmq.CURVE_SECRETKEY, KEY, credential("curve_secretkey", b"CURVE", KEY_UNIT, of_client=False)),
    _row(zmq.CURVE_SERVERKEY, KEY, credential("curve_serverkey", b"CURVE", KEY_UNIT, of_client=True)),
    _row(zmq.GSSAPI_SERVER, ZERO_OR_ONE, Place(), refused=_NO_GSSAPI),
    _row(zmq.GSSAPI_PRINCIPAL, TEXT, Place(), refused=_NO_GSSAPI),
    _row(zmq.GSSAPI_SERVICE_PRINCIPAL, TEXT, Place(), refused=_NO_GSSAPI),
    _row(zmq.GSSAPI_PLAINTEXT, ZERO_OR_ONE, Place(), refused=_NO_GSSAPI),
    _row(zmq.GSSAPI_PRINCIPAL_NAMETYPE, _NAMETYPE, Place(), refused=_NO_GSSAPI),
    _row(zmq.GSSAPI_SERVICE_PRINCIPAL_NAMETYPE, _NAMETYPE, Place(), refused=_NO_GSSAPI),
    _row(zmq.ZAP_DOMAIN, TEXT, field("zap_domain")),
    _row(zmq.ZAP_ENFORCE_DOMAIN, ANY_ON_OR_OFF, field("zap_enforce_domain", SWITCH)),
    _row(zmq.WSS_KEY_PEM, ANY_OCTETS, write_only(field("wss_key_pem")), unused=_NOT_YET),
    _row(zmq.WSS_CERT_PEM, ANY_OCTETS, write_only(field("wss_cert_pem")), unused=_NOT_YET),
    _row(zmq.WSS_TRUST_PEM, ANY_OCTETS, write_only(field("wss_trust_pem")), unused=_NOT_YET),
    _row(zmq.WSS_HOSTNAME, ANY_OCTETS, write_only(field("wss_hostname")), unused=_NOT_YET),
    _row(zmq.WSS_TRUST_SYSTEM, ZERO_OR_ONE, write_only(field("wss_trust_system", SWITCH)), unused=_NOT_YET),
    # transports that there are not
    _row(zmq.RATE, at_least(1, "kilobits a second, 1 or more"), field("rate"), unused=_NO_MULTICAST),
    _row(zmq.RECOVERY_IVL, at_least(0, "milliseconds"), field("recovery_ivl", MILLISECONDS), unused=_NO_MULTICAST),
    _row(zmq.MULTICAST_HOPS, _POSITIVE, field("multicast_hops"), unused=_NO_MULTICAST),
    _row(zmq.MULTICAST_MAXTPDU, _POSITIVE, field("multicast_maxtpdu"), unused=_NO_MULTICAST),
    _row(zmq.MULTICAST_LOOP, ANY_ON_OR_OFF, field("multicast_loop", SWITCH), unused=_NO_MULTICAST),
    _row(zmq.VMCI_BUFFER_SIZE, ANY_INT, write_only(field("vmci_buffer_size")), unused=_NO_VMCI),
    _row(zmq.VMCI_BUFFER_MIN_SIZE, ANY_INT, write_only(field("vmci_buffer_min_size")), unused=_NO_VMCI),
    _row(zmq.VMCI_BUFFER_MAX_SIZE, ANY_INT, write_only(field("vmci_buffer_max_size")), unused=_NO_VMCI),
    _row(zmq.VMCI_CONNECT_TIMEOUT, ANY_INT, write_only(field("vmci_connect_timeout")), unused=_NO_VMCI),
    _row(zmq.NORM_MODE, between(0, 4, "one of NormMode, 0 to 4"), field("norm_mode"), unused=_NO_NORM),
    _row(zmq.NORM_UNICAST_NACK, ZERO_OR_ONE, field("norm_unicast_nack", SWITCH), unused=_NO_NORM),
    _row(zmq.NORM_BUFFER_SIZE, at_least(1, "kilobytes, 1 or more"), field("norm_buffer_size"), unused=_NO_NORM),
    _row(zmq.NORM_SEGMENT_SIZE, _POSITIVE, field("norm_segment_size"), unused=_NO_NORM),
    _row(zmq.NORM_BLOCK_SIZE, between(1, 255, "1 to 255"), field("norm_block_size"), unused=_NO_NORM),
    _row(zmq.NORM_NUM_PARITY, between(0, 254, "0 to 254"), field("norm_num_parity"), unused=_NO_NORM),
    _row(zmq.NORM_NUM_AUTOPARITY, between(0, 254, "0 to 254"), field("norm_num_autoparity"), unused=_NO_NORM),
    _row(zmq.NORM_PUSH, ZERO_OR_ONE, field("norm_push", SWITCH), unused=_NO_NORM),
)

_OWN_THREADS = "purezmq's thread is an ordinary Python thread"
_ZERO_OR_MORE = at_least(0, "0 or more")


def _context_row(number: int, name: str, rule: Rule, place: Place, unused: str = "") -> Option:
    return Option(number, name, "int", rule, place, unused=unused)


def _kept(name: str, unit: Unit = AS_IS) -> Place:
    return field(name, unit, ContextOptions)


CONTEXT_OPTIONS: tuple[Option, ...] = (
    _context_row(1, "IO_THREADS", _ZERO_OR_MORE, _kept("io_threads")),
    _context_row(2, "MAX_SOCKETS", _POSITIVE, _kept("max_sockets")),
    # One number: SOCKET_LIMIT when it is read, THREAD_PRIORITY when it is set.
    _context_row(
        3,
        "SOCKET_LIMIT, THREAD_PRIORITY",
        _ZERO_OR_MORE,
        Place(lambda _: 65535, _kept("thread_priority").write, 65535),
        _OWN_THREADS,
    ),
    _context_row(4, "THREAD_SCHED_POLICY", _ZERO_OR_MORE, _kept("thread_sched_policy"), _OWN_THREADS),
    _context_row(5, "MAX_MSGSZ", _ZERO_OR_MORE, _kept("max_msgsz"), "MAXMSGSIZE limits what comes in"),
    _context_row(6, "MSG_T_SIZE", NOT_SET, Place(lambda _: 64, default=64)),
    _context_row(7, "THREAD_AFFINITY_CPU_ADD", _ZERO_OR_MORE, added_cpu(), _OWN_THREADS),
    _context_row(8, "THREAD_AFFINITY_CPU_REMOVE", _ZERO_OR_MORE, removed_cpu(), _OWN_THREADS),
    _context_row(9, "THREAD_NAME_PREFIX", ANY_INT, _kept("thread_name_prefix")),
    _context_row(10, "ZERO_COPY_RECV", ON_OR_OFF, _kept("zero_copy_recv", SWITCH), "large messages are never copied"),
    _context_row(42, "IPV6", ON_OR_OFF, _kept("ipv6", SWITCH)),
    _context_row(70, "BLOCKY", ON_OR_OFF, _kept("blocky", SWITCH)),
)

_BY_NUMBER = {option.number: option for option in SOCKET_OPTIONS}
_OF_CONTEXT = {option.number: option for option in CONTEXT_OPTIONS}

option_names: Mapping[str, Option] = {name: _BY_NUMBER[number] for name, number in zmq.SocketOption.__members__.items()}
"""The socket options by pyzmq's names, with its aliases."""


def socket_option(number: int) -> Option:
    """Return the row of a socket's option, or one that refuses whatever is asked. Raises TypeError for no number."""
    return _find(_BY_NUMBER, number)


def context_option(number: int) -> Option:
    """Return the row of a context's option, likewise."""
    return _find(_OF_CONTEXT, number)


def _find(table: Mapping[int, Option], number: int) -> Option:
    if not isinstance(number, int):
        raise TypeError(f"an option is an int, not {type(number).__name__}")
    return table.get(number) or Option(number, f"option {number}", "int", NOT_SET, Place(), refused="there is none")
