// The tests that use most of the addon, for its build with ASan and UBSan: npm run test:sanitizers.
// Without leak.test: ASan's allocator keeps what was freed for a while, to see whether it is used again.
export default {
  files: [
    'dist/test/conformance/*.test.js',
    'dist/test/process/*.test.js',
    'dist/test/sandbox/*.test.js',
    '!dist/test/sandbox/leak.test.js',
    'dist/test/snapshot/{files,hash,layers,read}.test.js',
  ],
  timeout: '10m',
  workerThreads: false,
};
