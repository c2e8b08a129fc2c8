// Two machines: Brainfuck with a jump table, and a stack machine with its assembler.
const bf = (src, input = '') => {
  const jump = {},
    st = [];
  [...src].forEach((c, i) => {
    if (c === '[') st.push(i);
    else if (c === ']') {
      const j = st.pop();
      jump[i] = j;
      jump[j] = i;
    }
  });
  const tape = new Uint8Array(300);
  let p = 0,
    out = '',
    k = 0,
    steps = 0;
  for (let i = 0; i < src.length; i++, steps++) {
    switch (src[i]) {
      case '>':
        p++;
        break;
      case '<':
        p--;
        break;
      case '+':
        tape[p]++;
        break;
      case '-':
        tape[p]--;
        break;
      case '.':
        out += String.fromCharCode(tape[p]);
        break;
      case ',':
        tape[p] = k < input.length ? input.charCodeAt(k++) : 0;
        break;
      case '[':
        if (!tape[p]) i = jump[i];
        break;
      case ']':
        if (tape[p]) i = jump[i];
        break;
    }
  }
  return [out, steps];
};
const asm = (text) => {
  const lines = text
    .split('\n')
    .map((l) => l.replace(/;.*/, '').trim())
    .filter(Boolean);
  const labels = {};
  const code = [];
  for (const l of lines) {
    if (l.endsWith(':')) labels[l.slice(0, -1)] = code.length;
    else code.push(l.split(/\s+/));
  }
  return code.map(([op, a]) => [op, a in labels ? labels[a] : a === undefined ? undefined : Number(a)]);
};
const vm = (code) => {
  const st = [],
    calls = [],
    mem = {},
    out = [];
  for (let pc = 0, n = 0; n < 10000; n++) {
    const [op, a] = code[pc++] ?? ['halt'];
    const bin = (f) => {
      const y = st.pop();
      st.push(f(st.pop(), y));
    };
    switch (op) {
      case 'push':
        st.push(a);
        break;
      case 'add':
        bin((x, y) => x + y);
        break;
      case 'sub':
        bin((x, y) => x - y);
        break;
      case 'mul':
        bin((x, y) => x * y);
        break;
      case 'lt':
        bin((x, y) => +(x < y));
        break;
      case 'dup':
        st.push(st.at(-1));
        break;
      case 'swap':
        st.push(...st.splice(-2).reverse());
        break;
      case 'load':
        st.push(mem[a] ?? 0);
        break;
      case 'store':
        mem[a] = st.pop();
        break;
      case 'jmp':
        pc = a;
        break;
      case 'jz':
        if (!st.pop()) pc = a;
        break;
      case 'call':
        calls.push(pc);
        pc = a;
        break;
      case 'ret':
        pc = calls.pop();
        break;
      case 'out':
        out.push(st.pop());
        break;
      case 'halt':
        return { out, n, left: st.length };
      default:
        throw new SyntaxError(op);
    }
  }
  return 'too long';
};
export default () => ({
  hello: bf(
    '++++++++[>++++[>++>+++>+++>+<<<<-]>+>+>->>+[<]<-]>>.>---.+++++++..+++.>>.<-.<.+++.------.--------.>>+.',
  ),
  rev: bf('>,[>,]<[.<]', 'abcdef')[0],
  fact: vm(
    asm(
      'push 6\ncall f\nout\nhalt\nf: \ndup\npush 2\nlt\njz rec ; base\nret\nrec:\ndup\npush 1\nsub\ncall f\nmul\nret',
    ),
  ),
  loop: vm(
    asm(
      'push 0\nstore 0\nl:\nload 0\nout\nload 0\npush 1\nadd\nstore 0\nload 0\npush 5\nlt\njz e\njmp l\ne:',
    ),
  ),
  inf: vm(asm('l:\njmp l')),
});
