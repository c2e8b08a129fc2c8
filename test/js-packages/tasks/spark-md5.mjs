import SparkMD5 from 'spark-md5';

export default () => {
  const parts = new SparkMD5();
  parts.append('grü');
  parts.append('ße');
  const buffer = new SparkMD5.ArrayBuffer();
  buffer.append(Uint8Array.of(1, 2, 3).buffer);
  buffer.append(new ArrayBuffer(100));
  return [
    SparkMD5.hash('grüße'),
    parts.end(),
    SparkMD5.hashBinary('abc'),
    buffer.end(),
    SparkMD5.hash('a'.repeat(500)),
    SparkMD5.hash('x', true).length,
  ];
};
