import { Minimatch, minimatch } from 'minimatch';

export default () => {
  const paths = ['a.js', 'src/a.ts', 'src/deep/b.test.ts', '.hidden', 'src/.x/c.js', 'b.JS', '[x].md'];
  const patterns = [
    '*.js',
    '**/*.ts',
    'src/**',
    '!(*.js)',
    '{a,b}.*',
    'src/*/?.+(test|spec).ts',
    '[a-c]*',
    '\\[x\\].md',
  ];
  return {
    matches: patterns.map((pattern) => [pattern, paths.filter(minimatch.filter(pattern))]),
    dots: paths.filter((path) => minimatch(path, '**', { dot: true, nocase: true })),
    braces: minimatch.braceExpand('{a,b{1..3}}x'),
    set: new Minimatch('a/{b,c}/**').set.length,
  };
};
