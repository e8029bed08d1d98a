# Two doors: `make run` and `make test`. Both set up everything they need on a machine with Python 3.11.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PORT ?= 8000

.PHONY: run test check lock clean

run: $(STAMP)
	@$(BIN)/madoguchi up --port $(PORT)

# the browser runs apart: its driver keeps an event loop in its worker, which other tests start themselves
test: check
	$(BIN)/python -m pytest -n 2 --dist loadgroup --ignore=tests/browser
	$(BIN)/python -m pytest -n 2 --dist loadgroup tests/browser

check: $(STAMP)
	$(BIN)/ruff check src tests evals
	$(BIN)/ruff format --check src tests evals
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint src --lint --quiet
	MADOGUCHI_ENV=test $(BIN)/madoguchi manage makemigrations --check --dry-run
	$(BIN)/python tools/check_docs.py

$(STAMP): requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || python3 -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(STAMP)

lock: $(STAMP)
	@test -x $(BIN)/uv || $(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links -o requirements.lock requirements-dev.in

clean:
	rm -rf $(VENV) var build
