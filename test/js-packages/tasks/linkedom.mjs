import { DOMParser, parseHTML } from 'linkedom';

export default () => {
  const { document, window } = parseHTML(
    '<!doctype html><html><body><ul><li class="a">1</li><li>2</li></ul></body></html>',
  );
  const item = document.createElement('li');
  item.innerHTML = '<b>3</b> &amp; 4';
  item.dataset.n = '5';
  document.querySelector('ul').prepend(item);
  const log = [];
  document
    .querySelector('ul')
    .addEventListener('ping', (event) => log.push(event.type, event.target.localName));
  item.dispatchEvent(new window.CustomEvent('ping', { bubbles: true }));
  const xml = new DOMParser().parseFromString('<a><b x="1"/></a>', 'text/xml');
  return {
    html: document.body.innerHTML,
    matches: [...document.querySelectorAll('li:not(.a) b, li:last-child')].map(
      ({ textContent }) => textContent,
    ),
    log,
    closest: document.querySelector('b').closest('ul').children.length,
    xml: xml.querySelector('b').getAttribute('x'),
  };
};
