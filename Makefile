# Headroom: each target sets up what it needs by itself. `make help` lists them.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
UMODBUS := build/umodbus/.ready

# What is built with npm, where that is.
PAGE := $(if $(shell command -v npm),page)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: accuracy-table help demo test test-all soak soak-balancing soak-cts soak-network soak-planning mutants bench circuit lint format build flash image package wheel console monitor page page-lint pictures polled registers settings-table reaction-table lock clean distclean setup

help:  ## this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-15s %s\n", $$1, $$2}' \
	    $(firstword $(MAKEFILE_LIST))

demo: setup  ## an evening of the firmware in a simulated house, in two minutes; LIVE=1 DURATION= TRACE= SCALE= START= PROFILE= CHARGER= FAULT= OUT=
	@$(BIN)/lab demo $(if $(DURATION),--duration '$(DURATION)') $(if $(TRACE),--trace '$(TRACE)') \
	    $(if $(SCALE),--scale '$(SCALE)') $(if $(START),--start '$(START)') \
	    $(if $(PROFILE),--profile '$(PROFILE)') $(if $(OUT),--out '$(OUT)') \
	    $(foreach charger,$(CHARGER),--charger '$(charger)') $(if $(FAULT),--fault '$(FAULT)') $(if $(LIVE),--live)

test: setup  ## the tests that are quick, of every room: some three minutes on two cores
	@$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder -m 'not long and not real_time' \
	    --ignore host_tests/page --ignore host_tests/chip host_tests

test-all: setup $(PAGE)  ## every test; those in real time by themselves, for a busy machine makes them late
	@$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder -m 'not real_time' host_tests
	@$(BIN)/python -m pytest -n auto --maxprocesses 2 --dist loadfile -m real_time host_tests/link host_tests/page

soak: setup  ## days of the whole firmware in virtual time; DAYS=3 WINDOWS=1 SEED= DAY= HOURS=
	@$(BIN)/lab soak $(if $(DAYS),--days '$(DAYS)') $(if $(SEED),--seed '$(SEED)') \
	    $(if $(DAY),--day '$(DAY)') $(if $(HOURS),--hours '$(HOURS)') $(if $(WINDOWS),--windows)

soak-balancing: setup  ## thirty days of the controller alone, LIARS=1000 plants with liars (an hour)
	@HEADROOM_SOAK_DAYS=30 HEADROOM_LIARS=$(or $(LIARS),1000) $(BIN)/python -m pytest \
	    host_tests/unit/test_balancing_soak.py host_tests/unit/test_liars_sweep.py host_tests/unit/test_liars_relay.py \
	    host_tests/unit/test_balancing_rules.py host_tests/unit/test_honest_plant.py

polled: setup  ## nights of a Wall Connector that polls the meter, alone and beside another, in virtual time; HOURS=10 SEED=
	@$(BIN)/lab polled $(if $(HOURS),--hours '$(HOURS)') $(if $(SEED),--seed '$(SEED)')

soak-planning: setup  ## WEEKS=1000 random weeks under a demand cap, the planner alone (hours)
	@HEADROOM_WEEKS=$(or $(WEEKS),1000) $(BIN)/python -m pytest -n 2 -rP host_tests/unit/test_planning_cap.py

soak-cts: setup  ## HOMES=200 busy homes of three hours, each with the cars as a standing test of its CTs
	@HEADROOM_HOMES=$(or $(HOMES),200) $(BIN)/python -m pytest -n auto --maxprocesses 2 \
	    host_tests/unit/test_standing_soak.py

soak-network: setup  ## HOURS=8 of the whole firmware beside a network that does everything wrong (an hour)
	@HEADROOM_NIGHT_HOURS=$(or $(HOURS),8) $(BIN)/python -m pytest -rP --timeout 0 host_tests/link/test_hostile_network.py

mutants: setup  ## plant faults in copies of the firmware, one at a time: the tests must catch each
	@$(BIN)/lab mutants

lint: setup  ## ruff over everything, mypy over the tools and the pure firmware code
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

format: setup  ## lay the sources out as `make lint` wants them
	@$(BIN)/ruff check --fix --exit-zero --quiet .
	@$(BIN)/ruff format .

bench: setup  ## measure everything into out/bench.json; SECTION='metering power balancing planning reaction console speed' QUICK=1
	@$(BIN)/lab bench $(SECTION) $(if $(QUICK),--quick)

circuit: setup  ## try the circuits of boards/README.md in ngspice, against the limits of their parts
	@$(BIN)/lab circuit

build: setup  ## compile the firmware and show the sizes; BOARD=pico|pico2|esp32|esp32_atm90e32|all
	@$(BIN)/meter build '$(BOARD)'

image: setup  ## one file for a blank board, MicroPython included; BOARD=pico MICROPYTHON=path (else it is downloaded)
	@$(BIN)/meter image '$(BOARD)' $(if $(MICROPYTHON),--micropython '$(MICROPYTHON)')

package: setup  ## a folder for `mpremote mip install`, onto a board that runs MicroPython; BOARD=pico
	@$(BIN)/meter package '$(BOARD)'

wheel: setup $(PAGE)  ## the tools for pip, with the firmware of every board compiled inside
	@$(BIN)/lab wheel

flash: setup  ## build, then copy to a board that runs MicroPython; BOARD=pico PORT=/dev/ttyACM0
	@$(BIN)/meter flash '$(BOARD)' '$(PORT)'

console: setup  ## the meter's console, Ctrl-] ends it; PORT=/dev/ttyACM0
	@$(BIN)/meter console '$(PORT)'

monitor: setup  ## live charts of a meter in the terminal; PORT=/dev/ttyACM0
	@$(BIN)/meter monitor '$(PORT)'

page: setup  ## build the page for the browser, out/headroom.html, with npm (Node.js 20 or newer)
	@$(BIN)/lab page

page-lint: page  ## TypeScript and Biome over tools/page
	@npm --prefix tools/page run --silent check

pictures: setup  ## draw the pictures of the documentation anew: wiring, monitor, report, demo
	@$(BIN)/lab pictures

settings-table: setup  ## write the table of docs/settings.md anew from the code
	@$(BIN)/lab settings-table --write

registers: setup  ## write the registers of docs/modbus.md anew from the code
	@$(BIN)/lab registers --write

reaction-table: setup  ## write the reaction's table of tools/lab/README.md from what `make bench SECTION=reaction` has measured
	@$(BIN)/lab reaction-table

accuracy-table: setup  ## measure the metering and write the table of firmware/README.md
	@$(BIN)/lab accuracy-table

clean:  ## remove what was built and measured
	rm -rf build out .pytest_cache .mypy_cache .ruff_cache .hypothesis *.egg-info tools/*.egg-info
	find firmware boards host_tests tools -name __pycache__ -prune -exec rm -rf {} +

distclean: clean  ## and the virtual environment
	rm -rf $(VENV) tools/page/node_modules

setup: $(READY) $(UMODBUS)

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' || \
	    { echo "Headroom needs Python 3.10 or newer: make PYTHON=/path/to/python3.12 ..." >&2; exit 1; }
	@echo "Setting up $(VENV) (once, about a minute) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(UMODBUS): tools/meter/umodbus_source.py $(READY)
	@$(BIN)/meter umodbus
	@touch $@

lock:  ## for maintainers: choose new versions for requirements.lock
	$(PYTHON) -m venv build/uv
	build/uv/bin/pip install --quiet uv
	UV_PYTHON_DOWNLOADS=never UV_CUSTOM_COMPILE_COMMAND='make lock' build/uv/bin/uv pip compile \
	    --no-config --universal --python-version 3.10 --generate-hashes --all-extras --upgrade \
	    --quiet --output-file requirements.lock pyproject.toml
