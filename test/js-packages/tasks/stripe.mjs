import Stripe from 'stripe';

export default async () => {
  const seen = [];
  const fetch = async (url, { method, body, headers }) => {
    seen.push([String(url), method, body ?? '', new Headers(headers).get('stripe-version') !== null]);
    if (String(url).includes('bad'))
      return new Response('{"error":{"type":"card_error","code":"declined","message":"no"}}', {
        status: 402,
      });
    return new Response('{"id":"cus_1","object":"customer","metadata":{"a":"b"}}');
  };
  const stripe = new Stripe('sk_test_1', {
    httpClient: Stripe.createFetchHttpClient(fetch),
    telemetry: false,
    maxNetworkRetries: 0,
  });
  const customer = await stripe.customers.create({ email: 'a@b.org', metadata: { a: 'b' }, expand: ['x.y'] });
  const problem = await stripe.charges
    .retrieve('bad')
    .catch(({ type, code, statusCode }) => [type, code, statusCode]);
  const payload = '{"id":"evt_1","object":"event"}';
  const header = await stripe.webhooks.generateTestHeaderStringAsync({
    payload,
    secret: 'whsec',
    timestamp: 1_700_000_000,
  });
  return { id: customer.id, problem, seen, header };
};
