"""One process of a measurement: `python -m bench.child ORDER`; it prints its figures as JSON.

It plays one side of a scene or, where both belong into one process, both in two threads. It ends without tidying up,
because neither `close` nor `term` is measured, and it ends by itself when its time is over, with the stacks of its
threads on stderr.
"""

import faulthandler
import json
import os
import socket
import sys
import traceback
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait

from .channel import Channel
from .order import Order
from .scenes import find
from .scenes.scene import Figures, Scene, play_follow, play_lead
from .stage import Library, Stage


def play(order: Order) -> Figures:
    """Play the side, or both."""
    scene = find(order.scene, raw=order.module is None, awaited="loop" in order.settings)
    library = Library(order.module or "")

    def stage(connection: socket.socket) -> Stage:
        return Stage(library, Channel(connection), order.transport, order.address, order.settings)

    if order.channel is None:
        here, there = socket.socketpair()
        return play_both(scene, stage(here), stage(there), order.seconds)
    side = stage(socket.socket(fileno=order.channel))
    return play_lead(scene, side, order.seconds) if order.leads else play_follow(scene, side)


def play_both(scene: Scene, lead: Stage, follow: Stage, seconds: float) -> Figures:
    """Play both sides in threads. What they cost the process, both have measured; the follower did so for longer."""
    if lead.transport == "inproc":
        lead.library.open()
    pool = ThreadPoolExecutor(2)
    futures = [pool.submit(play_lead, scene, lead, seconds), pool.submit(play_follow, scene, follow)]
    for future in wait(futures, return_when=FIRST_EXCEPTION).done:
        future.result()
    figures, cost = (future.result() for future in futures)
    return figures | cost


def main() -> None:
    """Do what the command line says."""
    order = Order.decode(sys.argv[1])
    faulthandler.dump_traceback_later(order.limit, exit=True)
    try:
        print(json.dumps(play(order)), flush=True)
    except BaseException:  # noqa: BLE001 - whatever it is, the other thread may not end any more
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


if __name__ == "__main__":
    main()
