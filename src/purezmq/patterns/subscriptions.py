"""Subscriptions: byte prefixes, looked up by the topic of a message (RFC 29, "matching").

A table of prefixes, as a dictionary and the tuple of the lengths that occur in it. The prefixes of a topic are its
first 0, 1, 2 ... octets, so the ones in the table are found with one look-up for each length that occurs and is not
longer than the topic: 100,000 subscriptions cost what one does. Most applications use a handful of lengths; a trie
would visit each octet, and Python pays for each visit as much as for hashing the whole of a short topic.

Publishers and subscribers count differently (both are observed of libzmq): a publisher keeps a *set* of pipes for each
prefix, so that one CANCEL undoes any number of SUBSCRIBEs from one connection; a subscriber counts, and only the last
of as many unsubscriptions as there were subscriptions goes upstream. Imports from this package only.
"""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from typing import Any

from .message import Message, Part, as_parts, first_part
from .pipe import Pipe

NOBODY: frozenset[Pipe] = frozenset()

MATCHES = 16384
"""Topics whose answers are remembered at most."""


class PrefixTable:
    """A value for each prefix."""

    def __init__(self) -> None:
        self._values: dict[bytes, Any] = {}
        self._count_of_length: dict[int, int] = {}  # length -> how many of the prefixes have it
        self._lengths: tuple[int, ...] = ()  # the same, in ascending order
        self._longest = 0

    def __len__(self) -> int:
        return len(self._values)

    def __contains__(self, prefix: object) -> bool:
        return prefix in self._values

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._values)

    def covers(self, topic: Part) -> bool:
        """Whether some prefix of the topic is in the table."""
        if type(topic) is not bytes:
            topic = self._cut(topic)
        size = len(topic)
        values = self._values
        for length in self._lengths:
            if length > size:
                break
            if topic[:length] in values:
                return True
        return False

    def _cut(self, topic: Part) -> bytes:
        """As much of the topic as can matter: it may be a memoryview of a large message."""
        return bytes(topic[: self._longest])

    def _insert(self, prefix: bytes, value: object) -> None:
        """Enter a new prefix."""
        self._values[prefix] = value
        count = self._count_of_length.get(len(prefix), 0)
        self._count_of_length[len(prefix)] = count + 1
        if not count:
            self._lengths_changed()
        self._changed()

    def _delete(self, prefix: bytes) -> None:
        """Take out a prefix that is in the table."""
        del self._values[prefix]
        self._count_of_length[len(prefix)] -= 1
        if not self._count_of_length[len(prefix)]:
            del self._count_of_length[len(prefix)]
            self._lengths_changed()
        self._changed()

    def _lengths_changed(self) -> None:
        self._lengths = tuple(sorted(self._count_of_length))
        self._longest = self._lengths[-1] if self._lengths else 0

    def _changed(self) -> None:
        """What was learnt of the table holds no longer."""


class PeerSubscriptions(PrefixTable):
    """A publisher's table: the set of pipes that want a topic."""

    def __init__(self) -> None:
        super().__init__()
        self._topics_of: dict[Pipe, set[bytes]] = {}
        self._matches: dict[bytes, frozenset[Pipe]] = {}  # what was looked up since the table changed
        self._answers: dict[frozenset[Pipe], frozenset[Pipe]] = {}  # the same set for the same pipes

    def match(self, topic: Part) -> frozenset[Pipe]:
        """The pipes with a prefix of this topic; the very same set when it is the same pipes as for another topic."""
        if type(topic) is not bytes:
            topic = self._cut(topic)
        key = topic[: self._longest]
        found = self._matches.get(key)
        if found is None:
            pipes = frozenset(self._look_up(key))
            found = self._answers.setdefault(pipes, pipes)
            if len(self._matches) >= MATCHES:
                self._matches.clear()
            self._matches[key] = found
        return found

    def runs(self, messages: list[Message]) -> list[tuple[list[Message], frozenset[Pipe]]]:
        """The messages in pieces that match the same pipes each, and these pipes."""
        runs = []
        start = 0
        pipes = self.match(first_part(messages[0]))
        for at in range(1, len(messages)):
            found = self.match(first_part(messages[at]))
            if found is not pipes:
                runs.append((messages[start:at], pipes))
                start, pipes = at, found
        runs.append((messages[start:] if start else messages, pipes))
        return runs

    def _changed(self) -> None:
        self._matches.clear()
        self._answers.clear()

    def _look_up(self, topic: bytes) -> AbstractSet[Pipe]:
        size = len(topic)
        values = self._values
        found: AbstractSet[Pipe] = NOBODY
        for length in self._lengths:
            if length > size:
                break
            prefix = topic[:length]
            if prefix in values:
                found = found | values[prefix] if found else values[prefix]
        return found

    def add(self, topic: bytes, pipe: Pipe) -> bool:
        """Enter the pipe; whether it is the first for this topic."""
        self._topics_of.setdefault(pipe, set()).add(topic)
        pipes = self._values.get(topic)
        if pipes is None:
            self._insert(topic, {pipe})
            return True
        pipes.add(pipe)
        self._changed()
        return False

    def remove(self, topic: bytes, pipe: Pipe) -> None:
        """Take the pipe out, if it is in. `topic in table` tells whether others remain."""
        topics = self._topics_of.get(pipe)
        if topics is None or topic not in topics:
            return
        topics.remove(topic)
        if not topics:
            del self._topics_of[pipe]
        pipes = self._values[topic]
        pipes.remove(pipe)
        if pipes:
            self._changed()
        else:
            self._delete(topic)

    def leave(self, pipe: Pipe) -> list[bytes]:
        """Take the pipe out everywhere: the topics that it had."""
        topics = list(self._topics_of.get(pipe, ()))
        for topic in topics:
            self.remove(topic, pipe)
        return topics


class OwnSubscriptions(PrefixTable):
    """A subscriber's table: how often each topic was subscribed to. Iterating gives each topic once."""

    def add(self, topic: bytes) -> None:
        """Count one subscription more."""
        if topic in self._values:
            self._values[topic] += 1
        else:
            self._insert(topic, 1)

    def remove(self, topic: bytes) -> bool:
        """Count one less; whether it was the last. False as well for a topic that was not subscribed to."""
        count: int = self._values.get(topic, 0)
        if count > 1:
            self._values[topic] = count - 1
        elif count:
            self._delete(topic)
        return count == 1


# Subscriptions as ordinary messages (ZMTP 2.0 and 3.0, RFC 23; and XSUB.send, XPUB.recv): a 1 or a 0, then the topic.

SUBSCRIBE = b"\x01"
CANCEL = b"\x00"


def is_subscription(part: Part) -> bool:
    """Whether a part subscribes or cancels. An empty part is user data."""
    return len(part) > 0 and part[0] <= 1


def split(message: Message, *, only_first: bool) -> tuple[list[Part], list[Part]]:
    """A message's subscriptions, and its other parts.

    Each part of a message may be a subscription; with ONLY_FIRST_SUBSCRIBE the first may, the rest is user data.
    """
    parts = as_parts(message)
    examined = 1 if only_first else len(parts)
    subscriptions = [part for part in parts[:examined] if is_subscription(part)]
    others = [part for part in parts[:examined] if not is_subscription(part)]
    return subscriptions, others + parts[examined:]
