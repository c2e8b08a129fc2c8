// Tic-tac-toe by minimax with memory, a maze, a knight's shortest ride, the 8-puzzle.
const L = [
  [0, 1, 2],
  [3, 4, 5],
  [6, 7, 8],
  [0, 3, 6],
  [1, 4, 7],
  [2, 5, 8],
  [0, 4, 8],
  [2, 4, 6],
];
const win = (b) => L.find(([x, y, z]) => b[x] !== '.' && b[x] === b[y] && b[y] === b[z])?.map((i) => b[i])[0];
export default () => {
  const memo = new Map();
  const score = (b, p) => {
    const k = b + p;
    if (memo.has(k)) return memo.get(k);
    const w = win(b);
    let r;
    if (w) r = w === 'X' ? 1 : -1;
    else if (!b.includes('.')) r = 0;
    else {
      const kids = [...b].flatMap((c, i) =>
        c === '.' ? [score(b.slice(0, i) + p + b.slice(i + 1), p === 'X' ? 'O' : 'X')] : [],
      );
      r = p === 'X' ? Math.max(...kids) : Math.min(...kids);
    }
    memo.set(k, r);
    return r;
  };
  const bfs = (start, goal, moves) => {
    const seen = new Map([[start, 0]]);
    for (const [s, d] of seen) {
      if (s === goal) return [d, seen.size];
      for (const n of moves(s)) if (!seen.has(n)) seen.set(n, d + 1);
    }
    return null;
  };
  const knight = (s) => {
    const [x, y] = [s.charCodeAt(0) - 97, +s[1] - 1];
    return [
      [1, 2],
      [2, 1],
      [2, -1],
      [1, -2],
      [-1, -2],
      [-2, -1],
      [-2, 1],
      [-1, 2],
    ]
      .map(([a, b]) => [x + a, y + b])
      .filter((p) => p.every((v) => v >= 0 && v < 8))
      .map(([a, b]) => String.fromCharCode(97 + a) + (b + 1));
  };
  const slide = (s) => {
    const i = s.indexOf('0');
    return [i % 3 ? i - 1 : -1, i % 3 < 2 ? i + 1 : -1, i - 3, i + 3]
      .filter((j) => j >= 0 && j < 9)
      .map((j) => {
        const a = [...s];
        [a[i], a[j]] = [a[j], a[i]];
        return a.join('');
      });
  };
  return {
    empty: score('.........', 'X'),
    states: memo.size,
    forced: score('XX.OO....', 'X'),
    lost: score('O.O.O.X.X', 'X'),
    knight: [bfs('a1', 'h8', knight), bfs('a1', 'b2', knight)],
    puzzle: bfs('123405786', '123456780', slide),
    jumble: bfs('413726580', '123456780', slide)?.[0],
  };
};
