// What the engine, whose library is that of the language, lacks of the web's: from core-js.
import 'core-js/web/structured-clone';
import 'core-js/web/url';
import 'core-js/web/url-search-params';
import 'core-js/modules/web.self';
