# Every target sets up what it needs. `make` alone lists them.
# Options: PYTHON=python3.12 (for setup) · DEMO_ARGS="--seed 7" · SERVE=1 (demo leaves the desk running) · TEST_ARGS="-k deadline"

PYTHON ?= python3
BIN := .venv/bin
# One thread each: a library's threads that spin beside would be counted to whoever runs next.
BENCHMARK := OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 build/benchmarks/bin/python -m
STAMP := .venv/.unseen-is-set-up
CATALOGUES := $(wildcard src/unseen/*/locale/*/LC_MESSAGES/django.po)
TRANSLATED := .venv/.translations-are-compiled
LIVES := 100000
SIMULATED_KILLS := 350
KILLS := 150
# Two processes: the smallest machine that we aim at has two cores.
PYTEST := $(BIN)/python -m pytest -n 2

.DEFAULT_GOAL := help
.PHONY: help setup native browser benchmark-setup benchmark-images benchmark-search benchmark-robustness benchmark-deep benchmark-video benchmark-nation benchmark-door benchmark-device demo test test-all test-postgres test-browser outside-clients screens lint format types contracts directory simulate faults kill-points fuzz docs check clean benchmark-exchange replicas benchmark-match-server

help: ## list the targets
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 24

setup: $(STAMP) $(TRANSLATED) ## make .venv with everything; afterwards .venv/bin/unseen works, offline too

$(STAMP): requirements.lock pyproject.toml scripts/setup.sh
	@PYTHON=$(PYTHON) bash scripts/setup.sh
	@touch $@

$(TRANSLATED): $(STAMP) $(CATALOGUES)
	@$(BIN)/python -m unseen.config.languages
	@touch $@

demo: setup ## the whole path on real pictures against the small internet; ends with what every judge says
	@$(BIN)/unseen demo $(if $(SERVE),--serve) $(DEMO_ARGS)

native: setup ## build and install the compiled kernels (needs a C++ compiler; search is 10 to 100 times as fast)
	@bash scripts/native.sh

browser: setup ## build and test what fingerprints pictures on the reporter's own device (needs Node.js 18 or later and npm)
	@bash scripts/browser.sh

benchmark-setup: native ## the rivals that the benchmarks measure beside Unseen, in a venv of their own
	@bash scripts/benchmarks.sh

benchmark-images: benchmark-setup ## fingerprints of JPEG pictures beside pdqhash, threatexchange and perception (three minutes)
	@$(BENCHMARK) benchmarks.images $(BENCHMARK_ARGS)

benchmark-video: benchmark-setup ## fingerprints and recall of films beside vpdq (a quarter of an hour)
	@$(BENCHMARK) benchmarks.video $(BENCHMARK_ARGS)

benchmark-deep: benchmark-setup ## recall and false matches of the level deep alone (an hour)
	@$(BENCHMARK) benchmarks.deep $(BENCHMARK_ARGS)

benchmark-search: benchmark-setup ## search beside faiss, usearch and threatexchange, from 1 to 10 million entries (15 minutes, 12 GB)
	@$(BENCHMARK) benchmarks.search $(BENCHMARK_ARGS)

benchmark-robustness: benchmark-setup ## recall of edited copies by edit and engine, and false matches (half an hour)
	@$(BENCHMARK) benchmarks.robustness $(BENCHMARK_ARGS)

benchmark-nation: setup ## a million items through the real tables and worker, PostgreSQL and SQLite (four hours; BENCHMARK_ARGS="--items 100000")
	@$(BIN)/python -m benchmarks.nation $(BENCHMARK_ARGS)

benchmark-device: browser ## fingerprints in the reporter's own browser: times, agreement, weight (five minutes; needs chromium)
	@$(BIN)/python -m benchmarks.device $(BENCHMARK_ARGS)

benchmark-exchange: native ## first load of ten million entries into a replica, and a day's lines (five minutes, 4 GB of disk)
	@OPENBLAS_NUM_THREADS=1 $(BIN)/python -m benchmarks.exchange.first_load --keep $(BENCHMARK_ARGS)

benchmark-match-server: native ## the match server under wrk (apt-get install wrk); beside HMA with BENCHMARK_ARGS="--hma CHECKOUT/hasher-matcher-actioner/src" (ten minutes)
	@$(BIN)/python -m benchmarks.exchange.match_server $(BENCHMARK_ARGS)

benchmark-door: setup ## 200 reports a second through the door for a minute, every receipt opened afterwards; the first page on a slow phone (three minutes)
	@$(BIN)/python -m benchmarks.door $(BENCHMARK_ARGS)

test: setup ## the quick tests, on SQLite (a minute)
	@$(PYTEST) -m "not slow and not thorough" $(TEST_ARGS)

test-all: setup ## all tests, on SQLite
	@$(PYTEST) $(TEST_ARGS)

test-postgres: setup ## all but the slow tests, on a private PostgreSQL (or the one that DATABASE_URL names)
	@$(BIN)/python tests/postgres.py -- $(PYTEST) -m "not slow" $(TEST_ARGS)

test-browser: setup ## the door, the device and the desk in the system's Chromium and Firefox: a story, axe, keys, every byte that leaves (ten minutes)
	@$(BIN)/python -m pytest -m browser tests/browser $(TEST_ARGS)

screens: setup ## run the demonstration and take pictures of the pages of the desk and the door into docs/screens (three minutes)
	@$(BIN)/python -m tests.browser.desk.screens
	@$(BIN)/python -m tests.browser.door.screens

lint: setup ## style and format, nothing is changed
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .

format: setup ## put the code into the one format, and repair what ruff can
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format --quiet .

types: setup ## mypy --strict
	@UNSEEN_DATA_DIR=build/types $(BIN)/mypy

contracts: setup ## who may import whom
	@$(BIN)/lint-imports

directory: setup ## every law, platform, rung and URL form of the shipped directory against its schema and its examples
	@$(BIN)/unseen directory check

outside-clients: setup ## the threatexchange client from the package index, unmodified, against our server and with our plug-in (three minutes)
	@$(BIN)/python -m pytest -q tests/outside $(TEST_ARGS)

simulate: setup ## 100,000 item lives of a year with random platforms, checked by judges; SIMULATE_ARGS="--seed 2"
	@$(BIN)/python -m tests.simulation.simulate --lives $(LIVES) --processes 2 $(SIMULATE_ARGS)

faults: setup ## kill the worker at 10,000 points, and in 20 whole demonstrations; fill its disk; takes an hour and a half
	@$(MAKE) --no-print-directory kill-points SIMULATED_KILLS=6000 KILLS=4000
	@$(BIN)/python -m tests.faults.real --points 500 --disk
	@$(BIN)/python -m tests.demo.kill_worker --kills 25 --seeds 20
	@$(BIN)/python -m tests.faults.bank --rounds 1000
	@$(BIN)/python -m tests.faults.replicas

replicas: setup ## 50 replicas of one feed under partitions, kills and wrong clocks (four minutes); REPLICAS_ARGS="--seed 2"
	@$(BIN)/python -m tests.faults.replicas $(REPLICAS_ARGS)

kill-points: setup ## kill the worker at 500 points: 350 in one process, 150 with real processes, sockets and SIGKILL
	@$(BIN)/python -m tests.faults.crash_points --points $(SIMULATED_KILLS)
	@$(BIN)/python -m tests.faults.real --points $(KILLS)

fuzz: setup ## hostile bytes for every parser, a minute each (FUZZ_SECONDS); needs clang
	@bash scripts/fuzz.sh

docs: setup ## write the generated pages again (docs/running/options.md)
	@$(BIN)/python -m unseen.config.options_page docs/running/options.md

check: lint types contracts directory test ## everything that CI runs
	@$(BIN)/unseen demo $(DEMO_ARGS)
	@$(BIN)/unseen demo --kill-worker 5 --seed 1
	@$(MAKE) --no-print-directory simulate LIVES=10000
	@$(MAKE) --no-print-directory kill-points
	@$(MAKE) --no-print-directory browser
	@$(MAKE) --no-print-directory test-postgres
	@$(MAKE) --no-print-directory fuzz FUZZ_SEED=1
	@$(MAKE) --no-print-directory test-all

clean: ## remove .venv, caches and build results; the data folder var/ stays
	@rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find src tests -name __pycache__ -type d -prune -exec rm -rf {} +
