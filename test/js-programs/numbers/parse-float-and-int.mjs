// parseFloat, parseInt and Number on text of all sorts.
const show = (x) => (Object.is(x, -0) ? '-0' : Number.isFinite(x) ? x : String(x));
export default () => {
  const texts = ['', ' ', '12', ' 12 ', '12px', '0x1F', '0b11', '0o7', '1e3', '1e', '1e+', '.5', '5.', '.', '-.5e-2', '+3', '--3', '- 3', 'Infinity', '-Infinityx', 'infinity', '1_000', '1,5', '0.1.2', '١', '1n', 'null', '\u00a07\n', '0x', '00012', '-0', '1e1000', '9'.repeat(400).slice(0, 25), '0.0000001', '1e-400'];
  return { rows: texts.map((t) => [parseFloat(t), parseInt(t), Number(t)].map(show)), radix: [parseInt('11', 2), parseInt('zz', 36), parseInt('12', 2), parseInt('9', 8), parseInt('0x1f', 16), parseInt('0x1f', 10), parseInt('10', 37), parseInt('10', 1), parseInt('10', 0), parseInt('10', '16'), parseInt('10', 4294967298), parseInt('-ff', 16)].map(show), odd: [parseInt(0.0000005), parseInt(1e21), parseInt(null, 36), parseInt([15, 2]), parseFloat([1.5, 2]), parseInt(-0), parseInt('9007199254740993')].map(show), map: ['1', '2', '3'].map(parseInt).map(show), same: [Number.parseInt === parseInt, Number.parseFloat === parseFloat] };
};
