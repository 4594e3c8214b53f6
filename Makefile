# Two commands are the contract with a newcomer: `make up` and `make test`. The rest is for daily work.
PYTHON ?= python3
RUN = .venv/bin/python
STACK ?= local
BASE ?= main
EXAMPLE ?=
HOSTS ?=
OF_EXAMPLE = $(if $(EXAMPLE),--example $(EXAMPLE))

# One run of the engine starts six Pythons. Without bytecode each compiles what it imports of azure-native anew, 2 seconds.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: up down preview review ready env test check format docs lock picture recording matrix bench setup clean

up: setup            ## the whole loop on the embedded local Azure; EXAMPLE=shop runs that example in one of its own
	@$(RUN) -m loop up $(OF_EXAMPLE)

down: setup          ## take it all away again, and show that nothing is left
	@$(RUN) -m loop down $(OF_EXAMPLE)

preview: setup       ## what `up` would change (STACK=dev asks a real subscription)
	@$(RUN) -m loop preview --stack $(STACK) $(OF_EXAMPLE)

review: setup        ## what this branch changes, deployed from BASE to a local Azure of its own
	@$(RUN) -m loop review --base $(BASE) $(OF_EXAMPLE)

ready: setup         ## wait until every Key Vault reference of the local stack is resolved
	@$(RUN) -m loop ready $(OF_EXAMPLE)

env: setup           ## shell lines for any other client of the local Azure: eval "$$(make -s env)"
	@$(RUN) -m loop env $(OF_EXAMPLE)

clean: setup         ## forget the local stack and the local Azure, in whatever form they are
	@$(RUN) -m loop clean $(OF_EXAMPLE)

test: setup          ## every test, and why one was skipped
	@$(RUN) -m pytest -n auto --dist worksteal -rs

check: setup         ## formatter, linter, strict types; the workflows' form and security
	@$(RUN) -m ruff format --check .
	@$(RUN) -m ruff check .
	@$(RUN) -m pyright
	@.venv/bin/check-jsonschema --quiet --builtin-schema vendor.github-workflows .github/workflows/*.yml
	@.venv/bin/zizmor --offline --quiet --no-progress --persona=pedantic --strict-collection .github

format: setup
	@$(RUN) -m ruff format .
	@$(RUN) -m ruff check --fix .

docs: setup          ## write the reference and the examples' snapshots anew, from the code; fill long lines
	@$(RUN) -m tests.unit.reference.pages
	@$(RUN) -m tests.unit.examples.snapshot
	@$(RUN) -m tests.unit.prose

lock: setup          ## every package with the hashes of its files, from the *.in files
	@$(RUN) -m toolchain.locked_requirements

picture: preview     ## the access map as pictures; docs/images/access-map.png anew
	@$(RUN) -m tests.browser.picture

matrix: setup        ## every host whose results are stale with every target, some minutes a host; docs/reference/hosts-and-targets.md anew
	@$(RUN) -m tests.hosts.matrix $(HOSTS)

recording: setup     ## `make up` in a terminal, recorded and drawn for the README; first `make down`
	@$(RUN) -m loop.recording

bench: setup         ## what is claimed to be fast, measured
	@$(RUN) -m benchmarks --write

setup:
	@$(PYTHON) -m toolchain
