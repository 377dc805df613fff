# The one front door; CI and people use the same words.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.ready
# An installation compiles what it installs, an editable one does not: where PYTHONDONTWRITEBYTECODE is set,
# each start of huldra would compile all of it anew, a second each time.
COMPILE := $(BIN)/python -m compileall -q src

.DEFAULT_GOAL := help
.PHONY: vsix lint-editors editor-cases test-editors help setup format lint types contracts test torture mutation agreement cases demo schema build check bench clean fuzz reuse

help:            ## list these words
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(STAMP)  ## a local environment with everything that development needs
$(STAMP): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'
	$(BIN)/python -m pip install --quiet --editable . --group dev
	$(COMPILE)
	@touch $@

format: $(STAMP) ## rewrite the layout of the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lint: $(STAMP)   ## ruff: layout and rules
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(STAMP)  ## pyright, strict
	$(BIN)/pyright

contracts: $(STAMP) ## import-linter: the layers of ARCHITECTURE.md
	$(BIN)/lint-imports

test: $(STAMP)   ## the whole test suite
	@$(COMPILE)
	$(BIN)/python -m pytest -n auto

torture: $(STAMP) ## the crash test of the runtime's store, at length: 500 kills
	$(BIN)/python -m tests.runtime.torture --kills 500

mutation: $(STAMP) ## thousands of edits of generated projects: which results must go stale; make mutation EDITS=5000
	HULDRA_MUTATIONS=$(or $(EDITS),2000) $(BIN)/python -m pytest -n auto tests/mutation

agreement: $(STAMP) ## generated programs: what is predicted is what is built; make agreement PROGRAMS=20000 SEED=0
	$(BIN)/python -m tests.agreement.long_run --programs $(or $(PROGRAMS),20000) --first-seed $(or $(SEED),0)

reuse: $(STAMP)  ## random edits: an evaluation that goes on finds what one that begins anew finds; make reuse PROGRAMS=500
	HULDRA_REUSE_PROGRAMS=$(or $(PROGRAMS),200) $(BIN)/python -m pytest -n auto tests/reuse

fuzz: $(STAMP)   ## random edits in the language server; make fuzz EDITS=20000
	HULDRA_FUZZ_EDITS=$(or $(EDITS),20000) $(BIN)/python -m pytest tests/protocol/test_fuzz.py

VSCODE := editors/vscode
VSIX   := $(VSCODE)/dist/huldra.vsix
VSIX_FROM := $(wildcard $(VSCODE)/src/*.ts $(VSCODE)/media/* $(VSCODE)/*.md $(VSCODE)/*.json $(VSCODE)/*.mjs src/huldra/exports/page/*)

$(VSCODE)/node_modules/.ready: $(VSCODE)/package.json $(VSCODE)/package-lock.json
	cd $(VSCODE) && npm ci --no-audit --no-fund
	@touch $@

$(VSIX): $(VSCODE)/node_modules/.ready $(VSIX_FROM)
	cd $(VSCODE) && npm run package

vsix: $(VSIX)    ## the VS Code extension, in editors/vscode/dist

NVIM   := editors/nvim
HOSTS  := editors/.hosts
STYLUA := npx --yes @johnnymorganz/stylua-bin@2.5.2

$(HOSTS)/.ready: $(NVIM)/tests/fetch_neovim.py editors/install_editors.sh
	sh editors/install_editors.sh
	$(PYTHON) $(NVIM)/tests/fetch_neovim.py 0.12 0.10
	@touch $@

lint-editors: $(VSCODE)/node_modules/.ready $(HOSTS)/.ready ## the clients' types and rules, and the tests of their own logic
	cd $(VSCODE) && npm run types && npm run lint && npm test
	cd $(NVIM) && luacheck -q . && $(STYLUA) --check .

editor-cases: $(STAMP) $(HOSTS)/.ready ## only what Neovim and Emacs show; make editor-cases UPDATE=1 rewrites the expected texts
	HULDRA_EDITORS=required $(if $(UPDATE),HULDRA_EDITORS_UPDATE=1) $(BIN)/python -m pytest $(NVIM)/tests editors/emacs/tests

test-editors: lint-editors editor-cases $(VSIX) ## real editors over the sample project; installs what it needs
	node $(VSCODE)/test/editor/install.mjs
	cd $(VSCODE) && npm run test-editor

cases: $(STAMP)  ## only tests/cases; make cases UPDATE=1 rewrites the expected answers
	$(BIN)/python -m pytest tests/cases $(if $(UPDATE),--update,)

demo: $(STAMP)   ## the main job on the sample project
	$(BIN)/python fixtures/demo.py

schema: $(STAMP) ## rewrite docs/schema from the models of exports
	$(BIN)/python docs/schema/update.py

build: $(STAMP)  ## the wheel and the source distribution, in dist/
	$(BIN)/python -m pip wheel --quiet --no-deps --wheel-dir dist .

check: lint types contracts test ## all of it

bench: $(STAMP)  ## benchmarks, as ratios against a lower bound in the same run
	$(BIN)/python benchmarks/run.py
	$(BIN)/python benchmarks/large_tree.py

clean:           ## remove what the other words made
	rm -rf $(VENV) dist .demo .huldra_cache .pytest_cache .ruff_cache
