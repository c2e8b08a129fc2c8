import { parse } from 'node-html-parser';

export default () => {
  const root = parse(
    '<ul id="l" class="x y"><li>A &amp; B</li><li data-n="1">C<br></li></ul><script>a<b</script>',
  );
  const list = root.querySelector('#l');
  list.classList.add('z');
  list.querySelectorAll('li')[1].setAttribute('title', 'a "b"');
  list.insertAdjacentHTML('beforeend', '<li>D</li>');
  list.removeChild(list.querySelector('li'));
  return {
    html: root.toString(),
    texts: root.querySelectorAll('li').map(({ text }) => text),
    attributes: root.querySelector('[data-n="1"]').attributes,
    structure: root.structure,
    text: parse('<p>a<b>c</b></p><p>d</p>').structuredText,
  };
};
