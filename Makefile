# SPDX-License-Identifier: Apache-2.0
# The front door.  Two commands do everything on a fresh Debian 12: make run, make test.
BUILD ?= build
export LC_ALL := C.UTF-8

.PHONY: all run test lint san fuzz deep goldens format clean install deb need-run need-test need-deb setup

all: setup
	@ninja -C $(BUILD) --quiet

# Meson looks for sources when it configures: a new file makes it look again.
setup:
	@tools/setup.sh $(BUILD) $(MESON_ARGS)

need-run:
	@tools/need.sh packaging/apt-run.txt
need-test:
	@tools/need.sh packaging/apt-run.txt packaging/apt-test.txt
need-deb:
	@tools/need.sh packaging/apt-run.txt packaging/apt-deb.txt

run: need-run
	@$(MAKE) --no-print-directory all MESON_ARGS=-Dtests=false BUILD=$(BUILD)
	@examples/first-seal/run.sh $(BUILD)/valise
	@examples/two-offices/run.sh $(BUILD)/valise
	@examples/by-courier/run.sh $(BUILD)/valise
	@examples/moscow-2018/run.sh $(BUILD)/valise

test: need-test
	@$(MAKE) --no-print-directory all MESON_ARGS=-Dtests=true BUILD=$(BUILD)
	@tools/test.sh $(BUILD)

# The whole of the tests with AddressSanitizer and UndefinedBehaviorSanitizer; WITHOUT="fault slow"
# leaves out what takes longest.
san: need-test
	@$(MAKE) --no-print-directory all BUILD=build-san \
	  MESON_ARGS='-Dtests=true -Db_sanitize=address,undefined -Db_lundef=false'
	@tools/test.sh build-san $(WITHOUT)

lint: need-test
	@lint/run.sh

# Every fuzz target for FUZZ_SECONDS each, new finds kept out of the tree.
FUZZ_SECONDS ?= 60
fuzz: need-test
	@CC=clang $(MAKE) --no-print-directory all BUILD=build-fuzz \
	  MESON_ARGS='-Dtests=true -Dfuzz=true -Db_sanitize=address,undefined -Db_lundef=false'
	@tools/fuzz.sh build-fuzz $(FUZZ_SECONDS)

# What takes too long for every push: faults at every system call, the analyzer, longer fuzzing.
deep: test
	@tools/deep.sh $(BUILD)

# Write tests/golden/ and docs/formats/examples.md again, after a format was changed on purpose.
goldens: need-test
	@$(MAKE) --no-print-directory all MESON_ARGS=-Dtests=true BUILD=$(BUILD)
	@VALISE_SOURCE=. $(BUILD)/tests/test-office-golden --write
	@VALISE_SOURCE=. $(BUILD)/tests/test-record-golden --write

format:
	@clang-format -i $$(git ls-files '*.c' '*.h')

# Debian packages of the last commit, in build-deb/; tools/deb_smoke.sh tries them in a bare Debian.
deb: need-deb
	@tools/deb.sh build-deb

install: all
	@meson install -C $(BUILD)

clean:
	rm -rf build build-*
