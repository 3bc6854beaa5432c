# Everything here may be run again and again: what is done already is not done twice.

.DEFAULT_GOAL := help
.PHONY: help run build test differential fuzz bench bench-check clean

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | sort | awk -F'\t' '{ printf "  make %-11s %s\n", $$1, $$2 }'

run: ## Install what the build needs, build, and serve Examples/quickstart in the foreground (no root needed)
	@Scripts/run

build: ## Install what the build needs, and build the release binary .build/release/gatepost
	@Scripts/build

test: ## Install what the tests need (Postfix, Dovecot, swaks ...), then build and run all tests
	@Scripts/test

bench: ## Build, measure Gatepost next to Dovecot and the floors, and write docs/performance.md (root, about 15 minutes)
	@Benchmarks/run

bench-check: ## Build, count instructions a login, and fail if they have risen by more than 5 %
	@Benchmarks/instructions

differential: ## Build, and compare Gatepost with Dovecot under random configurations for ten minutes (root)
	@Scripts/differential

fuzz: ## Run a million inputs of libFuzzer over each parser (Fuzz/README.md); 7 minutes or so
	@Fuzz/run

clean: ## Delete what was built and unpacked (.build)
	rm -rf .build
