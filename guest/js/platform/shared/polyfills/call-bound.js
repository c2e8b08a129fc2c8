// The npm package assert asks for one function by this.
export default () => (pattern, text) => RegExp.prototype.test.call(pattern, text);
