import katex from 'katex';

export default () => {
  let problem;
  try {
    katex.renderToString('\\frac{1}{');
  } catch ({ name, position }) {
    problem = [name, position];
  }
  return [
    katex.renderToString('\\sum_{i=1}^n \\frac{x_i^2}{\\sqrt{2\\pi}}', { displayMode: true }),
    katex.renderToString('\\RR \\to \\begin{pmatrix}a&b\\\\c&d\\end{pmatrix}', {
      macros: { '\\RR': '\\mathbb{R}' },
      output: 'mathml',
    }),
    katex.renderToString('\\nope', { throwOnError: false }).includes('\\nope'),
    problem,
  ];
};
