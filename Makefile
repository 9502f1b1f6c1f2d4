# flannelx: what a person types. Each target finds or installs what it needs, or says what to install.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

export JAVA_HOME := $(shell src/provision/jdk.sh)
MVN := mvn -B -ntp

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "%-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
