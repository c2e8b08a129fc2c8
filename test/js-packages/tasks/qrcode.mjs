import QRCode from 'qrcode';

export default async () => {
  const code = QRCode.create('https://example.org/ü', { errorCorrectionLevel: 'H' });
  return {
    version: code.version,
    size: code.modules.size,
    sum: Array.from(code.modules.data).reduce((all, bit, i) => (all * 2 + bit + i) % 65521, 0),
    mask: code.maskPattern,
    svg: await QRCode.toString('12345', { type: 'svg', margin: 1 }),
    text: await QRCode.toString('HELLO', { type: 'utf8' }),
  };
};
