import toml from 'toml';

export default () => {
  let problem;
  try {
    toml.parse('a = \nb');
  } catch ({ line, column }) {
    problem = [line, column];
  }
  return [
    toml.parse(
      'title = "T\\u00fc"\n[a]\nn = 1_000\nx = [1.5, 2.5]\non = 1979-05-27T07:32:00Z\n[a.b]\nflag = true\n[[list]]\nk = "v"\n[[list]]\nt = { u = 1 }\n',
    ),
    problem,
  ];
};
