// All forms of export: declarations, lists, patterns, functions and classes with default names.

import arrow from './parts/default-arrow.js';
import klass from './parts/default-class.js';
import value from './parts/default-value.js';
import def, * as forms from './parts/forms.js';
export default async () => ({
  keys: Object.keys(forms),
  def: [def.name, def()],
  a: [forms.a, forms.b, forms.c, forms.rest],
  gen: [...forms.gen()],
  asyncFn: await forms.asyncFn(),
  K: new forms.K().x,
  renamed: forms.renamed,
  klass: [klass.name, new klass().hi()],
  value,
  arrow: [arrow.name, arrow(2)],
  strName: forms['any string!'],
  lets: forms.later,
});
