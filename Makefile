# Every target makes the environment that it needs; Chromium, for some, must be there.
PYTHON ?= python3
PORT ?= 8000
VENV ?= .venv
BUILD ?= _build
CHROMIUM ?= $(firstword $(foreach name,chromium chromium-browser google-chrome,$(shell command -v $(name))) chromium)
$(foreach name,PYTHON PORT VENV BUILD,$(if $(filter-out 1,$(words $($(name)))),$(error $(name) is "$($(name))": expected one word)))
# All that a page may show, and the folders, whose time tells that a file came or went (bench is a target's name too)
SOURCES = $(shell find . -mindepth 1 '(' -name '.*' -o -path ./$(BUILD) -o -path ./$(VENV) -o -name __pycache__ -o -type l \
  -o -name '*[][ :;\#$$%=|*?~&()<>]*' ')' -prune -o ! -path ./bench -print)
SPHINX = $(VENV)/bin/python -m sphinx -q -W -c . -d $(BUILD)/doctrees
PYTEST = $(VENV)/bin/python -m pytest -o cache_dir=$(abspath $(BUILD))/pytest
LOCK = $(VENV)/bin/uv pip compile pyproject.toml --universal --python-version 3.11 --upgrade \
  --generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" --quiet
export BUILD
export COVERAGE_FILE = $(abspath $(BUILD))/coverage
export PIP_DISABLE_PIP_VERSION_CHECK = 1
export PIP_ROOT_USER_ACTION = ignore

.PHONY: help html serve pdf test lint format faults prove test-proofs mutants test-backends test-browser picture test-lowest test-newest bench dist lock clean
.DEFAULT_GOAL := help

help:
	@sed -n 's/^# \(For .*:\)$$/\1/p; s/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 22

# For readers:

html: $(BUILD)/site-built ## run every page and build the site into _build/html
	@echo "The site is built. Open file://$(abspath $(BUILD))/html/index.html, or run: make serve"

test: $(VENV)/installed ## run the tests, the doctests and the cells of the pages
	$(PYTEST) -n auto --dist loadfile

serve: $(VENV)/installed ## serve the site on this machine, and build it again at every edit (PORT=8000)
	@$(VENV)/bin/python -c 'import socket; assert $(PORT); socket.socket().bind(("127.0.0.1", $(PORT)))' 2>/dev/null || \
	  { echo "Port $(PORT) can't be had here: it is in use, or no port. Name another: make serve PORT=8001" >&2; exit 1; }
	@$(MAKE) --no-print-directory html
	$(VENV)/bin/python -m sphinx_autobuild --host 127.0.0.1 --port $(PORT) --no-initial --ignore '*/_build/*' \
	  $(addprefix --watch ,bench claimcheck docs hw3 tests conf.py) \
	  $(wordlist 4,$(words $(SPHINX)),$(SPHINX)) -b html docs $(BUILD)/html

pdf: $(VENV)/installed ## print the booklet: problems, errata, solutions of the exercises (needs Chromium)
	@command -v $(CHROMIUM) >/dev/null || { echo "make pdf prints with Chromium, and there is none here:" \
	  "on Debian and Ubuntu, run apt-get install chromium, or name another with make pdf CHROMIUM=..." >&2; exit 1; }
	@$(SPHINX) -b booklet docs $(BUILD)/pdf/pages
	@$(VENV)/bin/python -m claimcheck.sphinx.printing $(BUILD)/pdf/pages/index.html $(BUILD)/pdf/hw3.pdf $(CHROMIUM)
	@echo "The PDF is in $(BUILD)/pdf/hw3.pdf"

# For developers:

lint: $(VENV)/installed ## check style, formatting, types, imports, spelling and conventions
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports --cache-dir $(BUILD)/import-linter
	$(VENV)/bin/codespell
	$(VENV)/bin/repo-review .

format: $(VENV)/installed ## rewrite the code in the house format
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

faults: $(VENV)/installed ## plant each fault whose page, code or test changed: it must be caught; writes docs/faults.json
	$(VENV)/bin/python -m claimcheck.faults tests/planted.toml

prove: $(VENV)/installed ## have Coq prove the claims for every size, and what hw3 computes; writes docs/proofs.json
	$(VENV)/bin/python -m claimcheck.proofs proofs/plan.toml

test-proofs: $(VENV)/installed ## plant faults in hw3: Coq must refuse what the code then computes (needs Coq)
	$(PYTEST) --no-cov -o norecursedirs='.* _build' tests/coq

mutants: $(VENV)/beyond ## change one thing in the package at a time: a test must notice, or mutants.toml say why not
	$(VENV)/bin/python tests/mutants.py

test-backends: $(VENV)/beyond ## run the solutions on PyTorch and JAX, compiled and spread over devices and hosts
	$(PYTEST) --no-cov -o norecursedirs='.* _build' tests/backends

test-browser: $(VENV)/beyond html ## open every page in Chromium: barriers, errors, requests, weight, sliders, paper
	$(PYTEST) --no-cov -o norecursedirs='.* _build' tests/browser

picture: $(VENV)/beyond html ## take the README's pictures of the first screen anew (needs Chromium)
	$(VENV)/bin/python tests/browser/picture.py
	@echo "The pictures are in .github: first-screen-light.webp, first-screen-dark.webp"

test-lowest: $(VENV)-lowest/installed ## run the tests with the lowest versions that pyproject.toml admits, pip among them
	BUILD=$(BUILD)/lowest $(PYTEST:$(VENV)/%=$(VENV)-lowest/%) --no-cov -n auto --dist loadfile

test-newest: ## run the tests, and build the site, with the newest versions there are today
	$(call environment,$(VENV)-newest)
	$(VENV)-newest/bin/python -m pip install --quiet --upgrade pip uv
	$(VENV)-newest/bin/uv pip install --quiet --python $(VENV)-newest/bin/python --editable . --group dev
	BUILD=$(BUILD)/newest $(PYTEST:$(VENV)/%=$(VENV)-newest/%) --no-cov -n auto --dist loadfile
	$(VENV)-newest/bin/python -m sphinx -q -W -b html -c . -d $(BUILD)/newest/doctrees docs $(BUILD)/newest/html

bench: $(VENV)/beyond $(VENV)-peers/installed ## time the package and the site against others, for half an hour; writes bench/results
	$(VENV)/bin/python bench/exact_momentum.py
	$(VENV)/bin/python bench/lstm.py
	$(VENV)/bin/python bench/mdrnn.py
	$(VENV)/bin/python bench/cost_growth.py
	$(VENV)/bin/python bench/compiled.py
	$(VENV)/bin/python bench/site_builds.py

dist: $(VENV)/beyond html ## build wheel and sdist, check them, follow the page for a teacher, run what readers take away
	rm -rf $(BUILD)/dist
	$(VENV)/bin/python -m build --no-isolation --outdir $(BUILD)/dist .
	$(VENV)/bin/twine check --strict $(BUILD)/dist/*
	$(VENV)/bin/check-wheel-contents $(BUILD)/dist/*.whl
	$(call environment,$(BUILD)/installed)
	$(VENV)/bin/uv pip install --quiet --python $(BUILD)/installed/bin/python --constraint requirements/dev.lock \
	  pytest $(BUILD)/dist/*.whl
	cd $(BUILD)/installed && bin/python -m pytest -c /dev/null --noconftest -q --doctest-modules --pyargs hw3 claimcheck \
	  --ignore-glob='*/claimcheck/[fps]*/*' --ignore-glob='*/claimcheck/pages.py' # what needs the extra "site"
	$(PYTEST) --no-cov -o norecursedirs='.* _build' tests/installed
	@echo "The package is in $(BUILD)/dist/"

lock: $(VENV)/installed ## choose the newest versions that fit pyproject.toml and pin them
	$(LOCK) --group dev -o requirements/dev.lock
	$(LOCK) --group beyond --constraint requirements/dev.lock -o requirements/beyond.lock
	$(LOCK) --group peers -o requirements/peers.lock
	$(LOCK) --group docs --group test --resolution lowest-direct -o requirements/lowest.lock

clean: ## remove what was built, and the environments
	rm -rf $(BUILD) $(VENV) $(VENV)-lowest $(VENV)-newest $(VENV)-peers

$(BUILD)/site-built: $(VENV)/installed $(SOURCES) $(if $(wildcard $(BUILD)/html/index.html),,no-site)
	@rm -f $@
	@$(SPHINX) -b html docs $(BUILD)/html || { echo "The site is not built: see above." >&2; exit 1; }
	@touch $@

.PHONY: no-site
no-site: # a site that was deleted is built again

# Makes the environment $(1), if there is a Python that can, and nothing else would be lost
define environment
	@command -v $(PYTHON) >/dev/null || \
	  { echo "There is no $(PYTHON) here: name a Python, 3.11 or newer, with make PYTHON=..." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "hw3 needs Python 3.11 or newer, and $(PYTHON) is not: name one with make PYTHON=python3.12 ..." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "$(PYTHON) cannot make an environment: on Debian and Ubuntu, run apt-get install python3-venv" >&2; exit 1; }
	@mkdir -p $(1) 2>/dev/null && [ -w $(1) ] || \
	  { echo "Nothing can be written to $(1): name other folders with make VENV=... BUILD=..." >&2; exit 1; }
	@[ -e $(1)/pyvenv.cfg ] || [ -z "$$(ls -A $(1))" ] || \
	  { echo "$(1) is no environment, and what is in it would be lost: name another folder" >&2; exit 1; }
	@owner=$$(cat $(1)/installed 2>/dev/null); case "$(abspath $(1))" in "$(CURDIR)"/*) owner=;; esac; \
	  [ -z "$$owner" ] || [ "$$owner" = "$(CURDIR)" ] || [ ! -e "$$owner" ] || \
	  { echo "The environment $(1) belongs to $$owner: name another folder" >&2; exit 1; }
	@$(PYTHON) -m venv --clear $(1)
endef

# An environment names the checkout that it was made for: one that moved needs another
ifneq ($(shell cat $(VENV)/installed 2>/dev/null),$(CURDIR))
.PHONY: $(VENV)/installed
endif
$(VENV)/installed: requirements/dev.lock requirements/install.py
	@echo "Making the environment $(VENV) from requirements/dev.lock (once)"
	$(call environment,$(VENV))
	@$(VENV)/bin/python requirements/install.py requirements/dev.lock .
	@echo "$(CURDIR)" >$@

$(VENV)/beyond: $(VENV)/installed requirements/beyond.lock
	$(VENV)/bin/python requirements/install.py requirements/beyond.lock
	$(VENV)/bin/python -m pip install --quiet torch==2.13.0 # not locked: which build is right depends on the machine
	@touch $@

$(VENV)-peers/installed: requirements/peers.lock requirements/install.py
	$(call environment,$(VENV)-peers)
	$(VENV)-peers/bin/python requirements/install.py requirements/peers.lock
	ln -sf $$($(VENV)-peers/bin/python -c "import pypandoc; print(pypandoc.get_pandoc_path())") $(VENV)-peers/bin/pandoc
	@echo "$(CURDIR)" >$@

# pip too is the oldest that comes with a Python that is supported: 3.11.0 brings 22.3
$(VENV)-lowest/installed: requirements/lowest.lock requirements/install.py
	$(call environment,$(VENV)-lowest)
	$(VENV)-lowest/bin/python -m pip install --quiet pip==22.3
	$(VENV)-lowest/bin/python requirements/install.py requirements/lowest.lock .
	@echo "$(CURDIR)" >$@
