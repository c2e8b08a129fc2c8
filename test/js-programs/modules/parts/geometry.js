export const PI = 3.14159;
export const area = (r) => PI * r * r;
export default function (x) {
  return x * x;
}
export class Shape {
  constructor(name) {
    this.name = name;
  }
  describe() {
    return `${this.constructor.name} ${this.name}`;
  }
}
