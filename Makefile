# make run · make test · make test-all · make check · make bench · make screenshots — on a machine that has Python 3.11 or later and make. Nothing needs root.
#   make run PORT=8123 DATA_DIR=/some/folder PYTHON=python3.12
PYTHON ?= python3
COVERAGE ?= 90
PY = .venv/bin/python
CATALOGUES = $(wildcard locale/*/LC_MESSAGES/*.po)

export HOLDFAST_DEMO = 1
unexport PYTHONDONTWRITEBYTECODE # each process would compile the product again

run: .venv/run.stamp .venv/catalogues.stamp
	@$(PY) -m portal.up

# make test ROOM=filing runs the tests of one folder below tests/.
test: .venv/dev.stamp .venv/catalogues.stamp
	$(PY) -m tests $(ROOM)

# Also the walks through every page, the long tables, the second database and coverage.
test-all: .venv/dev.stamp .venv/catalogues.stamp
	$(PY) -m tests --all --cov --cov-fail-under=$(COVERAGE)

# Every page, language, theme and width: walked through, looked for barriers, and kept as a picture in var/screenshots.
screenshots: .venv/dev.stamp .venv/catalogues.stamp
	$(PY) -m pytest -m walk

check: export DATA_DIR = $(CURDIR)/.venv/check
check: .venv/dev.stamp .venv/catalogues.stamp
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy .
	$(PY) manage.py check
	$(PY) manage.py makemigrations --check --dry-run

faults: .venv/dev.stamp .venv/catalogues.stamp
	$(PY) -m pytest -m "faults or thorough"

bench: .venv/dev.stamp .venv/catalogues.stamp
	$(PY) -m bench

# Everything installed lives in .venv. A stamp is written last, so what was cut short is simply done again.
.venv/run.stamp: requirements.txt .venv/bin/python
	$(call install,requirements.txt)

.venv/dev.stamp: requirements-dev.txt requirements.txt .venv/bin/python
	$(call install,requirements-dev.txt)

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	echo "Holdfast needs Python 3.11 or later. Name one: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
	echo "Python's venv module is missing. On Debian and Ubuntu it is in the package python3-venv."; exit 1; }
	@$(PYTHON) portal/run/redis_server.py
	@echo "Making a virtual environment in .venv"
	@$(PYTHON) -m venv --clear .venv

.venv/catalogues.stamp: $(CATALOGUES)
	$(if $(CATALOGUES),@$(PY) -m babel.messages.frontend --quiet compile --domain django --directory locale)
	@touch $@

define install
@$(PY) -m pip --version >/dev/null 2>&1 || { rm -r .venv; $(MAKE) --no-print-directory .venv/bin/python; }
@echo "Installing $(1) into .venv (the first time this is mostly download)"
@$(PY) -m pip install --disable-pip-version-check --requirement $(1)
@touch $@
endef

.PHONY: run test test-all screenshots check bench faults
.NOTPARALLEL:
