# SPDX-License-Identifier: GPL-2.0-or-later
# Mifeng: the kernel module, the user space and their tests. `make help` lists the goals.
# The module alone, the usual way: make -C /lib/modules/$(uname -r)/build M=$PWD

# The kernel to build for: the running one, else the newest whose headers are here.
KDIR	?= $(or $(wildcard /lib/modules/$(shell uname -r)/build),$(lastword $(shell \
		printf '%s\n' /usr/src/linux-headers-*-amd64 | sort -V)))
release	:= $(shell cat $(KDIR)/include/config/kernel.release 2>/dev/null)
# The kernels Debian 12 has, and the newest installed release of each.
series	:= 6.1 6.12
newest	= $(patsubst /usr/src/linux-headers-%,%,$(lastword $(shell \
		printf '%s\n' $(wildcard /usr/src/linux-headers-$(1).*-amd64) | sort -V)))
releases := $(foreach one,$(series),$(call newest,$(one)))

CC	?= gcc
CFLAGS	?= -O2 -g
prefix	?= /usr
cache	:= $(or $(MIFENG_CACHE),$(or $(XDG_CACHE_HOME),$(HOME)/.cache)/mifeng)
harness	:= $(cache)/linux-6.12-files
Q	:= $(if $(V),,@)
say	= $(if $(V),,@printf '  %-8s%s\n' $(1) $(2))

packages := libnl-3.0 libnl-genl-3.0 libnl-route-3.0 libudev yaml-0.1 libsystemd libcrypto json-c
libs	= $(shell pkg-config --libs $(packages))
base	:= -std=gnu11 -Wall -Wextra -Werror -D_GNU_SOURCE -I. -Iinclude -Iinclude/uapi -Ilib -MMD -MP
hardening := -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fPIE
flags	= $(CFLAGS) $(base) $(hardening) $(shell pkg-config --cflags $(packages))
linking	:= -pie -Wl,-z,relro,-z,now $(LDFLAGS)

# Objects, and the archives that programs and tests take what they need from. The kernel
# module's pure files are compiled for user space as well, for the unit tests.
objects	= $(patsubst %.c,build/obj/%.o,$(wildcard $(1)))
lib	:= $(call objects,lib/*.c)
daemon	:= $(call objects,daemon/*.c)
tools	:= $(call objects,tools/*.c)
pure	:= $(call objects,kmod/decide.c)
archives := build/obj/daemon.a build/obj/tools.a build/obj/pure.a build/obj/lib.a

programs := $(if $(wildcard daemon/main.c),build/bin/mifengd) \
	    $(if $(wildcard tools/mifengctl.c),build/bin/mifengctl)
unit	:= $(patsubst tests/unit/%.c,build/unit/%,$(wildcard tests/unit/*.c))
selftests := $(patsubst tests/kselftest/%.c,build/tests/%,$(wildcard tests/kselftest/*.c))
longs	:= $(patsubst tests/long/%.c,build/long/%,$(wildcard tests/long/*.c))
benches	:= $(patsubst tests/bench/%.c,build/bench/%,$(wildcard tests/bench/*.c)) build/bench/channels
locales	:= $(patsubst po/%.po,build/locale/%/LC_MESSAGES/mifeng.mo,$(wildcard po/*.po))

##@ Building
all: module programs		## the module for KDIR and the user space
module: build/$(release)/mifeng.ko	## the module for KDIR
modules: $(releases:%=build/%/mifeng.ko)	## the module for both Debian kernels
programs: $(programs) $(locales)	## mifengd, mifengctl and their messages
test-programs: $(unit) $(selftests) $(longs) $(benches) build/vm/vm-login \
	$(foreach one,holder failing,$(releases:%=build/%/$(one)/mifeng_$(one).ko))
bench-programs: $(benches)

# What modules of a release are built against. The debug kernel is no package: it is built and
# kept in the cache, and modules for it count which of their lines were run.
debugs	:= debug debug-6.12
headers	= $(if $(filter $(1),$(debugs)),"$$(tests/vm/build-kernel $(patsubst debug-%,%,$(filter-out debug,$(1))))/build",$(if \
	  $(filter $(1),$(release)),$(KDIR),/usr/src/linux-headers-$(1)))

# kbuild RELEASE DIRECTORY: the modules of a directory, for a release.
kbuild	= $(MAKE) --no-print-directory -s -C $(call headers,$(1)) $(if $(filter $(1),$(debugs)),MIFENG_COVERAGE=y) \
	  M=$(abspath $(2)) W=1 KCFLAGS=-Werror $(KBUILD_EXTRA) modules

# Kbuild writes beside its sources, so each release gets a mirror of them to write in.
build/%/mifeng.ko: FORCE
	$(if $*,,$(error no kernel headers: run 'make deps', or name a tree with KDIR=))
	$(call say,MODULE,$*)
	$(Q)mkdir -p build/$*
	+$(Q)flock build/$*/.lock sh -ec ' \
	    (cd build/$* && find Kbuild kmod include -type f -name "*.[chS]" 2>/dev/null || :) | \
		while read -r file; do [ -e "$$file" ] || rm "build/$*/$$file"; done; \
	    cp -a --update Kbuild kmod include build/$*/; \
	    $(call kbuild,$*,build/$*)'

# Modules of the tests' own: one takes places in the kernel that ours wants, one makes allocations
# fail, one has the faults that the debug kernel must find.
define test-module
build/%/$(1)/mifeng_$(1).ko: $(wildcard tests/kselftest/$(1)/*)
	$$(call say,$(1),$$*)
	$$(Q)mkdir -p build/$$*
	+$$(Q)flock build/$$*/.lock sh -ec 'cp -a --update tests/kselftest/$(1) build/$$*/; \
	    $$(call kbuild,$$*,build/$$*/$(1))'
endef
test-modules := holder failing faulty
$(foreach one,$(test-modules),$(eval $(call test-module,$(one))))

build/bin/mifengd: $(daemon) build/obj/lib.a
build/bin/mifengctl: $(tools) build/obj/lib.a
build/bin/%:
	$(call say,LINK,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(linking) -o $@ $^ $(libs)

build/obj/%.o: %.c Makefile
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(flags) -c -o $@ $<

build/obj/lib.a: $(lib)
build/obj/pure.a: $(pure)
build/obj/daemon.a: $(filter-out %/main.o,$(daemon))
build/obj/tools.a: $(filter-out %/mifengctl.o,$(tools))
build/obj/%.a:
	$(Q)mkdir -p $(@D)
	$(Q)rm -f $@ && ar rcs $@ $^

build/unit/%: tests/unit/%.c $(archives) Makefile
	$(call say,TEST,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(flags) -I$(dir $<) $(linking) -o $@ $< $(archives) $(libs)

kselftest = $(CC) $(flags) -isystem $(harness) $(linking) -o $@ $< build/obj/lib.a $(libs)

build/tests/%: tests/kselftest/%.c build/obj/lib.a Makefile | $(harness)
	$(call say,TEST,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(kselftest)

build/long/%: tests/long/%.c build/obj/lib.a Makefile | $(harness)
	$(call say,TEST,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(kselftest)

build/bench/%: tests/bench/%.c Makefile
	$(call say,BENCH,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(base) -static -o $@ $<

build/bench/channels: $(call objects,tests/bench/channels/*.c)
	$(call say,BENCH,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) -static -o $@ $^

build/vm/vm-login: tests/vm/guest/login.c Makefile
	$(call say,VM,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(flags) $(linking) -o $@ $<

build/locale/%/LC_MESSAGES/mifeng.mo: po/%.po
	$(Q)mkdir -p $(@D)
	$(Q)msgfmt --check -o $@ $<

# The kselftest harness and checkpatch are the kernel's, from Debian's source package.
$(harness):
	$(call say,UNPACK,kselftest_harness.h checkpatch.pl)
	$(Q)mkdir -p $(cache) && part=$$(mktemp -d $(cache)/linux-files.XXXXXX) && \
	    tar -xJf /usr/src/linux-source-6.12.tar.xz -C $$part --transform 's:.*/::' --occurrence=1 \
		$(addprefix linux-source-6.12/,scripts/checkpatch.pl scripts/spelling.txt scripts/const_structs.checkpatch \
		tools/testing/selftests/kselftest.h tools/testing/selftests/kselftest_harness.h) && \
	    chmod 755 $$part && { mv -T $$part $@ 2>/dev/null || rm -rf $$part; }

-include $(shell find build -name '*.d' 2>/dev/null)

##@ Testing
deps:				## install the Debian packages of the list `packages`
	$(Q).ci/deps

check: deps			## unit tests, then the suite on both kernels in VMs (about 20 minutes)
	$(Q)$(MAKE) --no-print-directory modules programs test-programs
	$(Q)tests/vm/check unit $(series)

check-unit: programs $(unit)	## what needs no VM
	$(Q)tests/vm/check unit

check-vm: modules programs test-programs	## the suite in VMs only
	$(Q)tests/vm/check $(series)

check-long: modules programs test-programs	## what takes ten minutes and more: a million rounds of races, a storm on 4 processors
	$(Q)tests/vm/check $(series) --long

check-channels: modules programs test-programs bench-programs	## the tests of every row of docs/channels.md, on both kernels
	$(Q)tests/vm/channels $(series)

check-net: modules programs test-programs bench-programs	## the guard of the network and the machine's role, on both kernels: frames, links, tunnels; a classified and an online machine
	$(Q)tests/vm/check $(series) --only guard_test role_test --e2e role network online

check-model: deps		## Spin tries every order of events of the machine's role (tests/model)
	$(Q)tests/model/run

debug-modules := mifeng.ko $(foreach one,$(test-modules),$(one)/mifeng_$(one).ko)
check-debug: programs test-programs $(debug-modules:%=build/debug/%)	## the suite on a kernel with KASAN, lockdep, kmemleak, failslab; which lines it ran (hours)
	$(Q)tests/vm/detectors debug
	$(Q)tests/vm/check debug

deps-debug:			## and those that the debug kernel is made with
	$(Q).ci/deps debug

check-e2e: modules programs bench-programs build/vm/vm-login	## everyday work, services, the daemon killed, a policy, a role, the network, an online machine, a locked one, an inspection: in guests with systemd
	$(Q)tests/vm/check $(series) --e2e everyday services daemon subjects role network online inspect_online locked inspect

demo: deps			## the whole product at work, in a guest with a USB stick
	$(Q)$(MAKE) --no-print-directory build/$(call newest,6.12)/mifeng.ko programs
	$(Q)tests/vm/run --image debian --usb -- /usr/libexec/mifeng/e2e/demo

bench: deps			## what the module costs, in guest instructions
	$(Q)$(MAKE) --no-print-directory modules programs bench-programs
	$(Q)tests/bench/run

bench-channels: modules programs bench-programs	## how many bits a second the open channels carry
	$(Q)tests/bench/channels-run $(series)

bench-growth: deps		## whether that grows with labels, tainted programs and rules
	$(Q)$(MAKE) --no-print-directory modules programs bench-programs
	$(Q)tests/bench/growth

bench-work: deps		## what tar, git and the compiler pay on ordinary files
	$(Q)$(MAKE) --no-print-directory modules programs bench-programs
	$(Q)tests/bench/work

bench-inspect: programs bench-programs	## what mifengctl inspect takes for a million files, beside find
	$(Q)tests/bench/inspect

style: $(harness)		## checkpatch, sparse, W=1, cppcheck, shellcheck
	$(Q).ci/style $(harness)/checkpatch.pl

##@ The rest
install: module programs	## DESTDIR and prefix are honoured
	install -D -m 755 -t $(DESTDIR)$(prefix)/bin build/bin/mifengctl
	install -D -m 755 -t $(DESTDIR)$(prefix)/sbin build/bin/mifengd
	install -D -m 644 -t $(DESTDIR)/lib/modules/$(release)/extra build/$(release)/mifeng.ko
	install -D -m 644 -t $(DESTDIR)/lib/systemd/system daemon/mifengd.service
	for page in docs/man/*.[1-8]; do \
	    install -D -m 644 -t $(DESTDIR)$(prefix)/share/man/man$${page##*.} $$page; done
	install -D -m 644 tools/completions/mifengctl.bash \
		$(DESTDIR)$(prefix)/share/bash-completion/completions/mifengctl
	install -D -m 644 -t $(DESTDIR)$(prefix)/share/zsh/vendor-completions tools/completions/_mifengctl
	$(if $(locales),cp -r build/locale $(DESTDIR)$(prefix)/share/)
	install -d -m 750 $(DESTDIR)/etc/mifeng/policy.d
	$(if $(DESTDIR),,depmod $(release))

clean:				## remove build/; the cache of VM images stays
	rm -rf build

help:				## this list
	@awk 'BEGIN { FS = ":.*## " } /^##@/ { print "\n" substr($$0, 5) } \
	      /^[a-z-]+:.*## / { printf "  make %-14s%s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: all module modules programs test-programs bench-programs deps check check-unit check-vm check-long check-channels check-net check-model check-debug deps-debug check-e2e \
	demo bench bench-channels bench-growth bench-work bench-inspect style install clean help FORCE
.SECONDARY:
.DELETE_ON_ERROR:
