// Escapes in classes, sets (flag v), groups without number, much repeated nothing, as many groups as fit a byte.
export default () => {
  const of = (regexp, text) => regexp.exec(text)?.slice() ?? null;
  const many = new RegExp(`${'(a)?'.repeat(250)}b`);
  return {
    minus: of(/[\-x]+/u, 'a-x-b'),
    nothing: of(/()*?a/, 'bba'),
    repeated: of(/(?:(a)|(b))+/, 'ab'),
    sets: [of(/[\p{L}--[a-z]]+/v, 'abcDEF'), of(/[[0-9]&&[3-5]]+/v, '12345'), of(/^\p{RGI_Emoji}$/v, '👍🏽')],
    cases: [of(/[à-ö]+/iu, 'ÀÖ'), of(/\p{Lu}/iu, 'a')],
    indices: /(?<year>\d{4})-(\d\d)/d.exec('on 2024-05').indices.groups.year,
    groups: [many.exec(`${'a'.repeat(240)}b`).length, many.exec('b')[250] ?? 'none'],
  };
};
