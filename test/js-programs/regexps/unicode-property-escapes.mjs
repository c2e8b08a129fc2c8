// \p and \P: general categories, scripts, binary properties.
export default () => {
  const s = 'aB1 é Ж漢あ𝒳😀٣Ⅷ_-€\u0301ǅ';
  const pick = (re) => (s.match(re) ?? []).join('');
  return {
    L: pick(/\p{L}/gu),
    Lu: pick(/\p{Lu}/gu),
    Ll: pick(/\p{Lowercase_Letter}/gu),
    Lt: pick(/\p{Lt}/gu).length,
    N: pick(/\p{N}/gu),
    Nd: pick(/\p{Nd}/gu),
    Nl: pick(/\p{General_Category=Letter_Number}/gu),
    notL: pick(/\P{L}/gu).length,
    cyr: pick(/\p{Script=Cyrillic}/gu),
    han: pick(/\p{sc=Han}/gu),
    hira: pick(/\p{Script_Extensions=Hiragana}/gu),
    latin: pick(/\p{scx=Latn}/gu),
    emoji: pick(/\p{Emoji_Presentation}/gu),
    alpha: pick(/\p{Alphabetic}/gu),
    upper: pick(/\p{Uppercase}/gu),
    sym: pick(/\p{Sc}/gu),
    punct: pick(/\p{P}/gu),
    marks: pick(/\p{M}/gu).length,
    ascii: pick(/\p{ASCII}/gu),
    id: pick(/\p{ID_Start}/gu),
    ws: pick(/\p{White_Space}/gu).length,
    klass: pick(/[\p{Lu}\p{Nd}]/gu),
    neg: pick(/[^\p{L}\p{N}\s]/gu),
    any: s.match(/\p{Any}/gu).length,
    assigned: /\p{Assigned}/u.test('\u{e0080}'),
    i: pick(/\p{Lu}/giu),
    hex: pick(/\p{AHex}/gu),
    bad: ['\\p{Foo}', '\\p{L', '\\p', '\\p{Script=Nope}', '\\p{lu}', '[a-\\p{L}]'].map((x) => {
      try {
        return new RegExp(x, 'u') && 'ok';
      } catch (e) {
        return e.name;
      }
    }),
    noU: /\p{L}/.test('p{L}'),
  };
};
