// What the engine's interpreter gains on the way from WebAssembly to C, which its compiler to WebAssembly could
// not give it: a jump of its own at the end of each instruction. What is there for watching single instructions
// is left out.

const INSTRUCTIONS = 256;

/** At the interpreter's loop: an undefined value, the frame, the place in the code, what was read there. */
const LOOP =
  /^ *var_(?<loop>L\d+): \n\s*var_j0 = 12884901888ull;\n\s*var_(?<result>l\d+) = var_j0;\n\s*var_i0 = var_(?<frame>l\d+);\n\s*var_i1 = var_(?<place>l\d+);\n\s*var_i1 = i32_load8_u_default32\(\(u64\)\(var_i1\)\);\n\s*var_(?<read>l\d+) = var_i1;\n\s*var_i2 = 2u;\n\s*var_i1 <<= \(var_i2 & 31\);\n\s*var_i1 = i32_load_default32\(\(u64\)\(var_i1\) \+ (?<table>\d+)u\);\n\s*var_i2 = (?<first>\d+)u;\n\s*var_i1 -= var_i2;\n\s*switch \(var_i1\) \{\n(?<cases>[\s\S]*?)\n\s*\}\n/m;

/** A look at a flag that nobody sets, whether to show each instruction. */
const WATCHED = /i32_load8_u_default32\(\(u64\)\(var_i\d\) \+ 761u\)/g;

/** Whether a function's text is that of the interpreter. */
export function isInterpreter(text) {
  return /^\w+ engine_JS_CallInternal\(/.test(text);
}

/** The interpreter's text; `memory` is what the engine has in it from the start. */
export function quicker(text, memory) {
  const watched = text.match(WATCHED)?.length ?? 0;
  const { groups } = LOOP.exec(text) ?? {};
  if (groups === undefined || watched < 200) throw new Error('the interpreter is not as it was');
  const { loop, result, frame, place, read } = groups;
  const begin = `var_${result} = 12884901888ull; var_i0 = var_${frame};`;
  const fetch = `var_${read} = i32_load8_u_default32(var_${place}); goto *places[var_${read}];`;
  const next = `{ ${begin} ${fetch} }\n`;
  return text
    .replaceAll(WATCHED, '0')
    .replace(LOOP, next)
    .replaceAll(`goto var_${loop};`, next.trimEnd())
    .replace('FUNC_PROLOGUE;', `${placesOf(groups, memory)}\n  FUNC_PROLOGUE;`);
}

/** Where an instruction's number leads. */
function placesOf({ table, first, cases }, { bytes, start }) {
  const labels = new Map(
    [...cases.matchAll(/(?:case (\d+)|default): goto var_(B\d+);/g)].map(([, number, label]) => [
      number,
      label,
    ]),
  );
  const places = Array.from({ length: INSTRUCTIONS }, (_, instruction) => {
    const number = bytes.readUInt32LE(Number(table) - start + instruction * 4) - Number(first);
    return `&&var_${labels.get(String(number)) ?? labels.get(undefined)}`;
  });
  return `  static const void* const places[] = {${places.join(', ')}};`;
}
