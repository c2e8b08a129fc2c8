import createDOMPurify from 'dompurify';
import { parseHTML } from 'linkedom';

export default () => {
  const { window } = parseHTML('<!doctype html><html><body></body></html>');
  const purify = createDOMPurify(window);
  return {
    supported: purify.isSupported,
    version: /^\d/.test(purify.version),
    type: typeof purify.sanitize,
    out: purify.isSupported ? purify.sanitize('<b onclick="x">a</b>') : 'not supported',
  };
};
