"""How a pattern says no. The layers above give each class pyzmq's errno."""


class UsageError(Exception):
    """The caller asked for something that the pattern does not do."""


class WrongDirection(UsageError):
    """This socket type never sends, or never receives (ENOTSUP)."""


class WrongState(UsageError):
    """Right operation, wrong moment: REQ and REP take turns (EFSM)."""


class Unroutable(UsageError):
    """ROUTER_MANDATORY, and no peer has this routing id (EHOSTUNREACH)."""


class BadValue(UsageError):
    """An option's value, or a message, that this type cannot take (EINVAL)."""
