"""What a process of a measurement is told to do."""

import json
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Order:
    """One side of a scene, or both sides: then there is no channel, which otherwise is an inherited descriptor.

    Without a module it is the raw scene. `seconds` is what the measured run should take, `limit` what all may.
    """

    module: str | None
    scene: str
    leads: bool
    channel: int | None
    transport: str
    address: str
    settings: dict[str, Any]
    seconds: float
    limit: float

    def encode(self) -> str:
        """For the command line."""
        return json.dumps(asdict(self))

    @classmethod
    def decode(cls, text: str) -> "Order":
        """From the command line."""
        return cls(**json.loads(text))
