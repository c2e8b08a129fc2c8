// Greedy, lazy, bounded; groups reset inside loops; alternation takes the first.
export default () => {
  const m = (re, s) => (re.exec(s) ?? ['no match']).map((v) => v ?? 'u');
  return [m(/a+?b/, 'aaab'), m(/<.+>/, '<a><b>'), m(/<.+?>/, '<a><b>'), m(/a{2}/, 'aaa'), m(/a{2,}/, 'aaaa'), m(/a{1,2}?/, 'aaa'), m(/a{0}b/, 'ab'), m(/(a*)*/, 'b'), m(/(z)((a+)?(b+)?(c))*/, 'zaacbbbcac'), m(/(?:(a)|(b))+/, 'ab'), m(/(a*?)*b/, 'aab'), m(/a|ab/, 'abc'), m(/((a)|(ab))((c)|(bc))/, 'abc'), m(/(?:a|ab)(?:c|bcd)(d*)/, 'abcd'), m(/(.*)(\d+)/, 'abc123'), m(/(.*?)(\d+)/, 'abc123'), m(/^(?:(\d+)x)?\s(.*)$/, ' rest'), m(/(?:)/, 'abc'), m(/x*/, 'aaa'), m(/a{,2}/, 'a{,2}'), m(/a{x}/, 'a{x}'), m(/\b\w+\b/, '  word '), m(/\B.\B/, 'abc'), m(/(\2)(a)/, 'a'), m(/(a)\1/, 'aa'), m(/(a|b)*\1/, 'abb'), m(/^(a+)+$/, 'aaaaaaaaaaaa'), m(/(x+x+)+y/, 'xxxxxxxxy'), m(/[^]/, '\n'), m(/[]/, 'a'), m(/()|/, ''), m(/(?:ab|cd)\d?/, 'cd5'), m(/(?=(a+))/, 'baaa')];
};
