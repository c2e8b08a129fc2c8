import * as htmlparser2 from 'htmlparser2';

export default () => {
  const events = [];
  const parser = new htmlparser2.Parser({
    onopentag: (name, attributes) => events.push(['open', name, attributes]),
    ontext: (text) => events.push(['text', text]),
    onclosetag: (name, implied) => events.push(['close', name, implied]),
    oncomment: (text) => events.push(['comment', text]),
  });
  parser.write('<p class=a>x &lt; y<br><li>1<li>2<!-- c -->');
  parser.end('</p><script>a < b</script>');
  const document = htmlparser2.parseDocument('<a href="?x&amp;y">t<b>u</b></a>');
  const { DomUtils } = htmlparser2;
  const feed = htmlparser2.parseFeed(
    '<rss><channel><title>T</title><item><title>I</title><link>l</link></item></channel></rss>',
  );
  return {
    events,
    out: DomUtils.getOuterHTML(document),
    text: DomUtils.textContent(document),
    feed: [feed.title, feed.items[0].title],
  };
};
