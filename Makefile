# 有据 (Youju). Wants GNU make 3.81 or newer and Python 3.11 or newer, nothing else; `make` alone lists the targets.
# Where packages come from is pip's own configuration (pip.conf, PIP_*): nothing is set here.

PYTHON ?= python3
ARGS   ?=
VENV   := .venv
PY     := $(VENV)/bin/python
YOUJU  := $(VENV)/bin/youju
LOG    := $(VENV)/install.log
PIP    := $(PY) -m pip --disable-pip-version-check --no-input
# What is compiled is kept in .venv, whatever the environment says: some tests start a Python of their own, and each would
# compile all of PyTorch anew, which takes longer than the test.
# Two tests at a time, those of a file by one of the two. A thread of a model that has nothing to do sleeps, and leaves its
# core to the other test.
JOBS   ?= 2
PYTEST := PYTHONDONTWRITEBYTECODE= OMP_WAIT_POLICY=PASSIVE $(PY) -m pytest -n $(JOBS) --dist loadfile

# Newer than what they were made from: nothing is installed again.
INSTALLED     := $(VENV)/.installed
INSTALLED_DEV := $(VENV)/.installed-dev

.DEFAULT_GOAL := help
.PHONY: help run setup models check quick test eval lint lock clean

help: ## 列出可用的目标 · list the targets
	@sed -n 's/^\([a-z]*\):.*## /  make \1	/p' Makefile

run: $(INSTALLED) models ## 装好一切，打开问答窗口 127.0.0.1:7860 · install everything and open the chat window
	@$(YOUJU) index seeds
	@$(PY) app.py

setup: $(INSTALLED) models ## 只安装和取模型，不启动 · install and fetch the models, start nothing

models: $(INSTALLED)
	@$(YOUJU) models fetch

# Two at a time, one a core: the linters, and every test that needs neither a model nor a browser (docs/testing.md).
check: $(INSTALLED_DEV) ## 一分钟内的检查：ruff、mypy 和不用模型与浏览器的测试 · lint, types, and the tests without a model or a browser
	@$(MAKE) --no-print-directory -j 2 lint quick

quick: $(INSTALLED_DEV)
	@$(PYTEST) -m 'not model and not browser and not llm' $(ARGS)

test: $(INSTALLED_DEV) models ## 安装开发工具并跑全部测试（ARGS="-k 名字"）· install the tools and run every test
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || \
	  echo '没有找到 Chromium，窗口测试会跳过（Debian：apt-get install chromium fonts-noto-cjk）。' \
	       'No Chromium found: the browser tests will be skipped.'
	@$(PYTEST) $(ARGS)

eval: $(INSTALLED) models ## 在 eval/seeds.jsonl 上评测，结果写进 eval/results/ · evaluate on the shipped questions
	@$(YOUJU) index seeds --index build/eval-index
	@$(YOUJU) eval --index build/eval-index $(ARGS)

lint: $(INSTALLED_DEV) ## ruff 与 mypy --strict · ruff and mypy --strict
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy

# The oldest Python that pyproject.toml admits makes the lock: what it can install, newer ones can.
# Left out: local version tags (torch's +cpu) and the CUDA packages that some builds of torch ask for. They belong to one
# kind of machine; pip adds those that the build at hand needs.
lock: ## 重新生成两个锁文件 · make both lock files anew
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || \
	  { echo '锁文件要用 Python 3.11 生成。 The lock is made with Python 3.11: make lock PYTHON=python3.11' >&2; exit 1; }
	@rm -rf build/lock && $(PYTHON) -m venv build/lock && build/lock/bin/python -m pip install -q --upgrade pip  # 23.2 loses lxml[html_clean]
	@echo '求解运行依赖… Resolving…' && build/lock/bin/python -m pip install -q .
	@{ $(lock_head); $(freeze); } > build/requirements.lock
	@echo '求解开发依赖… Resolving the tools…' && build/lock/bin/python -m pip install -q '.[dev]'
	@{ $(lock_head); echo '-r requirements.lock'; $(freeze) | grep -vxFf build/requirements.lock; } > build/requirements-dev.lock
	@mv build/requirements.lock requirements.lock && mv build/requirements-dev.lock requirements-dev.lock && rm -rf build/lock

lock_head = echo '\# Exact versions from a clean environment, made from pyproject.toml by: make lock'
freeze = build/lock/bin/python -m pip freeze --all --exclude pip --exclude youju \
	| sed -E -e 's/\+[^ ]*$$//' -e '/^(nvidia-|cuda-|triton==)/d' | tr 'A-Z_' 'a-z-' | LC_ALL=C sort

clean: ## 删去 .venv 与缓存（不动索引和模型）· remove .venv and caches; the index and the models stay
	@rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis test-results
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(PY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo '需要 Python 3.11 或更新的版本，例如：make run PYTHON=python3.12。 Python 3.11 or newer is needed.' >&2; exit 1; }
	@$(PYTHON) -m venv --clear $(VENV) || { rm -rf $(VENV); exit 1; }

$(INSTALLED): requirements.lock pyproject.toml | $(PY)
	@echo '安装依赖，首次约需几分钟… Installing, a few minutes the first time…'
	$(call install,-r requirements.lock -e .)
	@touch $@

$(INSTALLED_DEV): requirements-dev.lock $(INSTALLED)
	@echo '安装开发工具… Installing the tools…'
	$(call install,-r requirements-dev.lock)
	@touch $@

# pip's own words go to the log; a terminal shows what it is at, on one line. A pipe hides pip's exit status, so success
# leaves a mark. Python compiles what is used when it is first used: compiling all of it here doubles the time (docs/log.md).
define install
	@rm -f $(VENV)/.ok
	@{ PYTHONUNBUFFERED=1 $(PIP) install --no-compile --progress-bar off $(1) 2>&1 && : > $(VENV)/.ok; } | tee $(LOG) | while read -r line; do \
	  case $$line in Collecting*|Processing*|Downloading*|Using*|Installing*) \
	    if [ -t 1 ]; then printf '\r\033[K  %.74s' "$$line"; fi ;; esac; done
	@if [ -t 1 ]; then printf '\r\033[K'; fi
	@test -f $(VENV)/.ok || { tail -n 12 $(LOG) >&2; echo '安装失败，全文见 $(LOG)。 Installing failed; see $(LOG).' >&2; exit 1; }
	@rm -f $(VENV)/.ok
endef
