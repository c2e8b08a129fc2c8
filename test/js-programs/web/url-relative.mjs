// Resolving against a base.
export default () => ['g', './g', 'g/', '/g', '//g', '?y', 'g?y', '#s', 'g#s', '', '.', './', '..', '../', '../g', '../..', '../../g', '../../../g', './../g', 'g/./h', 'g/../h', 'http:g', 'https://z/', '/%2e%2e/x', 'a:b', ' g '].map((r) => new URL(r, 'http://a/b/c/d;p?q').href);
