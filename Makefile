# make demo     set up what is missing and grade one sample submission
# make test     set up what is missing and run the tests, without those marked slow
# make test-all the same with the slow ones
# make lint     formatting, types, layers
# make sample   grade all sample submissions and make the page of the class
# make pictures draw the pictures of the documentation again (needs Chromium)

SHELL := bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Tests start hundreds of processes; none of them should have to compile the toolkit anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test test-all lint sample pictures walls chromium
.DELETE_ON_ERROR:

demo: $(VENV)/.notebooks walls
	$(BIN)/grade submissions/student42
	@echo "Open reports/student42/l04_cnn.html in a browser."

sample: $(VENV)/.notebooks walls
	$(BIN)/grade submissions

test: $(VENV)/.dev walls chromium
	$(BIN)/pytest --numprocesses 3 --dist loadfile --no-loadscope-reorder -m "not slow"

test-all: $(VENV)/.dev walls chromium
	$(BIN)/pytest --numprocesses 3 --dist loadfile --no-loadscope-reorder

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

pictures: $(VENV)/.dev walls chromium
	$(BIN)/python docs/images/draw.py
	$(BIN)/python docs/images/datasets.py

$(BIN)/python:
	@echo "Making a Python environment in $(VENV)."
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || .ci/install-package python3-venv "makes Python environments"
	$(PYTHON) -m venv $(VENV)

# What grading needs, and what students' notebooks import. PyTorch is about 5 GB.
$(VENV)/.notebooks: pyproject.toml | $(BIN)/python
	@echo "Installing the toolkit and the students' packages into $(VENV); the first time takes some minutes."
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[notebooks]'
	@touch $@

$(VENV)/.dev: pyproject.toml | $(VENV)/.notebooks
	@echo "Installing the tools of development into $(VENV)."
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[notebooks,dev]'
	@touch $@

walls:
	@command -v bwrap >/dev/null || .ci/install-package bubblewrap "seals students' notebooks off from this machine"
	@{ ldconfig -p || /sbin/ldconfig -p; } 2>/dev/null | grep -q libseccomp.so.2 || .ci/install-package libseccomp2 "keeps students' notebooks from dangerous system calls"

chromium:
	@command -v chromium >/dev/null || .ci/install-package chromium "shows reports in the tests"
	@fc-list 2>/dev/null | grep -qi dejavu || .ci/install-package fonts-dejavu-core "letters for Chromium"
