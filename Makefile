# Everything here may be run again and again: what is done already is not done twice.

.DEFAULT_GOAL := help
.PHONY: help run build test clean

help: ## Show this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | sort | awk -F'\t' '{ printf "  make %-7s %s\n", $$1, $$2 }'

run: ## Install what the build needs, build, and serve Examples/quickstart in the foreground (no root needed)
	@Scripts/run

build: ## Install what the build needs, and build the release binary .build/release/gatepost
	@Scripts/build

test: ## Install what the tests need (Postfix, Dovecot, swaks ...), then build and run all tests
	@Scripts/test

clean: ## Delete what was built and unpacked (.build)
	rm -rf .build
