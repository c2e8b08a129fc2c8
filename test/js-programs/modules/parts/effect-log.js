export const log = ['log ran'];
