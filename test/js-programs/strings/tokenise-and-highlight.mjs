// A highlighter and a minifier for a small language, with exact round trips.
const TOK =
  /(?<ws>\s+)|(?<com>\/\/[^\n]*|\/\*[\s\S]*?\*\/)|(?<str>'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")|(?<num>0x[\da-f]+|\d+(?:\.\d+)?(?:e[+-]?\d+)?)|(?<kw>\b(?:let|if|else|return|while)\b)|(?<id>[\p{L}_$][\p{L}\p{N}_$]*)|(?<op>[-+*/%=!<>&|]+|[(){}[\];,.?:])|(?<bad>.)/giu;
export default () => {
  const src =
    'let größe = 0x1F + 2.5e3; // note "x"\nif (a<=b) { return \'it\\\'s\' /* c */ + "é😀"; } else while(x) y¤;';
  const toks = [...src.matchAll(TOK)].map((m) => [
    Object.keys(m.groups).find((k) => m.groups[k] !== undefined),
    m[0],
  ]);
  const html = toks.map(([k, t]) => (k === 'ws' || k === 'op' ? t : `<${k}>${t}</${k}>`)).join('');
  const min = toks
    .filter(([k]) => k !== 'com')
    .reduce(
      (o, [k, t], i, a) =>
        k === 'ws'
          ? /[\p{L}\p{N}_$]$/u.test(o) && /^[\p{L}\p{N}_$]/u.test(a[i + 1]?.[1] ?? '')
            ? `${o} `
            : o
          : o + t,
      '',
    );
  return {
    round: toks.map((t) => t[1]).join('') === src,
    html,
    min,
    counts: toks.reduce((m, [k]) => ({ ...m, [k]: (m[k] ?? 0) + 1 }), {}),
    bad: toks.filter(([k]) => k === 'bad').map((t) => t[1]),
    strip: html.replace(/<\/?[a-z]+>/g, '') === src,
  };
};
