import hljs from 'highlight.js';

export default () => [
  hljs.highlight('const a = /x/g; // note\nclass B extends C { f = async () => `t${a}` }', {
    language: 'javascript',
  }).value,
  hljs.highlight('def f(x: int) -> str:\n  """doc"""\n  return f"{x!r}"', { language: 'python' }).value,
  hljs.highlight('<p class="a">x<script>let b = 1</script></p>', { language: 'xml' }).value,
  hljs.highlight("SELECT a, count(*) FROM t WHERE b = 'c'", { language: 'sql' }).value,
  hljs.highlightAuto('#include <stdio.h>\nint main(void) { return 0; }', ['c', 'python', 'css']).language,
  hljs.listLanguages().length,
];
