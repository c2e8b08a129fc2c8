// A crash of the addon must fail one file, not the run: processes, not worker threads.
export default { files: ['dist/test/**/*.test.js'], timeout: '120s', workerThreads: false };
