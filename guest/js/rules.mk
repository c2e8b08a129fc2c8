# The JavaScript runtime: QuickJS-NG, which the npm package quickjs-wasi carries in WebAssembly and which is translated
# to C here, and the sources beside this file, on the SDK for programs with a C library. Included by ../Makefile.
engine := $(OBJ)/engine
engine_package := ../node_modules/quickjs-wasi/quickjs.wasm
translate := $(addprefix ../scripts/,translate-engine.mjs translate-engine-stack.cjs engine-repairs.mjs \
  engine-speed.mjs)
engine_units := $(patsubst %,$(engine)/engine_%.c,0 1 2 3) $(engine)/engine-imports.c $(engine)/engine-interpreter.c
# Its code lies below 4 GiB, and address 0 is a pointer like any other.
low := -fno-pie -fno-strict-aliasing -fno-delete-null-pointer-checks -ffunction-sections
engine_flags := -std=gnu11 -O2 -w -fwrapv -fno-math-errno $(low) -I js -I $(engine)
# Or the compiler makes one jump of those that end the instructions, which a processor foretells far worse.
own_jumps := -fno-gcse -fno-tree-pre -fno-crossjumping --param=max-goto-duplication-insns=40
$(engine)/engine-interpreter.o: engine_flags += \
  $(shell $(CC) -Werror $(own_jumps) -E -x c /dev/null >/dev/null 2>&1 && echo '$(own_jumps)')
js_flags := -std=gnu11 -O2 -Wall -Wextra -Werror $(low) -ffile-prefix-map=$(CURDIR)=guest -I js -I $(OUT)/include \
  -isystem $(engine)

js_runtime := $(OUT)/js/runtime.elf
js_objects := $(patsubst js/%.c,$(OBJ)/js/%.o,$(wildcard js/*.c))
engine_objects := $(engine_units:.c=.o) $(engine)/engine-data.o

all: $(js_runtime)

$(engine)/translated: $(engine_package) $(translate)
	mkdir -p $(@D)
	node $(firstword $(translate)) $(@D)
	touch $@

$(engine_package):
	echo 'guest/js: the package quickjs-wasi is not installed; npm ci installs it' >&2; exit 1

$(engine_units) $(engine)/engine-impl.h $(engine)/engine-data.bin: $(engine)/translated ;

$(engine)/%.o: $(engine)/%.c $(engine)/engine-impl.h js/wasm.h js/repairs.h $(stamp) js/rules.mk
	$(CC) $(engine_flags) -c $< -o $@

# What the engine has in its memory from the start, at the address that it has there.
$(engine)/engine-data.o: $(engine)/engine-data.bin $(stamp) js/rules.mk
	printf '.section .engine, "aw"\n.globl engine_data\nengine_data: .incbin "$<"\n.section .note.GNU-stack, ""\n' | $(CC) -x assembler -c - -o $@

$(OBJ)/js/%.o: js/%.c $(wildcard js/*.h) $(engine)/engine-impl.h $(header) sdk/abi.h $(stamp) js/rules.mk
	mkdir -p $(@D)
	$(CC) $(js_flags) -c $< -o $@

$(js_runtime): $(js_objects) $(engine_objects) $(linux_library)
	mkdir -p $(@D)
	echo 'int main(void) { return 0; }' | $(CC) -static -x c - -o /dev/null 2>/dev/null || \
	  { echo 'guest/js: static C library not found; install it (Debian, Ubuntu: libc6-dev)' >&2; exit 1; }
	$(CC) -static -no-pie $(js_objects) $(engine_objects) $(linux_library) -lm -Wl,--build-id=none \
	  -Wl,--gc-sections -Wl,--section-start=.engine=0x100000 -o $@
