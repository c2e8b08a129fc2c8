/* Comments in every place that takes one. */
// biome-ignore format: the comments are the programme
export default /* before */ (/* no */ /* arguments */) /* after */ => {
  // a line comment
  let a = /* one */ 1 /* plus */ + /* two */ 2; // the end
  const re = /\/\*[^/]*\//; /* a comment after a regular expression that looks like one */
  const notComment = '/* text */ // text';
  const tpl = `/* ${/* inside */ 1 /* too */} */`;
  const div = 10 / 2 / 5; // not a regular expression
  const mixed = [1, /* hole? */ 2, /* last */ ];
  const o = { /* key */ a /* colon */ : /* value */ 'v' /* end */, };
  function f(x /* first */, /* second */ y = /* default */ 5) { return x /* times */ * y; }
  /** a doc comment */
  const url = 'http://x//y';
  /**/
  /***/
  //
  const div2 = a++ / 2
  /2; /* the line before goes on */
  function a2() {}
  return { a: 3, re: [re.source, re.test('/*x*/')], notComment, tpl, div, mixed, o, f: f(2), url, div2: [div2, a], };
};
