// Translates the JavaScript engine, QuickJS-NG as the package quickjs-wasi carries it in WebAssembly, to C that the
// guest's runtime is made of: scripts/translate-engine.mjs FOLDER. What guest/js/wasm.h says stands for the
// runtime that wasm2c expects.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkModule, declared, named, repaired } from './engine-repairs.mjs';
import { isInterpreter, quicker } from './engine-speed.mjs';

const UNITS = 4; // translation units, so that more than one compiler can work
const PAGE = 65_536;
const { resolve } = createRequire(import.meta.url);
const LARGER_STACK = fileURLToPath(new URL('translate-engine-stack.cjs', import.meta.url));

/** Functions that the runtime has itself: guest/js/allocator.c. */
const REPLACED = ['calloc', 'malloc', 'free', 'realloc', 'malloc_usable_size'].map((name) => `js_${name}_rt`);

/** Imports that guest/js/engine.c has. The runtime does nothing that would lead to the others. */
const SYSTEM = ['clock_time_get', 'fd_write', 'random_get', 'host_get_timezone_offset'];

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: translate-engine.mjs FOLDER');
const wasm = resolve('quickjs-wasi/quickjs.wasm');
checkModule(readFileSync(wasm));
mkdirSync(folder, { recursive: true });
const work = mkdtempSync(join(folder, 'work-'));
try {
  runWasm2c();
  const memory = data();
  const made = { 'engine-impl.h': header(), ...units(memory), 'engine-data.bin': memory.bytes };
  for (const [name, content] of Object.entries(made)) keep(name, Buffer.from(content));
} finally {
  rmSync(work, { recursive: true, force: true });
}

/** Not written when it is the same: the files' times decide what is compiled again. */
function keep(name, content) {
  const target = join(folder, name);
  if (existsSync(target) && readFileSync(target).equals(content)) return;
  writeFileSync(join(work, name), content);
  renameSync(join(work, name), target);
}

function runWasm2c() {
  const program = join(resolve('wabt'), '../bin/wasm2c');
  const output = ['-n', 'engine', '-o', join(work, 'engine.c'), `--num-outputs=${UNITS}`];
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--require', LARGER_STACK, program, wasm, ...output],
    {
      encoding: 'utf8',
    },
  );
  if (status !== 0) throw new Error(`wasm2c failed: ${stderr}`);
}

function read(name) {
  return readFileSync(join(work, name), 'utf8');
}

/** The declarations. What stands before them are macros for a sandbox, which this has no need of. */
function header() {
  const text = read('engine-impl.h');
  const declarations = text.slice(text.lastIndexOf('FUNC_TYPE_DECL_EXTERN_T(')).split('\n').slice(1);
  const imports = importsOf(read('engine.h'));
  const functions = [...imports, ...declarations.filter((line) => /^\w+ w2c_engine_\w+\(/.test(line))];
  return `#include "wasm.h"\n${declared(simplify(functions.join('\n')))}\n#include "repairs.h"\n`;
}

function importsOf(text) {
  return text.match(/^\w+ w2c_(?:env|wasi)_.*\);$/gm);
}

function units(memory) {
  const unused = importsOf(read('engine.h')).filter((line) => !SYSTEM.some((name) => line.includes(name)));
  const made = { 'engine-imports.c': traps(unused) };
  for (let unit = 0; unit < UNITS; unit++) {
    const text = read(`engine_${unit}.c`);
    const [table] = /^const wasm_elem_segment_expr_t [\s\S]*?^};$/m.exec(text) ?? [];
    const functions = text.match(/^\w+ w2c_engine_\w+\(w2c_engine\* [\s\S]*?^}$/gm).filter(isKept);
    const parts = functions.map((one) => repaired(simplify(one)));
    const interpreter = parts.findIndex(isInterpreter);
    if (interpreter >= 0)
      made['engine-interpreter.c'] = file(parts.splice(interpreter, 1).map((one) => quicker(one, memory)));
    if (table !== undefined) parts.push(simplify(tableOf(table)));
    made[`engine_${unit}.c`] = file(parts);
  }
  return made;
}

function file(parts) {
  return `#include "engine-impl.h"\n${parts.join('\n')}\n`;
}

function traps(declarations) {
  const lines = simplify(declarations.join('\n'))
    .replaceAll(/u(?:32|64)(?=[,)])/g, '$& unused')
    .split('\n');
  const numbered = lines.map((line) => {
    let count = 0;
    return line.replaceAll('unused', () => `unused${count++}`).replace(/;$/, ' { UNREACHABLE; }');
  });
  return file(numbered);
}

/** Neither a wrapper for callers outside nor what the runtime replaces. */
function isKept(text) {
  const name = /w2c_engine_(\w+)\(/.exec(text)[1];
  if (REPLACED.some((replaced) => name === `${replaced}_0`)) return false;
  return /^f\d+$/.test(name) || name.endsWith('_0');
}

/** What function pointers of the engine are: numbers of places in this table, the first of which stays empty. */
function tableOf(text) {
  const functions = [...text.matchAll(/wrap_w2c_engine_(\w+), \{NULL\}/g)].map(([, name]) => name);
  const lines = functions.map((name) => `  (void (*)(void))w2c_engine_${name},`);
  return `void (*engine_table[${functions.length + 1} + OWN_FUNCTIONS])(void) = {\n  0,\n${lines.join('\n')}\n};
const u32 engine_table_used = ${functions.length + 1};\n`;
}

/** There is one instance, whose memory begins at address 0. */
function simplify(text) {
  const simple = text
    .replaceAll(/^#if WASM_RT_USE_SEGUE[\s\S]*?^#endif\n/gm, '')
    .replaceAll(
      /CALL_INDIRECT\(instance->w2c_0x5F_indirect_function_table, (\w+ \(\*\))\(void\*(?:, )?(.*?)\), \w+, (\w+), instance->\S+?\.module_instance(?:, )?/g,
      (_all, type, parameters, place) => `CALL(${type}(${parameters || 'void'}), ${place})(`,
    )
    .replaceAll('instance->w2c_0x5F_stack_pointer', 'engine_stack_pointer')
    .replaceAll('&instance->w2c_memory, ', '')
    .replaceAll('instance->w2c_memory.pages', 'ENGINE_PAGES')
    .replaceAll('wasm_rt_grow_memory(', 'memory_grow(')
    .replaceAll(/\((?:struct )?w2c_\w+\*(?: instance)?\)/g, '(void)')
    .replaceAll(/\((?:struct )?w2c_\w+\*(?: instance)?, /g, '(')
    .replaceAll(/\(instance(?:->w2c_\w+_instance)?(?:, )?/g, '(')
    .replaceAll(/\bw2c_(?:engine|env|wasi__snapshot__preview1)_/g, 'engine_')
    .replaceAll(/\bengine_((?!f\d+\b)\w+?)_0\b/g, 'engine_$1');
  return named(simple);
}

/** The memory as the module begins with it, behind where its stack would be. */
function data() {
  const module = new WebAssembly.Module(readFileSync(wasm));
  const imports = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module))
    imports[from] = { ...imports[from], [name]: () => 0 };
  const { memory, __stack_pointer: stack } = new WebAssembly.Instance(module, imports).exports;
  if (stack.value % PAGE !== 0) throw new Error('the stack does not lie before the data');
  return { bytes: Buffer.from(memory.buffer, stack.value), start: stack.value };
}
