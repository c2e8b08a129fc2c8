import semver from 'semver';

export default () => [
  ['1.2.3', 'v1.0', '1.2.3-beta.1+build', ' =2.0.0 '].map((text) => semver.valid(text)),
  semver.sort(['1.10.0', '1.2.0', '1.2.0-rc.1', '1.2.0-rc.10', '1.2.0-rc.2']),
  [
    ['1.2.3', '^1.2'],
    ['2.0.0-a', '>1'],
    ['0.3.0', '^0.2'],
    ['1.5.0', '1.2 - 1.x || >=3'],
    ['1.9.9', '~1.9.1'],
  ].map((pair) => semver.satisfies(...pair)),
  semver.maxSatisfying(['1.2.3', '1.9.0', '2.0.0'], '^1'),
  ['major', 'minor', 'patch', 'prerelease', 'preminor'].map((kind) => semver.inc('1.2.3', kind, 'a')),
  semver.diff('1.2.3', '1.3.0'),
  new semver.Range('>=1.2 <3 || 5.x').range,
  semver.coerce('version 42.6 of').version,
  semver.intersects('^1.2', '<1.3'),
  String(semver.minVersion('>1.2.3')),
  semver.subset('^1.5', '^1'),
];
