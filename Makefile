# Everything runs in .venv, on an embedded PostgreSQL and Redis unless DATABASE_URL and REDIS_URL name servers.
# Works from any folder: make -C path/to/portal run
SHELL := /bin/sh
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv/bin/python
ENGINES := $(VENV) -m portal.engines
ARGS ?=
PYTEST := $(VENV) -m pytest -n 2 --dist loadgroup

export PORT ?= 8000
export DATA_DIR ?= .data

.PHONY: help install install-tests build setup run test lint types fmt messages clean resetdb demo bench shots

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' Makefile
	@echo
	@echo "  PORT=8000 moves the web port, DATA_DIR=.data the data, ARGS passes arguments on: make test ARGS=tests/portal"

install:
	@$(PYTHON) portal/engines/install.py requirements.txt

install-tests:
	@$(PYTHON) portal/engines/install.py tests/requirements.txt

build: install ## Install the packages and compile the translations, and nothing else: for a server
	@SECRET_KEY=unused $(VENV) manage.py compile_translations

run: install ## Start the whole portal with demo people, and print where it is
	@$(ENGINES) run

setup: install ## Make keys, database, catalogue and demo people without starting the portal
	@$(ENGINES) setup

# The settings are read before tests/conftest.py is.
test: export SECRET_KEY := only-for-tests
# Playwright keeps an event loop running in its process, and signing a PDF wants its own: so the browser is apart.
test: install-tests ## Run the tests on throw-away engines
	@SECRET_KEY=unused $(VENV) manage.py compile_translations
ifeq ($(strip $(ARGS)),)
	@$(ENGINES) exec --throwaway -- sh -c '$(PYTEST) --ignore=tests/e2e; code=$$?; $(PYTEST) tests/e2e || code=1; exit $$code'
else
	@$(ENGINES) exec --throwaway -- $(PYTEST) $(ARGS)
endif

lint: install-tests ## Check style, layers and templates
	@$(VENV) -m ruff check .
	@$(VENV) -m ruff format --check .
	@.venv/bin/lint-imports
	@$(VENV) -m djlint templates --lint --quiet
	@$(MAKE) types

types: install-tests ## Check the types of the strict packages
	@SECRET_KEY=unused $(VENV) -m mypy

fmt: install-tests ## Bring the code into the common format
	@$(VENV) -m ruff check --fix .
	@$(VENV) -m ruff format .

messages: install ## Collect the texts to translate into locale/ (needs GNU gettext)
	@command -v xgettext >/dev/null || { \
		echo "GNU gettext is missing. Debian and Ubuntu: apt install gettext; macOS: brew install gettext"; exit 1; }
	@SECRET_KEY=unused $(VENV) manage.py makemessages --locale sw --ignore .venv --no-wrap --add-location file

shots: install-tests ## Take pictures of every page of a running portal, into shots/ (ARGS: words of their names)
	@SECRET_KEY=unused DJANGO_SETTINGS_MODULE=portal.settings $(VENV) -m tests.e2e.shots $(ARGS)

clean: ## Remove .venv and caches; data stay
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	find . -name __pycache__ -type d -not -path "./.git/*" -prune -exec rm -rf {} +

resetdb: install ## Delete the database, files and keys, after asking
	@$(ENGINES) reset

demo: install-tests ## Live four whole journeys against a running portal, printing every step
	@SECRET_KEY=unused DJANGO_SETTINGS_MODULE=portal.settings $(VENV) -m tests.journeys

bench: install-tests ## Measure the pages against a bare Django view
	@$(ENGINES) exec --throwaway -- env SECRET_KEY=bench DEMO_MODE=1 HTTPS=0 LOG_LEVEL=WARNING sh -c '$(VENV) manage.py setup && $(VENV) -m tests.bench'
