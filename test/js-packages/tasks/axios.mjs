import axios, { AxiosError } from 'axios';

export default async () => {
  const seen = [];
  const client = axios.create({
    baseURL: 'https://api.example.org/v1',
    params: { key: 'k' },
    adapter: async (config) => {
      seen.push([config.method, axios.getUri(config), config.data, config.headers.get('X-Id')]);
      const response = {
        data: '{"a":[1,2]}',
        status: config.url === '/bad' ? 500 : 200,
        headers: {},
        config,
      };
      if (config.validateStatus(response.status)) return response;
      throw new AxiosError('status 500', AxiosError.ERR_BAD_RESPONSE, config, null, response);
    },
  });
  client.interceptors.request.use((config) => {
    config.headers.set('X-Id', '7');
    return config;
  });
  const { data } = await client.get('/items', { params: { q: 'a b', list: [1, 2] } });
  await client.post('/items', { name: 'x' });
  const error = await client.get('/bad').catch(({ code, response }) => ({ code, status: response.status }));
  return { data, seen, error };
};
