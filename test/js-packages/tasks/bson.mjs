import { Binary, BSON, Decimal128, Long, ObjectId, Timestamp } from 'bson';

export default () => {
  const id = new ObjectId('507f1f77bcf86cd799439011');
  const bytes = BSON.serialize({
    id,
    n: 1,
    x: 1.5,
    long: Long.fromString('9007199254740993'),
    on: new Date(0),
    text: 'grüße',
    list: [null, true, { a: 1 }],
    bytes: new Binary(Uint8Array.of(1, 2, 3)),
    dec: Decimal128.fromString('1.10'),
    re: /a+/i,
    t: new Timestamp({ t: 1, i: 2 }),
  });
  const back = BSON.deserialize(bytes, { promoteLongs: false });
  return {
    length: bytes.length,
    sum: bytes.reduce((a, b) => (a * 31 + b) % 65521, 0),
    made: id.getTimestamp().toISOString(),
    json: BSON.EJSON.stringify(back, { relaxed: false }),
  };
};
