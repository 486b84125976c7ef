# Ścieżka: from a bare machine (Python 3.11 or newer, git, make) to a running system, and every check.

.PHONY: run install check test ux pictures bench chaos mutants lock
.DEFAULT_GOAL := run

PYTHON := .venv/bin/python
UV := .venv/bin/uv
# The lock's own hash names the stamp: what is installed is what is locked, and a warm start installs nothing.
STAMP := .venv/installed-$(shell git hash-object requirements.lock)
# What the desk serves besides its pages, made from its sources and from what the locks name.
BUILT := services/desk/built/stamp
ASSETS := .ci/assets .ci/node.lock $(wildcard services/desk/assets/* services/desk/assets/styles/*)

run: install
	@$(PYTHON) -m stack up

install: $(STAMP) $(BUILT)

$(STAMP):
	@sh .ci/install
	@rm -f .venv/installed-*
	@touch $@

$(BUILT): $(STAMP) $(ASSETS)
	@sh .ci/assets $(PYTHON) .venv/node

check: install
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports

# Two at once, each with servers of its own, which the tests of a file share (tests/order.py). A third would only make the
# others wait: whole systems run in these tests.
test: check
	@sh .ci/browser $(PYTHON)
	PYTHONDONTWRITEBYTECODE= $(PYTHON) -m pytest -q -n 2 --dist loadfile

bench: install
	$(PYTHON) -m bench

# Faults on real processes that take too long for `make test`; writes its table into docs/reliability.md.
chaos: install
	$(PYTHON) -m chaos --report

# Counts what tasks cost a caseworker; writes its table into docs/ux.md.
ux: install
	@sh .ci/browser $(PYTHON)
	WRITE_UX=1 $(PYTHON) -m pytest -q tests/web/test_tasks.py

# The pictures of docs/img/desk, on the screens as they are now.
pictures: install
	@sh .ci/browser $(PYTHON)
	$(PYTHON) -m tests.web.pictures

# Deliberately broken builds, each of which the tests must catch.
mutants: install
	$(PYTHON) -m mutants

# After a change of dependencies in pyproject.toml. What is locked already stays as it is.
LOCKED := --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate
lock: install
	$(UV) pip compile pyproject.toml --extra stack --extra dev $(LOCKED) -o requirements.lock
	$(UV) pip compile pyproject.toml $(LOCKED) -c requirements.lock -o requirements-service.lock
	$(UV) pip compile .ci/installer.in $(LOCKED) -o .ci/installer.lock
	$(UV) pip compile .ci/node.in $(LOCKED) -o .ci/node.lock
	cd services/desk/assets && npm install --package-lock-only --omit-lockfile-registry-resolved --no-audit --no-fund
