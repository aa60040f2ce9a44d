"""What a scene of the demo consists of."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from .stage import Stage

Received = list[list[str]]
"""What one role received: messages, each a list of its parts."""

Role = Callable[[Stage], Received]


@dataclass(frozen=True)
class Check:
    """What must have come at the end of a scene, and what did."""

    what: str
    expected: Sequence[object]
    got: Sequence[object]

    @property
    def holds(self) -> bool:
        """Whether the very things that were expected came, in their order."""
        return list(self.got) == list(self.expected)

    def __str__(self) -> str:
        count = f"{self.what}: {len(self.got)} of {len(self.expected)}"
        return count if self.holds else f"{count}; expected {self.expected}, got {self.got}"


@dataclass(frozen=True)
class Scene:
    """One pattern: who takes part, over which transports, how to tell what came, and what must have come."""

    name: str
    transports: tuple[str, ...]
    names: tuple[str, ...]
    """What the roles bind, see `Stage.bind`."""
    roles: Mapping[str, Role]
    tell: Callable[[list[str]], str]
    """A received message in a few words."""
    check: Callable[[dict[str, Received]], Iterable[Check]]
    """Takes what each role received, by the role's name."""
