# make run    builds and starts the demo
# make test   runs every test
# make deps   fetches what the tests need
# make bench  measures
# make help   prints this

GO ?= go

.PHONY: run build test deps bench help fuzz
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

# Every test runs on Go alone so far; what the next ones need is installed here.
deps:
	$(GO) mod download

bench:
	$(GO) test -run '^$$' -bench . -benchmem ./internal/...

fuzz:
	for p in almanac places wire picture story record; do for f in $$($(GO) test -list '^Fuzz' ./internal/$$p | grep ^Fuzz); do $(GO) test -run '^$$' -fuzz "^$$f$$" -fuzztime 60s -fuzzminimizetime 10x ./internal/$$p; done; done
