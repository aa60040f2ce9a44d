"""ZMTP, the wire protocol: bytes in, events out. No socket, no thread, no clock; imports nothing of ours from outside.

connection      what the layers above use, with `local` (what it is told), `events` and `errors` (what it tells)
handshake       from the first octet to the first message, by the table in `states`
greeting        the octets of all dialects' greetings         commands    bodies of commands, metadata
mechanism       what NULL, PLAIN and CURVE have in common     null        the one that does nothing
frame           frames of ZMTP 2.0 and 3.x; hot, compiled     legacy      frames of ZMTP 1.0
body            memory for a large frame                      reader      octets for the handshake
"""
