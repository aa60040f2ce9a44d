"""What the tests of ZMQStream wait with."""

import asyncio


async def until(condition):
    while not condition():  # noqa: ASYNC110 (whatever brings it about knows nothing of events)
        await asyncio.sleep(0.001)


class Inbox:
    """A callback that keeps what it is called with."""

    def __init__(self):
        self.calls = []

    def __call__(self, *arguments):
        self.calls.append(arguments)

    @property
    def messages(self):
        """The first of the arguments of each call."""
        return [arguments[0] for arguments in self.calls]

    async def until(self, count):
        """Wait for so many calls, and be sure that there are no more: those of them."""
        await until(lambda: len(self.calls) >= count)
        await asyncio.sleep(0.005)
        assert len(self.calls) == count
        return self.messages
