// Number literals of every form.
// biome-ignore format: the spelling of the numbers is the programme
export default () => [
  1_000_000, 0xff_ff, 0b1010_0101, 0o7_77, 1_0.5_0, 1e1_0, 0.000_001, .5, 5., 0xABCDEF, 0B11, 0O17, 1e-7, 1E3,
  String(1_000n), String(0xffff_ffffn), 1.0.toFixed(2), 1..toString(), 0x10.toString(2), 9007199254740993, 0.1 + 0.2, 1e21, 123456789012345680000,
  Number('1_000') === Number('1_000'), Number.isNaN(Number('1_000')), parseInt('1_000'), Number('0b11'), Number('0o17'), Number('0xfF'), parseInt('0b11'),
];
