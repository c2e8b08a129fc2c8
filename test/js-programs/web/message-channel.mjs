// MessageChannel.
export default async () => {
  const { port1, port2 } = new MessageChannel();
  const seen = [];
  const value = { when: new Date(5), map: new Map([['a', 1]]) };
  port1.postMessage(value);
  value.map.set('b', 2);
  const done = new Promise((resolve) => {
    port2.onmessage = ({ data, type }) => {
      seen.push(type, data.when.getTime(), [...data.map]);
      port2.postMessage('answer');
    };
    port1.addEventListener('message', ({ data }) => {
      seen.push(data);
      port1.close();
      resolve();
    });
    port1.start();
  });
  seen.push('sent');
  await done;
  return seen;
};
