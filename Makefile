# Every target makes the environment that it needs; Chromium and uv, for some, must be there.
PYTHON ?= python3
PORT ?= 8000
CHROMIUM ?= $(firstword $(foreach name,chromium chromium-browser google-chrome,$(shell command -v $(name))) chromium)
SOURCES = conf.py $(shell find bench/results docs extensions hw3 -name __pycache__ -prune -o -print)
COMPILE = uv pip compile pyproject.toml --universal --python-version 3.11 --fork-strategy fewest --generate-hashes \
  --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" --quiet
export PIP_DISABLE_PIP_VERSION_CHECK = 1
export PIP_ROOT_USER_ACTION = ignore

.PHONY: help html live serve pdf linkcheck test test-backends test-browser test-lowest faults bench lint format dist lock clean
.DEFAULT_GOAL := help

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST)

html: _build/site-built ## run every page and build the site into _build/html
	@echo "The site is built. Open file://$(CURDIR)/_build/html/index.html, or run: make serve"

pdf: .venv/installed ## print all pages into one tagged PDF (needs Chromium)
	@command -v $(CHROMIUM) >/dev/null || { echo "make pdf prints with Chromium, and there is none here:" \
	  "on Debian and Ubuntu, run apt-get install chromium, or name another with make pdf CHROMIUM=..." >&2; exit 1; }
	.venv/bin/sphinx-build -q -b singlehtml -c . -d _build/doctrees-pdf -W --keep-going -n -E -j auto docs _build/pdf/pages
	$(CHROMIUM) --headless $(if $(filter 0,$(shell id -u)),--no-sandbox) --disable-gpu --disable-background-networking \
	  --no-pdf-header-footer --export-tagged-pdf --generate-pdf-document-outline \
	  --print-to-pdf=_build/pdf/hw3.pdf file://$(CURDIR)/_build/pdf/pages/index.html 2>_build/pdf/chromium.log || \
	  { cat _build/pdf/chromium.log >&2; exit 1; }
	@echo "The PDF is in _build/pdf/hw3.pdf"

test: .venv/installed ## run the tests, the doctests and the cells of the pages
	.venv/bin/pytest

test-backends: .venv/backends ## run the solutions on PyTorch and JAX, compiled and spread over devices and hosts
	.venv/bin/pytest --no-cov -o norecursedirs='.* _build' tests/backends

test-browser: .venv/browser html ## open every page in Chromium: barriers, errors, requests, weight, sliders, paper
	.venv/bin/pytest --no-cov -o norecursedirs='.* _build' tests/browser

bench: .venv/bench .venv-peers/installed ## time the package and the site against others, for half an hour; writes bench/results
	.venv/bin/python bench/exact_momentum.py
	.venv/bin/python bench/lstm.py
	.venv/bin/python bench/mdrnn.py
	.venv/bin/python bench/cost_growth.py
	.venv/bin/python bench/compiled.py
	.venv/bin/python bench/site_builds.py

faults: .venv/installed ## plant faults in a copy of hw3: each must change a verdict; writes docs/faults.json
	.venv/bin/python tests/faults/run.py

lint: .venv/installed ## check style, formatting, types, imports, spelling and conventions
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/codespell
	.venv/bin/repo-review .

format: .venv/installed ## rewrite the code in the house format
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

live: .venv/live ## build the site, serve it on this machine, and build it again at every edit (PORT=8000)
	.venv/bin/sphinx-autobuild -b html -c . -d _build/doctrees-live -n --port $(PORT) --ignore '*/_build/*' \
	  --watch extensions --watch hw3 --watch conf.py docs _build/live

linkcheck: .venv/installed ## ask the network whether the links to other sites still lead somewhere
	.venv/bin/sphinx-build -q -b linkcheck -c . -d _build/doctrees-links -n -E -j auto docs _build/links
	@echo "Every link was found. The list is in _build/links/output.txt"

dist: .venv/release ## build wheel and sdist, check them, and run the doctests where the wheel is installed
	rm -rf dist _build/installed
	.venv/bin/python -m build --no-isolation --outdir dist .
	.venv/bin/twine check --strict dist/*
	.venv/bin/check-wheel-contents dist/*.whl
	$(PYTHON) -m venv --clear _build/installed
	_build/installed/bin/python -m pip install --quiet --require-hashes -r requirements/installed.lock
	_build/installed/bin/python -m pip install --quiet --no-deps --no-index dist/*.whl
	cd _build/installed && bin/python -m pytest -c /dev/null --noconftest -q --doctest-modules --pyargs hw3
	@echo "The package is in dist/"

test-lowest: .venv-lowest/installed ## run the tests with the lowest versions that pyproject.toml admits
	.venv-lowest/bin/python -m pytest --no-cov

serve: html ## build the site and serve it on this machine alone (PORT=8000)
	@echo "Serving http://127.0.0.1:$(PORT)/ until Ctrl-C"
	.venv/bin/python -m http.server --bind 127.0.0.1 --directory _build/html $(PORT)

clean: ## remove what was built, and the environments
	rm -rf _build .venv .venv-lowest .venv-peers dist htmlcov .coverage .hypothesis .pytest_cache .mypy_cache .ruff_cache

lock: ## choose the newest versions that fit pyproject.toml and pin them (needs uv)
	$(COMPILE) --group dev --upgrade -o requirements/dev.lock
	for group in browser jax bench live release installed; do \
	  $(COMPILE) --group $$group --constraint requirements/dev.lock --upgrade -o requirements/$$group.lock || exit 1; \
	done
	$(COMPILE) --group peers --upgrade -o requirements/peers.lock
	$(COMPILE) --group docs --group test --resolution lowest-direct --upgrade -o requirements/lowest.lock

# What the last build read is kept only if that build succeeded: a failure must fail again.
_build/site-built: .venv/installed $(SOURCES)
	@[ -e $@ ] || rm -rf _build/doctrees
	@rm -f $@
	.venv/bin/sphinx-build -b html -c . -d _build/doctrees -W --keep-going -n -j auto docs _build/html
	@touch $@

.venv/installed: requirements/dev.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "hw3 needs Python 3.11 or newer, and $(PYTHON) is not: name one with make PYTHON=python3.12 ..." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "$(PYTHON) cannot make an environment: on Debian and Ubuntu, run apt-get install python3-venv" >&2; exit 1; }
	@echo "Making .venv from requirements/dev.lock (about a minute, once)"
	$(PYTHON) -m venv --clear .venv
	.venv/bin/python -m pip install --quiet --require-hashes -r requirements/dev.lock
	.venv/bin/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

.venv/backends: .venv/installed requirements/jax.lock
	.venv/bin/python -m pip install --quiet --require-hashes -r requirements/jax.lock
	.venv/bin/python -m pip install --quiet torch==2.13.0 # no hash: which build is right depends on the machine
	@touch $@

.venv/bench: .venv/backends .venv/browser requirements/bench.lock
	.venv/bin/python -m pip install --quiet --require-hashes -r requirements/bench.lock
	@touch $@

.venv-peers/installed: requirements/peers.lock
	$(PYTHON) -m venv --clear .venv-peers
	.venv-peers/bin/python -m pip install --quiet --require-hashes -r requirements/peers.lock
	ln -sf $$(.venv-peers/bin/python -c "import pypandoc; print(pypandoc.get_pandoc_path())") .venv-peers/bin/pandoc
	@touch $@

.venv/browser .venv/live .venv/release: .venv/%: .venv/installed requirements/%.lock
	.venv/bin/python -m pip install --quiet --require-hashes -r requirements/$*.lock
	@touch $@

.venv-lowest/installed: requirements/lowest.lock
	$(PYTHON) -m venv --clear .venv-lowest
	.venv-lowest/bin/python -m pip install --quiet --no-deps --require-hashes -r requirements/lowest.lock
	.venv-lowest/bin/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	.venv-lowest/bin/python -m pip check
	@touch $@
