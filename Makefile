# make run    builds and starts the demo
# make test   runs every test
# make deps   fetches what the tests need
# make bench  measures, and compares with other libraries
# make mutants plants errors, each of which the tests must find
# make help   prints this

GO ?= go

.PHONY: run build test deps bench mutants help fuzz
.DEFAULT_GOAL := help

help:
	@sed -n 's/^# //p' Makefile

build:
	CGO_ENABLED=0 $(GO) build -trimpath -o bin/dateline ./cmd/dateline

run: build
	./bin/dateline demo

test:
	$(GO) vet ./...
	$(GO) test -timeout 15m ./...
	cd test && $(GO) vet ./... && $(GO) test ./almanac/...
	cd bench && $(GO) vet ./...

# Every test runs on Go alone so far; what the next ones need is installed here.
deps:
	$(GO) mod download
	cd test && $(GO) mod download
	cd bench && $(GO) mod download

bench:
	$(GO) test -run '^$$' -bench . -benchmem ./internal/...
	cd bench && $(GO) test -run '^$$' -bench . ./...

mutants:
	cd test && $(GO) run ./mutants

fuzz:
	for p in almanac wire picture story record; do for f in $$($(GO) test -list '^Fuzz' ./internal/$$p | grep ^Fuzz); do $(GO) test -run '^$$' -fuzz "^$$f$$" -fuzztime 60s -fuzzminimizetime 10x ./internal/$$p; done; done
