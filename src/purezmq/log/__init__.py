"""Logging over PUB sockets: the handler is in `handlers`, and `python -m purezmq.log ENDPOINT` shows what comes."""
