import got from 'got';

export default async () => {
  const client = got.extend({
    prefixUrl: 'https://api.example.org/',
    searchParams: { key: 'k' },
    retry: { limit: 1 },
  });
  const { defaults } = client;
  const answered = await client('items', {
    hooks: {
      beforeRequest: [
        (options) => {
          const { url, method } = options;
          return Promise.reject(Object.assign(new Error('stopped'), { seen: [String(url), method] }));
        },
      ],
    },
    retry: { limit: 0 },
  }).catch((error) => [error.name, error.message]);
  return { answered, prefix: String(defaults.options.prefixUrl), limit: defaults.options.retry.limit };
};
