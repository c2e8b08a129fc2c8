// What takes too long for `npm test`: every system call fails once. npm run test:faults.
export default { files: ['dist/test/**/*.sweep.js'], timeout: '20m', workerThreads: false };
