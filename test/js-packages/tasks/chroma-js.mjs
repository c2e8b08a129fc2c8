import chroma from 'chroma-js';

export default () => [
  chroma('#ff8800').hsl(),
  chroma('teal').darken(1.2).hex(),
  chroma.mix('red', 'blue', 0.3, 'lab').hex(),
  chroma.scale(['yellow', 'navy']).mode('lch').colors(5),
  chroma.contrast('white', '#777').toFixed(3),
  chroma.limits([1, 2, 3, 5, 8, 13], 'q', 3),
  chroma('hsla(120, 50%, 50%, 0.4)').css(),
  chroma.deltaE('#ededee', '#edeeed').toFixed(4),
  chroma.valid('nocolor'),
];
