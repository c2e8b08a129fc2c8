import { parse, stringify, TomlDate, TomlError } from 'smol-toml';

export default () => {
  const tree = parse(
    'a = 1_000\nb = 0x1f\nc = [1.5, inf, -0.0]\nd = """\ntwo\nlines"""\ne = 1979-05-27T07:32:00Z\nf = 07:32:00\n[t.u]\n"k k" = true\n[[list]]\nx = {y = 1}\n[[list]]\n',
  );
  let problem;
  try {
    parse('a = 1\na = 2');
  } catch (error) {
    problem = [error instanceof TomlError, error.line, error.column];
  }
  return {
    tree: { ...tree, c: tree.c.map(String), e: tree.e.toISOString(), f: String(tree.f) },
    out: stringify({ a: [1, 2], t: { b: 'x"y', on: new TomlDate('2024-01-01') }, l: [{ c: 1 }] }),
    problem,
  };
};
