import elliptic from 'elliptic';

export default () => {
  const curve = new elliptic.ec('secp256k1');
  const key = curve.keyFromPrivate('1f'.repeat(32), 'hex');
  const other = curve.keyFromPrivate('2e'.repeat(32), 'hex');
  const signature = key.sign('ab'.repeat(32), { canonical: true });
  const eddsa = new elliptic.eddsa('ed25519').keyFromSecret('01'.repeat(32));
  return {
    key: key.getPublic(true, 'hex'),
    signature: signature.toDER('hex'),
    good: key.verify('ab'.repeat(32), signature),
    bad: key.verify('ac'.repeat(32), signature),
    shared: key.derive(other.getPublic()).toString(16) === other.derive(key.getPublic()).toString(16),
    ed: eddsa.sign('aabb').toHex(),
  };
};
