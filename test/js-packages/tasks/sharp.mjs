import sharp from 'sharp';

export default async () => {
  const image = sharp({ create: { width: 8, height: 4, channels: 3, background: { r: 255, g: 0, b: 0 } } });
  const { data, info } = await image
    .resize(4, 4, { fit: 'fill' })
    .negate()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { format, width } = await sharp(await image.png().toBuffer()).metadata();
  return { first: [...data.subarray(0, 3)], size: [info.width, info.height], format, width };
};
