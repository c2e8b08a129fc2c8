import sanitizeHtml from 'sanitize-html';

export default () => [
  sanitizeHtml('<p onclick="x">a<script>b</script><a href="javascript:c">d</a><b>e</b></p><img src=x>'),
  sanitizeHtml('<a href="http://e.org" style="color:red;top:1px">x</a><div class="a b">y</div>', {
    allowedTags: ['a', 'section'],
    allowedAttributes: { a: ['href', 'style', 'rel'], section: ['class'] },
    allowedClasses: { section: ['a'] },
    allowedStyles: { a: { color: [/^red$/] } },
    transformTags: { div: 'section', a: sanitizeHtml.simpleTransform('a', { rel: 'nofollow' }) },
  }),
  sanitizeHtml('a < b & <c>', { disallowedTagsMode: 'escape' }),
  sanitizeHtml('<p>x</p> text', { allowedTags: [], textFilter: (text) => text.toUpperCase() }),
];
