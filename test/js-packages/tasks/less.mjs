import less from 'less';

export default async () => {
  const text = `
    @c: #336699;
    .round(@r: 4px) { border-radius: @r }
    .a { color: darken(@c, 10%); .round(8px); &:hover { width: (1 + 2) * 3px } .b & { top: e("x") } }
    .loop(@n) when (@n > 0) { .w-@{n} { width: @n * 10% } .loop(@n - 1) }
    .loop(2);
    @media (min-width: 5em) { .a { .round } }
  `;
  const { css } = await less.render(text);
  const problem = await less.render('.a { color: @none }').catch(({ type, line }) => [type, line]);
  return { css, problem };
};
