# make run    builds and starts the demo
# make test   runs every test; what it could not run is its last line
# make deps   installs what the tests need besides Go (Debian's packages)
# make bench  measures, as ratios
# make help   prints this

GO ?= go
CHROMIUM := $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)

.PHONY: run build test deps bench help fuzz
.DEFAULT_GOAL := help

help:
	@sed -n 's/^# //p' Makefile

build:
	CGO_ENABLED=0 $(GO) build -trimpath -o bin/dateline ./cmd/dateline

run: build
	./bin/dateline demo

# Under CI=true, a test that something is missing for fails instead of being left out.
test:
	$(GO) vet ./...
	$(GO) test -timeout 15m ./...

ifeq ($(CHROMIUM),)
	@echo "Not run: the browser's tests, for want of Chromium (make deps)."
ifeq ($(CI),true)
	@exit 1
endif
endif

deps:
	@command -v chromium >/dev/null || { apt-get update -q && apt-get install -y -q --no-install-recommends chromium fonts-liberation; }

bench:
	$(GO) test -run '^$$' -bench . -benchmem ./internal/...

fuzz:
	for p in wire picture story record; do for f in $$($(GO) test -list '^Fuzz' ./internal/$$p | grep ^Fuzz); do $(GO) test -run '^$$' -fuzz "^$$f$$" -fuzztime 60s ./internal/$$p; done; done
