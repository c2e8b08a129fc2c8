import seedrandom from 'seedrandom';

export default () => {
  const one = seedrandom('hello.');
  const saved = seedrandom('x', { state: true });
  saved();
  const again = seedrandom('', { state: saved.state() });
  const own = seedrandom.xor128('a');
  return [
    one(),
    one.quick(),
    one.int32(),
    one.double(),
    saved() === again(),
    own(),
    seedrandom.alea('b')(),
    seedrandom.tychei(1).int32(),
  ];
};
