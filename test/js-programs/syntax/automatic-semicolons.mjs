// Where a line break ends a statement, and where it does not.
// biome-ignore format: the line breaks are the programme
export default () => {
  const out = []
  let a = 1
  let b = 2
  a
  ++
  b
  out.push(a, b)
  const f = () => {
    return
    'never'
  }
  out.push(f() === undefined)
  const g = () => ({
    x
    : 1
  })
  out.push(g().x)
  const s = 'abc'
  const joined = s
  .toUpperCase()
  .split('')
  .reverse()
  out.push(joined.join(''))
  let i = 0
  do i++; while (i < 3) out.push(i)
  const t = a
    + b
  out.push(t)
  const idx = [10, 20, 30]
  [1]
  out.push(idx)
  if (a) ; else out.push('never')
  ;[1, 2].forEach((n) => out.push(n))
  ;(() => out.push('iife'))()
  const tpl = String
  .raw`\x`
  out.push(tpl)
  class C {
    x
    y = 1
    'z'
    static
    w = 2
    get
    v() { return 3 }
    *gen() { yield 4 }
  }
  const c = new C()
  out.push('x' in c, c.y, 'z' in c, C.w, c.v, [...c.gen()][0])
  var yes = true
  yes ? out.push('q')
    : out.push('r')
  return out
}
