# Every target sets up what it needs, once. With a native solc 0.8.30, name its folder (it must
# hold an executable `solc-v0.8.30`) in SOLCX_BINARY_PATH; otherwise the compiler comes from npm.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
SOLCX_BINARY_PATH ?= $(CURDIR)/tools/solc
export SOLCX_BINARY_PATH
export PATH := $(CURDIR)/tools/brownie:$(CURDIR)/.venv/bin:$(CURDIR)/node_modules/.bin:$(CURDIR)/tools/geth/bin:$(CURDIR)/tools/validator/bin:$(PATH)

.DEFAULT_GOAL := help
.PHONY: help setup go nodes demo page test test-client test-whole test-contracts test-page test-newest test-network test-validator network network-faults fuzz lint format coverage vectors check-vectors artifacts page-file page-pictures browsers errors check-errors gas bench bench-roll bench-relay bench-page lock clean

help: ## tell what can be made
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 18

# -- Set-up --

setup: .venv/ready node_modules/ready ## install everything that the other targets need

PIP := .venv/bin/pip install --quiet --disable-pip-version-check

.venv/locked: requirements.lock
	$(PYTHON) -m venv --clear .venv
	$(PIP) --require-hashes -r requirements.lock
	@touch $@

.venv/ready: .venv/locked pyproject.toml
	$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

node_modules/ready: package-lock.json .npmrc
	npm ci --loglevel=error
	@command -v anvil > /dev/null || \
		{ echo "npm has no anvil for this platform: put Foundry's anvil 1.7 into your PATH" >&2; exit 1; }
	@touch $@

GETH := tools/geth/bin/geth
VALIDATOR := tools/validator/bin/veche-validator
GO_BUILD := go build -mod=readonly -buildvcs=false -trimpath -ldflags="-s -w"

nodes: $(GETH) $(VALIDATOR) ## build the programs of private networks' nodes, with Go 1.25 or newer

$(GETH): $(wildcard tools/geth/go.*) | go
	@echo "Building geth 1.17.10, once; this takes some minutes."
	cd tools/geth && $(GO_BUILD) -o bin/geth github.com/ethereum/go-ethereum/cmd/geth
	@touch $@

$(VALIDATOR): $(wildcard tools/validator/*.go tools/validator/go.*) | go
	@echo "Building veche-validator with CometBFT 0.38.26."
	cd tools/validator && $(GO_BUILD) -o bin/veche-validator .
	@touch $@

go:
	@command -v go > /dev/null || { \
		echo "Nodes are built with Go 1.25 or newer, which is not here: install it (https://go.dev/doc/install)," >&2; \
		echo "then run this again." >&2; exit 1; }

# -- Work --

demo: setup ## rehearse a whole poll on this machine, from letters to the result, with real cryptography
	veche rehearse examples/poll.toml --relay

page: setup ## open a demo poll on this machine, to vote in it and to check it in a browser
	veche rehearse examples/poll.toml --page build/demo

# Each run of tests ends with its ten slowest, of those that take a second or more.
SLOWEST := --durations=10 --durations-min=1

test: test-client test-whole test-contracts test-page ## run all tests but test-network

test-client: setup ## run the tests that need no chain
	pytest $(SLOWEST) -p no:pytest-brownie tests/client

test-whole: setup ## run whole polls, and the command, on an embedded chain
	pytest $(SLOWEST) -p no:pytest-brownie tests/whole tests/fuzz

# Gas and limits are those of a fork of Ethereum; tests/support/embedded_chain.py says which count.
ON_NEWEST_FORK := EVM_FORK=osaka

test-contracts: setup ## run the tests of the contracts, on an embedded chain
	pytest $(SLOWEST) --network anvil tests/contracts
	$(ON_NEWEST_FORK) pytest $(SLOWEST) --network anvil tests/contracts/test_gas.py tests/contracts/test_limits.py

PAGE_TESTS := build/web

test-page: setup browsers ## run the tests of the page, in Node, Chromium and Firefox
	rm -rf $(PAGE_TESTS)
	node web/test.mjs $(PAGE_TESTS)
	node --enable-source-maps --test --test-reporter=dot $(PAGE_TESTS)/*.test.mjs

browsers:
	@command -v chromium > /dev/null && command -v firefox-esr > /dev/null || \
		{ apt-get update --quiet && apt-get install --yes --quiet chromium firefox-esr; }

test-newest: setup ## run the tests that need no chain on the newest other Python here
	tools/newest

test-validator: go ## run the tests of veche-validator, which need no geth
	cd tools/validator && go test ./...

test-network: setup nodes test-validator ## run a private network, and a whole poll on it
	pytest -p no:pytest-brownie tests/network

network: setup nodes ## make and run the example network on this machine, until Ctrl-C
	@test -d networks/city || veche network make examples/network.toml
	veche network run city

network-faults: setup nodes ## break a network while polls are open, into build/network.json; as root
	python -m tools.faults

MINUTES ?= 60

fuzz: setup ## run the fuzzers for an hour, or for MINUTES=…, into build/fuzz.json
	PYTHONPATH=tests python -m tools.fuzz --minutes $(MINUTES)

coverage: setup ## measure which branches of the contracts the tests take, into build/coverage.json
	python -m tools.branch_coverage

STATICCHECK := go tool -modfile=lint/go.mod staticcheck

lint: setup go check-vectors check-errors ## check style, types and generated files
	ruff format --check
	ruff check
	mypy
	prettier --check contracts
	solhint --config solhint.config.js --noPoster --disc --max-warnings 0 'contracts/**/*.sol'
	tsc --project web
	cd web && biome check --error-on-warnings .
	cd tools/validator && test -z "$$(gofmt -l .)" && go vet ./... && $(STATICCHECK) ./...

format: setup ## put all sources into the style that lint wants
	ruff format
	ruff check --fix
	prettier --write contracts
	cd web && biome check --write .
	gofmt -w tools/validator

vectors: setup ## write tests/vectors/*.json anew
	python tests/vectors/generate.py

check-vectors: setup
	python tests/vectors/generate.py --check

artifacts: setup ## write app/veche/trust/artifacts/*.json anew, from the contracts
	python -m tools.generators.artifacts

page-file: setup ## build app/veche/web/index.html anew, from web/
	node web/build.mjs app/veche/web/index.html

page-pictures: page-file browsers ## take a picture of every screen of the page anew, into docs/pictures/
	node web/test.mjs $(PAGE_TESTS)
	rm -rf docs/pictures
	node $(PAGE_TESTS)/pictures.mjs docs/pictures

errors: setup ## write docs/errors.md anew, from the contracts and the exceptions
	python -m tools.generators.error_page

check-errors: setup
	python -m tools.generators.error_page --check

gas: setup ## write tests/gas/snapshots.json anew, for every fork
	WRITE_GAS_SNAPSHOTS=1 pytest --network anvil -q tests/contracts/test_gas.py -k snapshots_say
	$(ON_NEWEST_FORK) WRITE_GAS_SNAPSHOTS=1 pytest --network anvil -q tests/contracts/test_gas.py

bench: setup ## measure gas, multiplications, logarithms and the observer, into build/bench.json
	PYTHONPATH=tests python -m tools.bench

bench-roll: setup ## measure how costs grow with the roll, or for VOTERS=…, into build/relay.json
	PYTHONPATH=tests python -m tools.bench.roll $(VOTERS)

bench-page: setup browsers ## measure the page, into build/page.json
	node web/bench.mjs

bench-relay: setup nodes ## measure a relay under load, into build/relay.json, for twenty minutes
	PYTHONPATH=tests python -m tools.load
	PYTHONPATH=tests python -m tools.load.private
	PYTHONPATH=tests python -m tools.load.enrolment
	pytest -q -p no:pytest-brownie tests/whole/relay/test_faults.py

# uv takes hashes from the registry; pip-compile would download every file, for minutes.
LOCK := uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-annotate --no-header

lock: setup ## choose the versions in both lock files anew
	$(LOCK) --extra dev --output-file requirements.lock pyproject.toml
	$(LOCK) --extra test --output-file requirements-library.lock pyproject.toml

clean: ## remove everything that was installed or built
	rm -rf .venv .venv-newest node_modules tools/geth/bin tools/validator/bin build reports .hypothesis .mypy_cache .pytest_cache .ruff_cache
