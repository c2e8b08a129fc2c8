import { PNG } from 'pngjs';

export default () => {
  const image = new PNG({ width: 16, height: 8 });
  for (let i = 0; i < image.data.length; i += 4) {
    image.data[i] = i % 256;
    image.data[i + 1] = (i * 7) % 256;
    image.data[i + 2] = 128;
    image.data[i + 3] = 255;
  }
  const bytes = PNG.sync.write(image);
  const read = PNG.sync.read(bytes);
  let problem;
  try {
    PNG.sync.read(bytes.subarray(0, 20));
  } catch ({ message }) {
    problem = message.length > 0;
  }
  const part = new PNG({ width: 4, height: 4 });
  PNG.bitblt(read, part, 2, 2, 4, 4, 0, 0);
  return {
    head: [...bytes.subarray(0, 8)],
    size: [read.width, read.height],
    same: read.data.equals(image.data),
    part: part.data.reduce((a, b) => a + b),
    problem,
  };
};
