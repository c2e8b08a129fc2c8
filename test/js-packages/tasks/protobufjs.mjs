import protobuf from 'protobufjs';

export default () => {
  const { root } = protobuf.parse(`
    syntax = "proto3";
    package shop;
    enum Kind { NONE = 0; FAST = 1; }
    message Line { string name = 1; double price = 2; }
    message Order {
      uint32 id = 1; repeated Line lines = 2; Kind kind = 3; map<string, int64> counts = 4; bytes raw = 5;
      oneof way { string mail = 6; sint32 phone = 7; }
    }
  `);
  const Order = root.lookupType('shop.Order');
  const bytes = Order.encode(
    Order.fromObject({
      id: 300,
      lines: [{ name: 'ü', price: 1.5 }],
      kind: 'FAST',
      counts: { a: 5 },
      raw: 'AQI=',
      phone: -7,
    }),
  ).finish();
  const back = Order.toObject(Order.decode(bytes), {
    enums: String,
    longs: String,
    bytes: String,
    oneofs: true,
  });
  let problem;
  try {
    Order.decode(bytes.subarray(0, 5));
  } catch ({ name }) {
    problem = name;
  }
  return {
    hex: Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(''),
    back,
    verified: Order.verify({ id: 'x' }),
    problem,
  };
};
