# Intendance: everything runs in a private .venv, built by uv from hash-pinned requirements.
PYTHON ?= python3
BIN := .venv/bin
UV := $(BIN)/uv
LANGUAGE_OF_BRIEF ?= en
export UV_LINK_MODE = copy
# Compiled modules start three times faster.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: setup setup-dev demo test check bench docs serve lock clean messages

.venv/uv.stamp: requirements/uv.txt
	@$(PYTHON) -c 'import sys; sys.exit("Intendance needs Python 3.11 or newer; set PYTHON=/path/to/python3.11") if sys.version_info < (3, 11) else None'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || { echo "Python's venv module is missing; on Debian: apt-get install python3-venv" >&2; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@touch $@

.venv/run.stamp: .venv/uv.stamp requirements/run.txt requirements/build.txt pyproject.toml hatch_build.py $(wildcard src/intendance/locale/*/LC_MESSAGES/*.po)
	@$(UV) pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements/run.txt -r requirements/build.txt
	@$(UV) pip install --quiet --compile-bytecode --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

.venv/dev.stamp: .venv/run.stamp requirements/dev.txt
	@$(UV) pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements/dev.txt
	@touch $@

setup: .venv/run.stamp
setup-dev: .venv/dev.stamp

demo: setup
	@$(BIN)/intendance demo --lang $(LANGUAGE_OF_BRIEF)

serve: setup
	@$(BIN)/intendance serve

test: setup-dev
	$(BIN)/python -m pytest

check: setup-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: setup-dev
	$(BIN)/python -m benchmarks

docs: setup-dev
	$(BIN)/python tools/build_docs.py

# Pins every requirement again; the files hold no download addresses.
lock: .venv/uv.stamp
	@for name in uv build run dev peer peer_plan; do \
	  $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	    --no-emit-index-url --no-emit-find-links requirements/$$name.in -o requirements/$$name.txt; done

clean:
	rm -rf .venv .venv-peer .venv-peer-plan build dist out
