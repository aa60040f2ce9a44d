# Two environments: .venv has the default build (compiled where that is possible), .venv-pure runs the files in src.
# With PUREZMQ_COMPILE=never there is only the second one. PYTHON=python3.13 chooses the interpreter.

override PYTHON := $(shell PYTHON="$(PYTHON)" sh tools/find-python)
DEFAULT := $(if $(filter never,$(PUREZMQ_COMPILE)),.venv-pure,.venv)
ENVIRONMENT = $(PYTHON) tools/environment.py
IS_COMPILED = $(DEFAULT)/bin/python -c 'import purezmq, sys; sys.exit(not purezmq.compiled)'

export PUREZMQ_COMPILE
unexport PYTHONPATH

.PHONY: help demo test check format bench soak clean python
.SILENT:

help:
	echo 'make demo    three messaging patterns and a pair at work between real processes'
	echo 'make test    all tests, on the compiled and on the interpreted build; ARGS="-k router" for some'
	echo 'make check   format, lint, types, import direction, both builds'
	echo 'make format  format the code, and mend what the linter can mend'
	echo 'make bench   measure both builds beside pyzmq and pyomq; ARGS=--quick takes 90 seconds, ARGS=--help tells more'
	echo 'make soak    a day of messages through asyncio within 5 minutes: nothing is lost, nothing grows; SECONDS=30 for less'
	echo 'make clean   remove what was made'

# Without an environment (no venv module, no network) the demo still runs: it needs the standard library only.
demo: python
	if $(ENVIRONMENT) $(DEFAULT); then \
	    $(DEFAULT)/bin/python -m purezmq demo; \
	elif [ "$(PUREZMQ_COMPILE)" = require ]; then \
	    exit 1; \
	else \
	    echo '==> no environment: the demo runs from src, not compiled'; \
	    PYTHONPATH=src $(PYTHON) -m purezmq demo; \
	fi

test: python
	$(ENVIRONMENT) .venv-pure --with test
	$(ENVIRONMENT) $(DEFAULT) --with test
	if $(IS_COMPILED); then \
	    $(PYTHON) tools/suites.py $(DEFAULT)/bin/python .venv-pure/bin/python $(ARGS); \
	else \
	    echo '==> there is no compiled build here; all tests on the interpreted build'; \
	    PUREZMQ_EXPECT_COMPILED=0 .venv-pure/bin/python -m pytest $(ARGS); \
	fi

check: python
	$(ENVIRONMENT) $(DEFAULT) --with test check
	echo '==> format'
	$(DEFAULT)/bin/ruff format --check .
	echo '==> lint'
	$(DEFAULT)/bin/ruff check .
	echo '==> types'
	$(DEFAULT)/bin/mypy src tests tools bench examples soak setup.py
	echo '==> import direction'
	$(DEFAULT)/bin/python -m pytest -q tests/test_layers.py
	echo '==> both builds'
	$(DEFAULT)/bin/python tools/wheels.py $(if $(filter never,$(PUREZMQ_COMPILE)),never,require never)
	echo '==> all checks passed'

format: python
	$(ENVIRONMENT) $(DEFAULT) --with test check
	$(DEFAULT)/bin/ruff format .
	$(DEFAULT)/bin/ruff check --fix .

# What purezmq is compared with is in an environment of its own, but each one needs the loops that all are measured on.
bench: python
	$(ENVIRONMENT) .venv-pure --with loops
	$(ENVIRONMENT) $(DEFAULT) --with loops
	$(ENVIRONMENT) .venv-bench --with bench loops
	.venv-bench/bin/python -m bench $(ARGS)

# psutil, which tells what the process holds, comes with the tests.
soak: python
	$(ENVIRONMENT) $(DEFAULT) --with test
	$(DEFAULT)/bin/python -m soak $(SECONDS)

clean:
	rm -rf .venv .venv-pure .venv-bench build dist src/*.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis

# find-python has said what is missing.
python:
	test -n "$(PYTHON)"
