# make run    builds and starts the demo
# make test   runs every test
# make deps   fetches what the tests need
# make bench  measures, and compares with other libraries and servers
# make bench-scale measures every page of a big newsroom and of a big archive, kept in FOLDER for the next time
# make bench-live measures the streams beside nchan and net/http, with 16,000 readers
# make check-site has other people's checkers read the pages and feeds: Lighthouse, vnu, structured data, newsboat, feedparser
# make verbs  gives both engines 10,000 random verbs and compares all that they keep
# make mutants plants errors, each of which the tests must find
# make sim    plays the simulator for hours: FOR=8h
# make help   prints this

GO ?= go
CHROMIUM ?= chromium
export CHROMIUM

.PHONY: run build test deps bench bench-scale bench-live check-site verbs mutants sim help fuzz
.DEFAULT_GOAL := help

help:
	@sed -n 's/^# make/make/p' Makefile

build:
	CGO_ENABLED=0 $(GO) build -trimpath -o bin/dateline ./cmd/dateline

run: build
	./bin/dateline demo

test:
	$(GO) vet ./...
	$(GO) test -timeout 15m ./...
	DATELINE_TEST_STORE=postgres $(GO) test -timeout 10m ./internal/demo ./internal/mirror ./internal/newsroom ./internal/web/...
	$(GO) -C test vet ./...
	$(GO) -C test test -p 1 -count=1 -timeout 25m ./...
	$(GO) -C bench vet ./...
	@command -v $(CHROMIUM) >/dev/null || echo "not run: browser tests, for want of chromium; make deps installs it"
	@ls test/browser/node_modules/axe-core >/dev/null 2>&1 || echo "not run: the rules of axe on every page, for want of axe-core; make deps fetches it"
	@command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || echo "not run: tests on PostgreSQL, for want of its server; make deps installs it"
	@command -v strace >/dev/null || echo "not run: tests of a failing and a full disk, for want of strace; make deps installs it"

deps:
	$(GO) mod download
	$(GO) -C test mod download
	$(GO) -C bench mod download
	.ci/install $(CHROMIUM):chromium strace:strace npm:npm "/usr/lib/postgresql/*/bin/initdb:postgresql"
	@! command -v npm >/dev/null || npm --prefix test/browser ci --omit=dev --ignore-scripts --no-audit --no-fund

bench:
	$(GO) test -run '^$$' -bench . -benchmem ./internal/...
	$(GO) -C bench test -run '^$$' -bench . ./...
	$(GO) -C bench run ./pages

FOLDER ?= bin/scale
ARTICLES ?= 1000000
bench-scale:
	mkdir -p $(FOLDER)
	$(GO) test -run '^$$' -bench Screens -benchtime 200x -timeout 9h ./internal/web/desk -scale.desks 200 -scale.members 1000 -scale.stories 100000 -scale.folder $(abspath $(FOLDER))/newsroom
	for n in 1000 $(ARTICLES); do $(GO) test -run '^$$' -bench Routes -benchtime 200x -timeout 9h ./internal/web/site -site.articles $$n -site.folder $(abspath $(FOLDER))/$$n || exit 1; done
	$(GO) test -run '^$$' -bench Search -benchtime 200x -timeout 9h ./internal/edition -search.articles $(ARTICLES) -search.folder $(abspath $(FOLDER))/$(ARTICLES)

bench-live:
	$(GO) -C bench build -o ../bin/bench-live ./live
	./bin/bench-live

check-site:
	.ci/install $(CHROMIUM):chromium npm:npm java:default-jre-headless newsboat:newsboat /usr/lib/python3/dist-packages/feedparser:python3-feedparser
	npm --prefix test/browser ci --ignore-scripts --no-audit --no-fund
	$(GO) -C test test -count=1 -v -parallel 1 -timeout 30m -run '^TestCheckSite' ./browser -checksite

verbs:
	$(GO) test -count=1 -v -timeout 30m -run TestBothEnginesRememberTheSame ./internal/newsroom -verbs 10000

mutants:
	$(GO) -C test run ./mutants

FOR ?= 8h
sim:
	$(GO) -C test test -count=1 -timeout 0 ./sim -run TestSeeds -seeds 0 -for $(FOR) -v

fuzz:
	for p in almanac places wire picture story record; do for f in $$($(GO) test -list '^Fuzz' ./internal/$$p | grep ^Fuzz); do $(GO) test -run '^$$' -fuzz "^$$f$$" -fuzztime 60s -fuzzminimizetime 10x ./internal/$$p; done; done
