// What packages ask for where the language's own function is missing, and it is not.
export default undefined;
