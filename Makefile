# Ścieżka: from a bare machine (Python 3.11 or newer, git, make) to a running system, and every check.

.PHONY: run install check test bench chaos mutants lock
.DEFAULT_GOAL := run

PYTHON := .venv/bin/python
UV := .venv/bin/uv
# The lock's own hash names the stamp: what is installed is what is locked, and a warm start installs nothing.
STAMP := .venv/installed-$(shell git hash-object requirements.lock)

run: install
	@$(PYTHON) -m stack up

install: $(STAMP)

$(STAMP):
	@sh .ci/install
	@rm -f .venv/installed-*
	@touch $@

check: install
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports

test: check
	$(PYTHON) -m pytest -q

bench: install
	$(PYTHON) -m bench

# Faults on real processes that take too long for `make test`; writes its table into docs/reliability.md.
chaos: install
	$(PYTHON) -m chaos --report

# Deliberately broken builds, each of which the tests must catch.
mutants: install
	$(PYTHON) -m mutants

# After a change of dependencies in pyproject.toml. What is locked already stays as it is.
LOCKED := --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate
lock: install
	$(UV) pip compile pyproject.toml --extra stack --extra dev $(LOCKED) -o requirements.lock
	$(UV) pip compile pyproject.toml $(LOCKED) -c requirements.lock -o requirements-service.lock
	$(UV) pip compile .ci/installer.in $(LOCKED) -o .ci/installer.lock
