import { minify } from 'terser';

export default async () => {
  const source = `
    function unused() { return 1 }
    const flag = false;
    export function area(width, height) { if (flag) console.log('never'); const result = width * height; return result + 0; }
    export class Box { #side = 2 * 3; get side() { return this.#side ?? undefined } }
    export const f = async (a) => { for await (const x of a) { if (x) { return x } else { continue } } };
  `;
  const { code, map } = await minify(
    { 'a.js': source },
    { module: true, sourceMap: true, compress: { passes: 2 } },
  );
  const pretty = await minify('var a=1,b=a+2;/*! kept */foo(b)', {
    mangle: false,
    format: { beautify: true, comments: 'some' },
  });
  const problem = await minify('let a = ;').catch(({ name, line, col }) => [name, line, col]);
  return { code, mappings: JSON.parse(map).mappings, pretty: pretty.code, problem };
};
