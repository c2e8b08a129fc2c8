export default () => Object.assign;
