# The few commands people type; meson.build knows the rest. `make demo` and
# `make check` install what is missing of tools/packages.txt first.
BUILD = build
PREFIX = /usr/local
DESTDIR =
FUZZ_SECONDS = 60

.DELETE_ON_ERROR:
.PHONY: release dev packages demo demo-sizing check lint bench fuzz cover valgrind install \
	format clean

release: $(BUILD)/release/build.ninja
	meson compile -C $(BUILD)/release

dev: $(BUILD)/dev/build.ninja
	meson compile -C $(BUILD)/dev

$(BUILD)/%/build.ninja:
	meson setup $(BUILD)/$* --native-file tools/presets/$*.ini

packages:
	@tools/install_packages

demo: packages
	$(MAKE) release
	tools/demo $(BUILD)/release/trimpot $(BUILD)/demo

demo-sizing: packages
	$(MAKE) release
	tools/demo_sizing $(BUILD)/release/trimpot $(BUILD)/demo-sizing

check: packages
	$(MAKE) $(BUILD)/dev/build.ninja
	tools/run_tests $(BUILD)/dev

lint: $(BUILD)/clang/build.ninja
	tools/lint $(BUILD)

bench: release
	meson test -C $(BUILD)/release --benchmark --verbose

fuzz: $(BUILD)/fuzz/build.ninja
	meson compile -C $(BUILD)/fuzz
	tools/run_fuzz $(BUILD)/fuzz $(FUZZ_SECONDS)

cover: $(BUILD)/cover/build.ninja
	tools/run_tests $(BUILD)/cover
	tools/coverage $(BUILD)/cover

valgrind: release
	meson test -C $(BUILD)/release --timeout-multiplier 20 \
		--wrap 'valgrind -q --error-exitcode=9 --child-silent-after-fork=yes'

install: release
	meson configure $(BUILD)/release -Dprefix=$(PREFIX)
	DESTDIR=$(DESTDIR) meson install -C $(BUILD)/release

format:
	git ls-files '*.c' '*.h' | xargs clang-format -i

clean:
	rm -rf $(BUILD)
