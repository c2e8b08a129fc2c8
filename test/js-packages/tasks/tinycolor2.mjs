import tinycolor from 'tinycolor2';

export default () => [
  tinycolor('hsl(120, 50%, 50%)').toHexString(),
  tinycolor('#f80').darken(10).toRgbString(),
  tinycolor.mix('red', 'blue', 30).toHex(),
  tinycolor('teal').triad().map(String),
  tinycolor.readability('#777', '#fff').toFixed(4),
  tinycolor.mostReadable('#123', ['#fff', '#777']).toHexString(),
  tinycolor({ h: 200, s: 0.5, v: 0.6, a: 0.4 }).toHex8String(),
  tinycolor('nothing').isValid(),
  tinycolor('rgba(255, 0, 0, .5)').toName(),
  tinycolor('yellow').getBrightness(),
];
