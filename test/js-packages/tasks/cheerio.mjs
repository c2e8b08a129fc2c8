import * as cheerio from 'cheerio';

export default () => {
  const $ = cheerio.load(
    '<ul id="f"><li class="a">Eins</li><li class="b">Zwei <b>&amp;</b></li><li>Drei</ul><form><input name="q" value="1"><select name="s"><option value="x" selected></select></form>',
  );
  $('li.a').addClass('new').attr('data-n', '1').after('<li>mitten</li>');
  $('li')
    .filter((_, element) => $(element).text() === 'Drei')
    .remove();
  return {
    texts: $('#f > li')
      .map((_, element) => $(element).text())
      .get(),
    html: $('#f').html(),
    form: $('form').serializeArray(),
    has: $('li:has(b)').hasClass('b'),
    extracted: $.extract({ items: [{ selector: 'li', value: 'class' }], bold: 'b' }),
    siblings: $('.b').siblings().length,
  };
};
