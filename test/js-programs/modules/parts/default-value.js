export default { answer: 6 * 7, list: [1, 2] };
