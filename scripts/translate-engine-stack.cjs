// Required before wabt's wasm2c, an Emscripten program whose stack is too small for the engine: gives it one of 256 MiB
// behind its memory.
const { readFileSync } = require('node:fs');

const PAGE = 65_536;
const STACK = 256 * 2 ** 20;
const { instantiate } = WebAssembly;
const [, allocate] = /__emscripten_stack_alloc=wasmExports\["(\w+)"\]/.exec(
  readFileSync(process.argv[1], 'utf8'),
);

WebAssembly.instantiate = async (binary, imports) => {
  const result = await instantiate(binary, imports);
  const { exports } = result.instance;
  const memory = Object.values(exports).find((value) => value instanceof WebAssembly.Memory);
  memory.grow((STACK + PAGE) / PAGE);
  // Allocating less than nothing moves the stack's pointer up.
  exports[allocate](-(memory.buffer.byteLength - PAGE - exports[allocate](0)));
  return result;
};
