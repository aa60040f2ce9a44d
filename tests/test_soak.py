"""The soak itself: a short one goes well, and it finds whatever leaks, and whatever is lost."""

import random

import pytest

from soak.watch import growth, noise
from tests.helpers.processes import Program

SECONDS = "2"
RUN = "import sys; from soak.__main__ import main; sys.exit(main(float(sys.argv[1])))"

LEAKS = f"""
import asyncio, os
from soak.scenes import Pipeline

kept, take = [], Pipeline.take

def take_and_keep(pipeline, message):
    kept.append(bytearray(2000))
    if pipeline.arrived % 500 == 0:
        os.dup(0)
        kept.append(asyncio.create_task(asyncio.Event().wait()))
    take(pipeline, message)

Pipeline.take = take_and_keep
{RUN}
"""

LOSSES = {
    "pipeline": ("Pipeline", "self.arrived == 2000 and number_of(words[0]) == 2000"),
    "newcomers": ("Newcomers", "words[0] == b'3' and number_of(words[1]) == 77"),
}
LOSS = f"""
from soak import scenes
from soak.scenes import number_of
scene = getattr(scenes, "{{scene}}")
take, lost = scene.take, []

def take_but_one(self, *words):
    if not lost and {{when}}:
        lost.append(words)
    else:
        take(self, *words)

scene.take = take_but_one
{RUN}
"""


def soak(program: str) -> tuple[int, list[str]]:
    with Program.script(program, SECONDS) as running:
        return running.wait(50), running.rest()


def test_a_short_soak_goes_well():
    status, lines = soak(RUN)
    assert lines[-1] == "nothing was lost, and nothing grew"
    assert status == 0


def test_whatever_leaks_is_found():
    status, lines = soak(LEAKS)
    assert status == 1
    found = {text.split(" grew")[0] for text in lines[-1].removeprefix("FAILED: ").split("; ")}
    assert found >= {"resident memory", "descriptors", "tasks"}


@pytest.mark.parametrize("name", LOSSES)
def test_a_message_that_is_lost_is_found(name):
    scene, when = LOSSES[name]
    status, lines = soak(LOSS.format(scene=scene, when=when))
    assert status == 1
    assert lines[-1].startswith(f"FAILED: {name}: expected ")


def test_noise_is_no_growth():
    noise = random.Random(1)
    assert abs(growth([50 + noise.gauss(0, 1) for _ in range(60)])) < 1
    assert growth([7] * 50 + [700, 600]) == 0


def test_a_trend_within_noise_is_growth():
    noise = random.Random(1)
    assert 9 < growth([50 + i / 6 + noise.gauss(0, 1) for i in range(60)]) < 11


def test_too_few_values_do_not_grow():
    assert growth([]) == growth([1]) == 0


def test_growth_is_no_noise():
    steady = [100 + 3 * number for number in range(60)]
    assert noise(steady) == 0
    random_numbers = random.Random(1)
    assert 0.5 < noise([value + random_numbers.gauss(0, 1) for value in steady]) < 0.9
