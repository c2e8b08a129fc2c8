import { compile, parse, preprocess } from 'svelte/compiler';

export default async () => {
  const source = `<script>let { n = 1 } = $props(); let twice = $derived(n * 2);</script>
    {#each [1, 2] as i (i)}<p class:on={i > n}>{i} {twice}</p>{:else}none{/each}
    {#if n}<button onclick={() => n++}>x</button>{/if}
    <style>p { color: red } .unused { top: 0 }</style>`;
  const { js, css, warnings } = compile(source, { filename: 'A.svelte', generate: 'server', name: 'A' });
  let problem;
  try {
    compile('{#if x}', {});
  } catch ({ code }) {
    problem = code;
  }
  const processed = await preprocess(source, {
    style: ({ content }) => ({ code: content.replace('red', 'blue') }),
  });
  return {
    code: js.code,
    css: css.code,
    warnings: warnings.map(({ code }) => code),
    problem,
    processed: processed.code.includes('blue'),
    ast: parse('<b>{x}</b>', { modern: true }).fragment.nodes[0].type,
  };
};
