# The JavaScript runtime: QuickJS from the npm package qjsc, as it is, and the sources here, on the SDK for programs
# with a C library. Included by ../Makefile.
quickjs := $(firstword $(wildcard ../node_modules/qjsc/deps/quickjs*))
quickjs_version := $(if $(quickjs),$(shell cat $(quickjs)/VERSION))
quickjs_flags := -O2 -w -fwrapv -D_GNU_SOURCE -DCONFIG_BIGNUM -DCONFIG_VERSION='"$(quickjs_version)"' \
  -ffile-prefix-map=$(quickjs)=quickjs
js_flags := -std=gnu11 -O2 -Wall -Wextra -Werror -ffile-prefix-map=$(CURDIR)=guest -isystem $(quickjs) -I $(OUT)/include

js_runtime := $(OUT)/js/runtime.elf
js_objects := $(patsubst js/%.c,$(OBJ)/js/%.o,$(wildcard js/*.c)) \
  $(patsubst %,$(OBJ)/quickjs/%.o,quickjs libregexp libunicode cutils libbf)

all: $(js_runtime)

$(OBJ)/quickjs/%.o: $(quickjs)/%.c $(stamp) js/rules.mk
	mkdir -p $(@D)
	$(CC) $(quickjs_flags) -c $< -o $@

$(OBJ)/js/%.o: js/%.c $(wildcard js/*.h) $(header) sdk/abi.h $(stamp) js/rules.mk
	mkdir -p $(@D)
	test -n '$(quickjs)' || { echo 'guest/js: the package qjsc is not installed; npm ci installs it' >&2; exit 1; }
	$(CC) $(js_flags) -c $< -o $@

$(js_runtime): $(js_objects) $(linux_library)
	mkdir -p $(@D)
	echo 'int main(void) { return 0; }' | $(CC) -static -x c - -o /dev/null 2>/dev/null || \
	  { echo 'guest/js: static C library not found; install it (Debian, Ubuntu: libc6-dev)' >&2; exit 1; }
	$(CC) -static $(js_objects) $(linux_library) -lm -Wl,--build-id=none -o $@
