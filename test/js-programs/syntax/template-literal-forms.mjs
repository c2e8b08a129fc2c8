// Templates: nesting, line ends, escapes, conversions, order.
export default () => {
  const log = [];
  const t = (v) => (log.push(v), v);
  const o = { toString: () => 'str', valueOf: () => 'val' };
  return [
    `a${1}b${'c'}d`,
    `${t(1)}${t(2)}`,
    `${`${`${'deep'}`}`}`,
    `\u{1F600}\x41\0`.length,
    `line
two`,
    `con\
tinued`,
    `${o}`,
    `${[1, [2, 3]]}`,
    `${{}}`,
    `${null} ${undefined} ${true}`,
    `\`\${}\\`,
    `${'`'}`,
    `${{ a: { b: 1 } }.a.b}`,
    `${((x) => `<${x}>`)('f')}`,
    `$${1}$`,
    `$ {1}`,
    ``.length,
    `${''}`.length,
    `${1}${2}` + 3,
    typeof `${1}`,
    log,
  ];
};
