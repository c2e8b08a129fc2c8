// What this engine lacks of the language's library, from core-js; it is up to ES2020 itself.
import 'core-js/es';
import 'core-js/web/dom-exception';
import 'core-js/web/structured-clone';
import 'core-js/web/url';
import 'core-js/web/url-search-params';
import 'core-js/modules/web.atob';
import 'core-js/modules/web.btoa';
import 'core-js/modules/web.self';
