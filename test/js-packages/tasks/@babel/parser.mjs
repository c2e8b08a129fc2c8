import { parse, parseExpression } from '@babel/parser';

export default () => {
  const { program } = parse('type A<T> = { a?: T }; export const f = <T,>(x: T) => <p key="1">{x}</p>;', {
    sourceType: 'module',
    plugins: ['typescript', 'jsx'],
  });
  const { errors } = parse('const a = 1; const a = 2; return', { errorRecovery: true });
  const { left, operator } = parseExpression('(a ?? b) + c?.d[1n]');
  return {
    types: program.body.map(({ type, start, end }) => ({ type, start, end })),
    errors: errors.map(({ code, reasonCode, loc }) => ({ code, reasonCode, line: loc.line })),
    left: left.type,
    operator,
  };
};
