# The host for the tests of test262 (scripts/test262.mjs builds it when it is asked for): the JavaScript runtime with
# another main(). Included by ../Makefile, behind js/rules.mk.
test262 := $(OUT)/../test-programs/test262.elf
test262_objects := $(filter-out $(OBJ)/js/main.o,$(js_objects)) $(OBJ)/js/test262/host.o

test262: $(test262)
.PHONY: test262

$(OBJ)/js/test262/host.o: test262/host.c $(wildcard js/*.h) $(engine)/engine-impl.h $(header) $(stamp) js/rules.mk test262/rules.mk
	mkdir -p $(@D)
	$(CC) $(js_flags) -c $< -o $@

$(test262): $(test262_objects) $(engine_objects) $(linux_library)
	mkdir -p $(@D)
	$(CC) -static -no-pie $(test262_objects) $(engine_objects) $(linux_library) -lm -Wl,--build-id=none \
	  -Wl,--gc-sections -Wl,--section-start=.engine=0x100000 -o $@
