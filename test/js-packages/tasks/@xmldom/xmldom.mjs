import { DOMParser, XMLSerializer } from '@xmldom/xmldom';

export default () => {
  const text = '<r xmlns:x="urn:x"><a id="1">eins &amp; zwei</a><x:b><![CDATA[<raw>]]></x:b><!-- c --></r>';
  const document = new DOMParser().parseFromString(text, 'text/xml');
  const [a] = document.getElementsByTagName('a');
  a.setAttribute('class', 'new "one"');
  a.appendChild(document.createTextNode(' < drei'));
  const b = document.getElementsByTagNameNS('urn:x', 'b')[0];
  document.documentElement.removeChild(document.documentElement.lastChild);
  let problem;
  try {
    new DOMParser().parseFromString('<a><b></a>', 'text/xml');
  } catch ({ name }) {
    problem = name;
  }
  return {
    text: a.textContent,
    raw: b.textContent,
    out: new XMLSerializer().serializeToString(document),
    problem,
  };
};
