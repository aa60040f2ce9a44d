"""The demo: `python -m purezmq demo` shows the classic patterns at work and counts what arrived.

A *scene* is one pattern with its roles (request_reply.py, publish_subscribe.py, pipeline.py, pair.py). A role is a
function that is given a *stage* (stage.py): it binds or connects by name and returns what it received. The same roles
run as processes of their own over tcp and ipc, and as threads of one process over inproc (role.py); the director
(director.py) starts them, collects what they received, and gives up on those that do not answer in time. Everything
is written against the public API, as a user's program would be.
"""
