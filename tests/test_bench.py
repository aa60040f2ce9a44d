"""The benchmarks: what they make of figures, and that each kind of workload runs. No figure is expected to be good."""

import re
import sys
from dataclasses import replace

import psutil
import pytest

from bench import comparison, contenders, tournament
from bench.contenders import BLOCKING, Contender
from bench.documents import BEGIN, END, NoBlock, full, replaced, short
from bench.goals import GOALS, Goal
from bench.measure import Failed, measure
from bench.metrics import METRICS, written
from bench.results import Result, newest
from bench.samples import exceeds, percentile, spread
from bench.standing import COUNTERPART, standing
from bench.table import Line, as_markdown, headlines, make, measured
from bench.tournament import bouts
from bench.workloads import HEADLINES, WORKLOADS, Workload, chosen

RATE = "PUSH-PULL tcp 10 B"
TIME = "REQ-REP tcp"


def result(rates=(), times=(), **other):
    """A result with the rates and times of each round, by contender."""
    made = Result(
        date="2025-01-02T03:04:05Z",
        commit="abc1234",
        machine="linux-x86_64-2cores-py3.11",
        cpu="a processor",
        cores=2,
        python="3.11.7",
        extent="full",
        rounds=3,
        seconds=0.3,
        versions={"compiled": "1.0", "interpreted": "1.0", "pyzmq": "27.0", "pyomq": "0.1"},
        absent={},
    )
    for workload, metric, figures in ((RATE, "rate", dict(rates)), (TIME, "p50", dict(times))):
        made.samples[workload] = {
            name: [None if value is None else {metric: value} for value in values] for name, values in figures.items()
        }
    return replace(made, **other)


# Numbers


def test_a_percentile_is_one_of_the_values():
    values = [5, 1, 4, 2, 3]
    assert [percentile(values, percent) for percent in (0, 20, 21, 50, 99, 100)] == [1, 1, 2, 3, 5, 5]


def test_the_spread_is_half_of_the_distance_between_the_quartiles():
    assert spread([90, 95, 100, 105, 1000]) == 0.05
    assert spread([7]) == 0


def test_pairs_are_counted_that_exceed():
    assert exceeds([3, 4], [1, 2]) == 1
    assert exceeds([1, 3], [2, 3]) == (0 + 0 + 1 + 0.5) / 4


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (1_254_000, "/s", "1.25 M/s"),
        (999_900, "/s", "1.00 M/s"),
        (41.23e-6, "s", "41.2 µs"),
        (0, "s", "0.00 ns"),
        (640e6, "B/s", "640 MB/s"),
        (12, "B", "12.0 B"),
        (-5e-3, "s", "-5.00 ms"),
    ],
)
def test_a_figure_is_written_with_three_digits(value, unit, text):
    assert written(value, unit) == text


# Goals and standings


def test_each_goal_is_of_a_workload_and_a_metric_that_there_are():
    names = {workload.name for workload in WORKLOADS}
    assert {goal.workload for goal in GOALS} <= names
    assert {goal.metric for goal in GOALS} <= METRICS.keys()
    assert len({(goal.workload, goal.metric, goal.against) for goal in GOALS}) == len(GOALS)
    assert {COUNTERPART[goal.workload] for goal in GOALS if goal.against == BLOCKING} <= names


def test_a_rate_is_to_be_higher_and_a_time_lower():
    rate, time = Goal(RATE, "rate", 1.5, 3.5), Goal(TIME, "p50", None, 0.5)
    assert [rate.reached("interpreted", ratio) for ratio in (1.4, 1.5)] == [False, True]
    assert [rate.reached("compiled", ratio) for ratio in (3.4, 3.6)] == [False, True]
    assert [time.reached("compiled", ratio) for ratio in (0.4, 0.6)] == [True, False]
    assert time.reached("interpreted", 9.0) is None
    assert rate.reached("pyomq", 9.0) is None


def test_a_standing_has_the_ratio_of_the_medians():
    held = result(rates={"compiled": [300, 400, 350], "pyzmq": [100, 90, 1000]})
    found = standing(held, RATE, "compiled", "rate", "pyzmq")
    assert (found.value, found.ratio, found.reached) == (350, 3.5, True)


def test_behind_pyomq_is_who_is_worse_in_every_round():
    held = result(
        rates={"compiled": [1, 3], "interpreted": [1, 1], "pyomq": [2, 2]},
        times={"compiled": [1, 1], "interpreted": [3, 3], "pyomq": [2, 2]},
    )
    behind = {
        (workload, name): standing(held, workload, name, metric, "pyzmq").behind
        for workload, metric in ((RATE, "rate"), (TIME, "p50"))
        for name in ("compiled", "interpreted", "pyomq")
    }
    assert {key for key, value in behind.items() if value} == {(RATE, "interpreted"), (TIME, "interpreted")}


def test_without_figures_there_is_no_standing_and_without_pyzmq_no_ratio():
    held = result(rates={"compiled": [300]})
    assert standing(held, RATE, "interpreted", "rate", "pyzmq") is None
    assert standing(held, RATE, "compiled", "rate", "pyzmq").ratio is None


def test_what_is_awaited_is_compared_with_blocking_calls_of_the_same_contender():
    held = result(times={"compiled": [10, 20], "pyzmq": [100, 100]})
    held.samples[f"asyncio {TIME}"] = {"compiled": [{"p50": 30.0}], "pyzmq": [{"p50": 150.0}]}
    ours, theirs = (standing(held, f"asyncio {TIME}", name, "p50", BLOCKING) for name in ("compiled", "pyzmq"))
    assert (ours.ratio, ours.reached) == (2.0, False)
    assert (theirs.ratio, theirs.reached) == (1.5, None)


# The table and the documents


def test_the_table_shows_ratios_verdicts_and_failures():
    held = result(
        rates={"compiled": [200] * 3, "pyzmq": [100] * 3, "pyomq": [None] * 3},
        failures={RATE: {"pyomq": ["it hung", "it hung again"]}},
    )
    table = make(held, headlines(measured(held)))
    assert table.body == [[RATE, "200 /s ×2.00 ±0% ✗", "–", "100 /s ±0%", "– [1]", "≥ 1.5 / 3.5"]]
    assert table.notes == [f"pyomq, {RATE}: failed 2 of 3 times: it hung again"]


def test_who_is_absent_is_shown_with_the_reason():
    held = result(rates={"pyzmq": [100]}, versions={"pyzmq": "27.0"}, absent={"compiled": "no compiler"})
    table = make(held, headlines(measured(held)))
    assert table.head == ["", "compiled", "pyzmq 27.0", "goal"]
    assert table.notes == ["compiled is absent: no compiler"]


def test_a_line_without_its_comparison_is_left_out():
    held = result()
    held.samples = {f"asyncio {TIME}": {"compiled": [{"p50": 30.0}]}}
    assert [row[0] for row in make(held, headlines(measured(held))).body] == [f"asyncio {TIME}"]
    held.samples[TIME] = {"compiled": [{"p50": 10.0}]}
    assert f"asyncio {TIME}, beside blocking calls" in [row[0] for row in make(held, headlines(measured(held))).body]


def test_a_table_is_markdown_too():
    held = result(rates={"compiled": [400], "pyzmq": [100]})
    lines = as_markdown(make(held, [Line(RATE, "rate")])).splitlines()
    assert len({line.count("|") for line in lines}) == 1
    assert lines[2].startswith(f"| {RATE} | 400 /s ×4.00 ±0% ✓ |")


def test_the_block_between_the_markers_is_replaced():
    document = f"above\n{BEGIN}\nold\n{END}\nbelow\n"
    once = replaced(document, "new")
    assert once == f"above\n{BEGIN}\nnew\n{END}\nbelow\n"
    assert replaced(once, "new") == once


@pytest.mark.parametrize(
    "document", ["", BEGIN, f"{END} {BEGIN}", f"{BEGIN} {END} {END}", f"{BEGIN} {BEGIN} {END}"], ids=repr
)
def test_a_document_without_the_two_markers_is_refused(document):
    with pytest.raises(NoBlock, match="once each"):
        replaced(document, "new")


def test_the_documents_show_the_headlines_and_everything():
    held = result(rates={"compiled": [400], "pyzmq": [100]}, times={"compiled": [1], "pyzmq": [2]})
    held.samples["REQ-REP ipc"] = {"pyzmq": [{"p50": 1.0, "p99": 2.0}]}
    assert "REQ-REP ipc" not in short(held)
    assert "REQ-REP ipc: 99th percentile" in full(held)
    assert set(HEADLINES) <= {workload.name for workload in WORKLOADS}


# The comparison of two results

STEADY = {"compiled": [300, 301, 302, 303, 304], "pyzmq": [100] * 5}


def test_a_machine_that_is_twice_as_fast_changes_nothing():
    other = {name: [2 * value for value in values] for name, values in STEADY.items()}
    assert comparison.changes(result(rates=STEADY), result(rates=other)) == []


@pytest.mark.parametrize(
    ("rates", "verdicts"),
    [
        ([270, 271, 272, 273, 274], ["slower"]),
        ([330, 331, 332, 333, 334], ["faster"]),
        ([290, 291, 292, 293, 294], []),  # within the band
        ([200, 250, 300, 350, 400], []),  # within the spread
    ],
)
def test_a_change_is_told_when_it_is_clear_and_not_small(rates, verdicts):
    found = comparison.changes(result(rates=STEADY), result(rates=STEADY | {"compiled": rates}))
    assert [str(change).split()[0] for change in found] == verdicts


def test_a_longer_time_is_slower():
    old, new = ({"interpreted": [time] * 5, "pyzmq": [1] * 5} for time in (0.5, 1.0))
    (change,) = comparison.changes(result(times=old), result(times=new))
    assert change.gain == 0.5
    assert str(change).startswith("slower")


@pytest.mark.parametrize(("rate", "status"), [(150, 1), (300, 0), (600, 0)])
def test_the_exit_status_tells_whether_something_got_slower(tmp_path, monkeypatch, capsys, rate, status):
    old = result(rates=STEADY).write(tmp_path)
    new = result(rates=STEADY | {"compiled": [rate] * 5}, commit="def5678").write(tmp_path)
    monkeypatch.setattr(sys, "argv", ["compare", str(old), str(new)])
    assert comparison.main() == status
    assert "abc1234" in capsys.readouterr().out


def test_what_does_not_run_any_more_is_lost():
    new = result(rates=STEADY | {"compiled": [None] * 5})
    assert [line.split()[:2] for line in comparison.lost(result(rates=STEADY), new)] == [["lost", "compiled"]]
    assert comparison.lost(result(rates=STEADY), result(rates={"pyzmq": [100]})) == []


# Results and rounds


def test_a_result_is_read_as_it_was_written(tmp_path):
    held = result(rates=STEADY, failures={RATE: {"pyomq": ["why"]}})
    assert Result.read(held.write(tmp_path)) == held


def test_the_newest_result_is_found_by_its_date(tmp_path):
    for date, extent in (("2025-03-01", "full"), ("2025-01-01", "full"), ("2025-04-01", "quick")):
        result(date=date, extent=extent).write(tmp_path)
    assert newest(folder=tmp_path).name.startswith("2025-04-01")
    assert newest("full", tmp_path).name.startswith("2025-03-01")


def test_what_is_no_result_is_refused(tmp_path):
    path = tmp_path / "other.json"
    path.write_text("{}")
    with pytest.raises(SystemExit, match=r"other\.json is no result"):
        Result.read(path)


def test_workloads_are_chosen_by_name():
    assert [workload.name for workload in chosen("^pair")] == ["PAIR-PAIR tcp 10 B"]
    assert all(workload in chosen() for workload in chosen(quick=True))
    assert len({workload.name for workload in WORKLOADS}) == len(WORKLOADS)


def test_contenders_take_turns_and_who_keeps_failing_is_not_asked_again(monkeypatch):
    asked = []

    def act(contender, workload, seconds, limit):
        asked.append((workload.name, contender.name))
        if contender.name == "pyomq":
            raise Failed("as always")
        return {"rate": 1.0}

    monkeypatch.setattr(tournament, "measure", act)
    held = result(rounds=4)
    some = [Contender(name, "python", name, "") for name in ("pyzmq", "pyomq", "raw")]
    told = []
    tournament.compete(held, some, chosen(r"^P.*tcp 10 B$"), 1.0, told.append)

    pair = "PAIR-PAIR tcp 10 B"
    full_round = [(RATE, "pyzmq"), (RATE, "pyomq"), (RATE, "raw"), (pair, "pyzmq"), (pair, "pyomq")]
    assert asked == 2 * full_round + 2 * [bout for bout in full_round if bout[1] != "pyomq"]
    assert len(told) == 4 * len(full_round)
    assert held.samples[RATE]["pyomq"] == [None] * 4
    assert held.failures == {RATE: {"pyomq": ["as always"] * 2}, pair: {"pyomq": ["as always"] * 2}}


def test_raw_sockets_and_who_has_no_uvloop_have_no_part_where_it_is_wanted():
    some = [Contender("pyzmq", "", "zmq", "", has_uvloop=False), PUREZMQ, RAW]
    found = [(workload.loop, contender.name) for workload, contender in bouts(some, chosen("^asyncio REQ"))]
    assert found == [("asyncio", "pyzmq"), ("asyncio", "purezmq"), ("uvloop", "purezmq")]


def test_who_has_no_uvloop_is_told(monkeypatch):
    monkeypatch.setattr(contenders, "find", lambda name: Contender(name, "", name, "", has_uvloop=name != "pyzmq"))
    there, absent = contenders.gather(["compiled", "pyzmq"])
    assert [contender.name for contender in there] == ["compiled", "pyzmq"]
    assert list(absent) == ["pyzmq with uvloop"]


# Measurements: real processes, tiny workloads

PUREZMQ = Contender("purezmq", sys.executable, "purezmq", "")
RAW = Contender("raw", sys.executable, None, "")
SMALL = {"count": 4}
"""Where a workload has a fixed count."""


def one_of_each_scene():
    """A workload of each scene over each transport that it has."""
    return {(workload.scene, workload.transport): workload for workload in reversed(WORKLOADS)}.values()


def tiny(workload):
    return replace(workload, settings=workload.settings | (SMALL if "count" in workload.settings else {}))


@pytest.mark.parametrize("workload", one_of_each_scene(), ids=lambda workload: workload.name)
def test_purezmq_runs_each_scene(workload):
    figures = measure(PUREZMQ, tiny(workload), seconds=0.01)
    assert workload.headline in figures
    assert figures.keys() <= METRICS.keys()
    if "cpu" in figures:
        assert figures["cpu"] > 0
        assert figures["peak"] > 1e6


@pytest.mark.parametrize("name", ["PUSH-PULL tcp 10 KB", "PUSH-PULL ipc 1 MB", "REQ-REP tcp"])
def test_raw_sockets_run_what_they_can(name):
    (workload,) = chosen(f"^{re.escape(name)}$")
    assert workload.headline in measure(RAW, workload, seconds=0.01)


@pytest.mark.parametrize("name", ["copy=False", "5 x 10 B", "10 KB$", "8 PUSH", "PAIR", "topics", "8 SUB", "busy"])
def test_variants_run_too(name):
    workload = chosen(name)[-1]
    assert workload.headline in measure(PUREZMQ, tiny(workload), seconds=0.01)


@pytest.mark.parametrize("workload", chosen("uvloop"), ids=lambda workload: workload.name)
def test_purezmq_runs_on_uvloop(workload):
    pytest.importorskip("uvloop")
    assert workload.headline in measure(PUREZMQ, workload, seconds=0.01)


def test_what_went_wrong_is_told():
    nobody = replace(PUREZMQ, module="no_such_module")
    with pytest.raises(Failed, match="No module named 'no_such_module'"):
        measure(nobody, chosen(RATE)[0], seconds=0.01)


@pytest.mark.parametrize("transport", ["tcp", "inproc"])
def test_who_hangs_is_ended(transport):
    endless = Workload("endless", "delay", transport, {"burst": 1, "count": 100, "pace": 60.0}, "p50")
    with pytest.raises(Failed, match=r"not done after 0\.8 s"):
        measure(PUREZMQ, endless, seconds=0.01, limit=0.8)
    assert not [child for child in psutil.Process().children() if "bench.child" in child.cmdline()]
