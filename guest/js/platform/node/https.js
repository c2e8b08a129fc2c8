import { httpModule } from '../shared/http.js';

export default httpModule('https');
