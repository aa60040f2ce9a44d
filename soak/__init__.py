"""The soak: a day's messages through purezmq.asyncio within minutes; nothing may be lost, and nothing may grow.

`python -m soak [SECONDS]`, or `make soak`. The traffic is in `scenes`, what is watched in `watch`.
"""
