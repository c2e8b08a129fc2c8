// Which of the engine's functions are changed when it is translated, so that it does what the language says:
// guest/js/repairs.c and ranges.c have what is called instead. The module has no names for them but those of its
// exports. So what is here holds for one version of it, and a build with another one fails.
import { createHash } from 'node:crypto';

const MODULE = 'c0bd8f296e18cf074969f6401b9ecb72609a1323818ec2b9bf7a8f8d740d1363';

/** What QuickJS's sources call them. */
const NAMES = {
  f93: 'JS_CallInternal',
  f96: 'JS_ThrowStackOverflow',
  f110: 'set_value',
  f130: 'JS_CopyDataProperties',
  f746: 'js_async_generator_resume_next',
  f752: 'js_async_generator_resolve_function',
  f931: 'js_array_includes',
  f934: 'js_json_to_str',
  f1001: 'js_parse_function_decl2',
  f1006: 'define_var',
  f1019: 'resolve_scope_var',
  f1029: 'find_var',
  f1275: 'js_array_join',
  f1280: 'js_array_sort',
  f1342: 'js_object_isSealed',
  f1498: 'cr_regexp_canonicalize',
  f1511: 'unicode_case1',
};

/** Functions that the runtime has itself, around the engine's, which get a 0 behind their names. */
const WRAPPED = [
  'JS_CopyDataProperties',
  'cr_regexp_canonicalize',
  'js_array_join',
  'js_async_generator_resolve_function',
  'js_async_generator_resume_next',
  'js_object_isSealed',
];

/** Functions that repairs.h has a quicker one for, around the engine's. */
const INLINE = ['JS_FreeValue', 'set_value'];

/** Places within functions: what stands there, and what is to. */
const CHANGED = {
  // A parameter that a function in the list of parameters uses is the same variable in the body.
  resolve_scope_var: [
    ['engine_find_var(', 'repairs_find_var('],
    [foundIn('p1'), (found) => `${found}var_p3 = repairs_variable(var_p1, var_p3);\n`],
    [foundIn('l9'), (found) => `${found}var_p3 = repairs_variable(var_l9, var_p3);\n`],
  ],
  define_var: [['engine_find_var(', 'repairs_declare_var(']],
  js_parse_function_decl2: [
    [
      /var_i1 = 186u;\n\s*engine_f680\(var_i0, var_i1\);\n([\s\S]*?)engine_f681\(var_i0, var_i1\);\n/,
      (_all, between) => between,
    ],
  ],
  // What is in its place is written all the same, where anybody can see it.
  js_array_sort: [
    [
      /var_j1 = var_l4;\n\s*var_i0 = var_j0 == var_j1;/,
      (same) => `${same.slice(0, -1)} && repairs_is_plain(var_l5);`,
    ],
  ],
  // It would look through all that is open at every level.
  js_json_to_str: [['engine_js_array_includes(', 'repairs_is_open(']],
  // Asked before the properties.
  js_object_isSealed: [['engine_JS_IsExtensible(var_i0, var_j1)', '0']],
};

/** Where a variable of a function, which is in `variable`, has the name that is looked for. */
function foundIn(variable) {
  return new RegExp(
    `var_i1 = var_${variable};\\n\\s*var_i1 = i32_load_default32\\(\\(u64\\)\\(var_i1\\) \\+ 48u\\);\\n\\s*var_i2 = var_p3;\\n[^{}]*?var_i0 = var_i0 == var_i1;\\n\\s*if \\(var_i0\\) {\\n`,
  );
}

/** @throws Error when the module is another one */
export function checkModule(bytes) {
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found === MODULE) return;
  throw new Error(`quickjs.wasm is ${found}: look at scripts/engine-repairs.mjs, which is for ${MODULE}`);
}

/** The text with names that can be read. */
export function named(text) {
  return text.replaceAll(/\bengine_(f\d+)\b/g, (all, name) =>
    name in NAMES ? `engine_${NAMES[name]}` : all,
  );
}

/** A function's text, whose name is one of those of `named`. */
export function repaired(text) {
  const name = /\bengine_(\w+)\(/.exec(text)[1];
  const changed = (CHANGED[name] ?? []).reduce(
    (before, [from, to]) => replaced(before, from, to, name),
    text,
  );
  return WRAPPED.includes(name) || INLINE.includes(name)
    ? changed.replace(`engine_${name}(`, `engine_${name}0(`)
    : changed;
}

/** Declarations with those of the functions that are wrapped. */
export function declared(text) {
  const own = WRAPPED.map((name) =>
    replaced(lineOf(text, name), `engine_${name}(`, `engine_${name}0(`, name),
  );
  const inline = INLINE.reduce(
    (before, name) => replaced(before, `engine_${name}(`, `engine_${name}0(`, name),
    text,
  );
  return [inline, ...own].join('\n');
}

function lineOf(text, name) {
  const [line] = new RegExp(`^.*\\bengine_${name}\\(.*$`, 'm').exec(text) ?? [];
  if (line === undefined) throw new Error(`the engine has no function ${name}`);
  return line;
}

function replaced(text, from, to, name) {
  const after = typeof from === 'string' ? text.replaceAll(from, to) : text.replace(from, to);
  if (after === text) throw new Error(`the engine's ${name} has not what is to be changed in it: ${from}`);
  return after;
}
