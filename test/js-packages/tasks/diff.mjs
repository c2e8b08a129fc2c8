import {
  applyPatch,
  createTwoFilesPatch,
  diffChars,
  diffJson,
  diffWords,
  parsePatch,
  structuredPatch,
} from 'diff';

export default () => {
  const one = 'a\nb\nc\nd\ne\nf\n';
  const other = 'a\nB\nc\nd\nnew\ne\nf\n';
  const patch = createTwoFilesPatch('old', 'new', one, other, '', '', { context: 1 });
  return {
    patch,
    applied: applyPatch(one, patch) === other,
    chars: diffChars('kitten', 'sitting').map(({ value, added, removed }) => [value, !!added, !!removed]),
    words: diffWords('the quick fox', 'the slow fox!').map(({ value }) => value),
    json: diffJson({ a: 1, b: [1] }, { b: [2], a: 1 }).map(({ value, count }) => [value, count]),
    hunks: parsePatch(patch)[0].hunks.length,
    lines: structuredPatch('a', 'b', one, other).hunks[0].lines,
    failed: applyPatch('other\n', patch),
  };
};
