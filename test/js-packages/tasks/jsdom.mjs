import { JSDOM } from 'jsdom';

export default () => {
  const { window } = new JSDOM('<ul><li class="a">1</li><li>2</li></ul>', { runScripts: 'outside-only' });
  const { document } = window;
  const item = document.createElement('li');
  item.textContent = '<3>';
  document.querySelector('ul').append(item);
  const log = [];
  document.body.addEventListener('click', ({ target }) => log.push(target.tagName));
  item.click();
  return {
    html: document.querySelector('ul').outerHTML,
    count: document.querySelectorAll('li:not(.a)').length,
    log,
    value: window.eval('1 + document.querySelectorAll("li").length'),
  };
};
