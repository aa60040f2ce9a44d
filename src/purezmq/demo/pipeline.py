"""Pipeline (RFC 30): a ventilator, three workers, a sink; a share per worker, nothing lost, nothing twice.

PUSH gives messages in turn to the workers that are connected, so the first one would get most of the work if it were
alone. The ventilator therefore repeats a test message until each worker has said, on another socket, that it has
received one; what follows is shared by all.
"""

from collections.abc import Iterator
from functools import partial

import purezmq as zmq

from .scene import Check, Received, Scene
from .stage import Stage, receive, repeat_until_present, send

WORKERS = ["Wim", "Xia", "Yan"]
TASKS = range(1, 31)
TEST, END = ["test"], ["end"]


def distribute(stage: Stage) -> Received:
    """Wait for the workers, then hand out the tasks, and an end to each worker."""
    with stage.bind(zmq.PULL, "ready") as ready, stage.bind(zmq.PUSH, "tasks") as tasks:
        present = repeat_until_present(tasks, TEST, ready, set(WORKERS))
        for task in TASKS:
            send(tasks, task)
        for _ in WORKERS:
            send(tasks, *END)
    return present


def work(name: str, stage: Stage) -> Received:
    """Square what comes and pass it on, until the end."""
    done: Received = []
    with (
        stage.connect(zmq.PULL, "tasks") as tasks,
        stage.connect(zmq.PUSH, "ready") as ready,
        stage.connect(zmq.PUSH, "results") as results,
    ):
        task = receive(tasks)
        send(ready, name)
        while task != END:
            if task != TEST:
                done.append(task)
                send(results, name, task[0], int(task[0]) ** 2)
            task = receive(tasks)
        send(results, name, *END)
    return done


def collect(stage: Stage) -> Received:
    """Take results until each worker has come to its end."""
    collected: Received = []
    at_work = set(WORKERS)
    with stage.bind(zmq.PULL, "results") as results:
        while at_work:
            name, *result = receive(results)
            if result == END:
                at_work.remove(name)
            else:
                collected.append([name, *result])
    return collected


def tell(message: list[str]) -> str:
    """`7` at a worker, `7*7=49` at the sink, `Wim is ready` at the ventilator."""
    match message:
        case [_, task, square]:
            return f"{task}*{task}={square}"
        case [name] if name in WORKERS:
            return f"{name} is ready"
        case _:
            return message[0]


def check(received: dict[str, Received]) -> Iterator[Check]:
    """Each worker has the same share, each task was done once, each result came once."""
    yield Check("the ventilator's workers", sorted([name] for name in WORKERS), sorted(received["ventilator"]))
    tasks = [[str(task)] for task in TASKS]
    for name in WORKERS:
        share = len(TASKS) // len(WORKERS)
        yield Check(f"{name}'s share", [name] * share, [name] * len(received[name]))
    done = sorted((task for name in WORKERS for task in received[name]), key=by_number)
    yield Check("tasks done by all workers", tasks, done)
    results = [[str(task), str(task**2)] for task in TASKS]
    collected = sorted((result[1:] for result in received["sink"]), key=by_number)
    yield Check("the sink's results", results, collected)


def by_number(message: list[str]) -> int:
    """Sort tasks and results by the task's number."""
    return int(message[0])


SCENE = Scene(
    name="pipeline",
    transports=("tcp", "ipc", "inproc"),
    names=("ready", "tasks", "results"),
    roles={"ventilator": distribute, "sink": collect} | {name: partial(work, name) for name in WORKERS},
    tell=tell,
    check=check,
)
