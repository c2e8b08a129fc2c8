import 'reflect-metadata';

class Base {
  method() {}
}
class Derived extends Base {}

export default () => {
  Reflect.defineMetadata('role', 'admin', Base);
  Reflect.defineMetadata('type', 'text', Base.prototype, 'method');
  Reflect.metadata('own', 1)(Derived);
  const decorated = Reflect.decorate([(target) => Object.assign(target, { marked: true })], class X {});
  return [
    Reflect.getMetadata('role', Derived),
    Reflect.hasOwnMetadata('role', Derived),
    Reflect.getMetadataKeys(Derived),
    Reflect.getMetadata('type', Derived.prototype, 'method'),
    Reflect.deleteMetadata('role', Base),
    Reflect.getMetadata('role', Base) ?? 'none',
    decorated.marked,
  ];
};
