"""The types of options as attributes, for type checkers alone: nothing imports this at run time.

`attributes` makes the attributes in a loop, which type checkers do not run; here they are written out. Options that a
Socket has otherwise (`type`, `FD`, `hwm`, `subscribe`) are not here. Imports nothing of ours.
"""

from typing import NoReturn

__all__ = ["ContextOptionTypes", "SocketOptionTypes"]


class IntOption:
    """An option whose value is a number."""

    def __get__(self, owner: object, owner_class: object = None) -> int:
        raise NotImplementedError

    def __set__(self, owner: object, value: int) -> None:
        raise NotImplementedError


class BytesOption:
    """An option whose value is octets."""

    def __get__(self, owner: object, owner_class: object = None) -> bytes:
        raise NotImplementedError

    def __set__(self, owner: object, value: bytes) -> None:
        raise NotImplementedError


class TopicOption:
    """An option that can only be set, to octets or to a text."""

    def __get__(self, owner: object, owner_class: object = None) -> NoReturn:
        raise NotImplementedError

    def __set__(self, owner: object, value: str | bytes) -> None:
        raise NotImplementedError


class SocketOptionTypes:
    """The options of a Socket; those of a Context, for the sockets that it makes."""

    affinity = AFFINITY = IntOption()
    rate = RATE = IntOption()
    recovery_ivl = RECOVERY_IVL = IntOption()
    sndbuf = SNDBUF = IntOption()
    rcvbuf = RCVBUF = IntOption()
    rcvmore = RCVMORE = IntOption()
    events = EVENTS = IntOption()
    linger = LINGER = IntOption()
    reconnect_ivl = RECONNECT_IVL = IntOption()
    backlog = BACKLOG = IntOption()
    reconnect_ivl_max = RECONNECT_IVL_MAX = IntOption()
    maxmsgsize = MAXMSGSIZE = IntOption()
    sndhwm = SNDHWM = IntOption()
    rcvhwm = RCVHWM = IntOption()
    multicast_hops = MULTICAST_HOPS = IntOption()
    rcvtimeo = RCVTIMEO = IntOption()
    sndtimeo = SNDTIMEO = IntOption()
    ipv4only = IPV4ONLY = IntOption()
    router_mandatory = ROUTER_MANDATORY = IntOption()
    fail_unroutable = FAIL_UNROUTABLE = IntOption()
    router_behavior = ROUTER_BEHAVIOR = IntOption()
    tcp_keepalive = TCP_KEEPALIVE = IntOption()
    tcp_keepalive_cnt = TCP_KEEPALIVE_CNT = IntOption()
    tcp_keepalive_idle = TCP_KEEPALIVE_IDLE = IntOption()
    tcp_keepalive_intvl = TCP_KEEPALIVE_INTVL = IntOption()
    immediate = IMMEDIATE = IntOption()
    delay_attach_on_connect = DELAY_ATTACH_ON_CONNECT = IntOption()
    xpub_verbose = XPUB_VERBOSE = IntOption()
    router_raw = ROUTER_RAW = IntOption()
    ipv6 = IPV6 = IntOption()
    mechanism = MECHANISM = IntOption()
    plain_server = PLAIN_SERVER = IntOption()
    curve_server = CURVE_SERVER = IntOption()
    probe_router = PROBE_ROUTER = IntOption()
    req_correlate = REQ_CORRELATE = IntOption()
    req_relaxed = REQ_RELAXED = IntOption()
    conflate = CONFLATE = IntOption()
    router_handover = ROUTER_HANDOVER = IntOption()
    tos = TOS = IntOption()
    ipc_filter_pid = IPC_FILTER_PID = IntOption()
    ipc_filter_uid = IPC_FILTER_UID = IntOption()
    ipc_filter_gid = IPC_FILTER_GID = IntOption()
    gssapi_server = GSSAPI_SERVER = IntOption()
    gssapi_plaintext = GSSAPI_PLAINTEXT = IntOption()
    handshake_ivl = HANDSHAKE_IVL = IntOption()
    xpub_nodrop = XPUB_NODROP = IntOption()
    blocky = BLOCKY = IntOption()
    xpub_manual = XPUB_MANUAL = IntOption()
    stream_notify = STREAM_NOTIFY = IntOption()
    invert_matching = INVERT_MATCHING = IntOption()
    heartbeat_ivl = HEARTBEAT_IVL = IntOption()
    heartbeat_ttl = HEARTBEAT_TTL = IntOption()
    heartbeat_timeout = HEARTBEAT_TIMEOUT = IntOption()
    xpub_verboser = XPUB_VERBOSER = IntOption()
    connect_timeout = CONNECT_TIMEOUT = IntOption()
    tcp_maxrt = TCP_MAXRT = IntOption()
    thread_safe = THREAD_SAFE = IntOption()
    multicast_maxtpdu = MULTICAST_MAXTPDU = IntOption()
    vmci_buffer_size = VMCI_BUFFER_SIZE = IntOption()
    vmci_buffer_min_size = VMCI_BUFFER_MIN_SIZE = IntOption()
    vmci_buffer_max_size = VMCI_BUFFER_MAX_SIZE = IntOption()
    vmci_connect_timeout = VMCI_CONNECT_TIMEOUT = IntOption()
    use_fd = USE_FD = IntOption()
    gssapi_principal_nametype = GSSAPI_PRINCIPAL_NAMETYPE = IntOption()
    gssapi_service_principal_nametype = GSSAPI_SERVICE_PRINCIPAL_NAMETYPE = IntOption()
    zap_enforce_domain = ZAP_ENFORCE_DOMAIN = IntOption()
    loopback_fastpath = LOOPBACK_FASTPATH = IntOption()
    multicast_loop = MULTICAST_LOOP = IntOption()
    router_notify = ROUTER_NOTIFY = IntOption()
    xpub_manual_last_value = XPUB_MANUAL_LAST_VALUE = IntOption()
    in_batch_size = IN_BATCH_SIZE = IntOption()
    out_batch_size = OUT_BATCH_SIZE = IntOption()
    wss_trust_system = WSS_TRUST_SYSTEM = IntOption()
    only_first_subscribe = ONLY_FIRST_SUBSCRIBE = IntOption()
    reconnect_stop = RECONNECT_STOP = IntOption()
    priority = PRIORITY = IntOption()
    busy_poll = BUSY_POLL = IntOption()
    xsub_verbose_unsubscribe = XSUB_VERBOSE_UNSUBSCRIBE = IntOption()
    topics_count = TOPICS_COUNT = IntOption()
    norm_mode = NORM_MODE = IntOption()
    norm_unicast_nack = NORM_UNICAST_NACK = IntOption()
    norm_buffer_size = NORM_BUFFER_SIZE = IntOption()
    norm_segment_size = NORM_SEGMENT_SIZE = IntOption()
    norm_block_size = NORM_BLOCK_SIZE = IntOption()
    norm_num_parity = NORM_NUM_PARITY = IntOption()
    norm_num_autoparity = NORM_NUM_AUTOPARITY = IntOption()
    norm_push = NORM_PUSH = IntOption()
    routing_id = ROUTING_ID = BytesOption()
    identity = IDENTITY = BytesOption()
    last_endpoint = LAST_ENDPOINT = BytesOption()
    tcp_accept_filter = TCP_ACCEPT_FILTER = BytesOption()
    plain_username = PLAIN_USERNAME = BytesOption()
    plain_password = PLAIN_PASSWORD = BytesOption()
    curve_publickey = CURVE_PUBLICKEY = BytesOption()
    curve_secretkey = CURVE_SECRETKEY = BytesOption()
    curve_serverkey = CURVE_SERVERKEY = BytesOption()
    zap_domain = ZAP_DOMAIN = BytesOption()
    connect_routing_id = CONNECT_ROUTING_ID = BytesOption()
    connect_rid = CONNECT_RID = BytesOption()
    gssapi_principal = GSSAPI_PRINCIPAL = BytesOption()
    gssapi_service_principal = GSSAPI_SERVICE_PRINCIPAL = BytesOption()
    socks_proxy = SOCKS_PROXY = BytesOption()
    xpub_welcome_msg = XPUB_WELCOME_MSG = BytesOption()
    bindtodevice = BINDTODEVICE = BytesOption()
    metadata = METADATA = BytesOption()
    socks_username = SOCKS_USERNAME = BytesOption()
    socks_password = SOCKS_PASSWORD = BytesOption()
    wss_key_pem = WSS_KEY_PEM = BytesOption()
    wss_cert_pem = WSS_CERT_PEM = BytesOption()
    wss_trust_pem = WSS_TRUST_PEM = BytesOption()
    wss_hostname = WSS_HOSTNAME = BytesOption()
    hello_msg = HELLO_MSG = BytesOption()
    disconnect_msg = DISCONNECT_MSG = BytesOption()
    hiccup_msg = HICCUP_MSG = BytesOption()
    fd = IntOption()
    HWM = IntOption()
    SUBSCRIBE = UNSUBSCRIBE = TopicOption()
    TYPE = IntOption()


class ContextOptionTypes(SocketOptionTypes):
    """The options of a Context."""

    io_threads = IO_THREADS = IntOption()
    max_sockets = MAX_SOCKETS = IntOption()
    socket_limit = SOCKET_LIMIT = IntOption()
    thread_priority = THREAD_PRIORITY = IntOption()
    thread_sched_policy = THREAD_SCHED_POLICY = IntOption()
    max_msgsz = MAX_MSGSZ = IntOption()
    msg_t_size = MSG_T_SIZE = IntOption()
    thread_affinity_cpu_add = THREAD_AFFINITY_CPU_ADD = IntOption()
    thread_affinity_cpu_remove = THREAD_AFFINITY_CPU_REMOVE = IntOption()
    thread_name_prefix = THREAD_NAME_PREFIX = IntOption()
