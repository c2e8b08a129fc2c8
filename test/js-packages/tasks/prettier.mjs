import * as babel from 'prettier/plugins/babel';
import * as estree from 'prettier/plugins/estree';
import * as markdown from 'prettier/plugins/markdown';
import * as postcss from 'prettier/plugins/postcss';
import { format } from 'prettier/standalone';

export default async () => {
  const plugins = [babel, estree, markdown, postcss];
  const problem = await format('let a = ;', { parser: 'babel', plugins }).catch(({ name, loc }) => [
    name,
    loc.start.line,
  ]);
  return [
    await format(
      'const f=async(a,b=1)=>{if(a){return await b}else throw new Error(`x${a}`)};const o={a:1,"b-c":[1,2,3]}',
      { parser: 'babel', plugins, singleQuote: true },
    ),
    await format('.a,.b>c{color:RED;margin:0 0 0 0}@media(max-width:1px){a{b:c}}', {
      parser: 'css',
      plugins,
    }),
    await format('* a\n* b\n\n|a|b|\n|-|-|\n|long|x|\n```js\nlet  a=1\n```', { parser: 'markdown', plugins }),
    await format('{"b":1,"a":[1,{"c":null}]}', { parser: 'json', plugins }),
    problem,
  ];
};
