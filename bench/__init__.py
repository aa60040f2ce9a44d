"""How fast purezmq is, beside pyzmq, pyomq and the bare sockets of the machine: what `make bench` runs.

    __main__.py     the command line
    tournament.py   rounds, workloads and contenders, interleaved
    measure.py      one measurement: fresh processes, their time limit, their end
    child.py        what such a process does
    scenes/         one kind of workload each, in two sides; scenes/awaited/ for asyncio
    workloads.py contenders.py metrics.py goals.py   what there is to measure, as data
    results.py samples.py standing.py                what came out, and how it is judged
    table.py show.py picture.py documents.py         how it is shown
    comparison.py reporting.py                       what the scripts bench/compare and bench/report run

What is measured runs on the standard library alone; rich and matplotlib are imported where something is shown.
"""
