export default { files: ['dist/test/**/*.test.js'], timeout: '120s' };
