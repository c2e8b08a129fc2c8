export default () => Object.is;
