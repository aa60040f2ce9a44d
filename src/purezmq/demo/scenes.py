"""All scenes of the demo, in the order in which they are shown."""

from . import pair, pipeline, publish_subscribe, request_reply
from .scene import Scene

SCENES: dict[str, Scene] = {
    module.SCENE.name: module.SCENE for module in (request_reply, publish_subscribe, pipeline, pair)
}
