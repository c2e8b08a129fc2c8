/** Scripts for interpreters that run as guests: much of each language, and what a program asks of its system. */

export const LUA_LANGUAGE = `
local function fib(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end
print(fib(20), arg[0], arg[1], arg[2], #arg)
print(string.format("%5.2f|%-6s|%q|%x|%g", math.pi, "ab", "a\\nb", 255, 1e100), 7 // 2, 7 % -3, 2^0.5, 1 << 40, 5 // 0.0)
print(("hello world"):gsub("o", "0"), ("key=val; k2=v2"):match("(%w+)=(%w+);"), ("%d+"):rep(3, ","))
local co = coroutine.wrap(function(a) for i = 1, 3 do a = coroutine.yield(a * i) end return "done" end)
print(co(5), co(6), co(7), co(8))
print(pcall(error, { code = 7 }), select("#", pcall(error, "x")), pcall(string.rep, "x", -1))
print(xpcall(function() local t = nil; return t.x end, function(m) return "handled: " .. m end))
local t = setmetatable({}, { __index = function(_, k) return k .. "!" end, __call = function(_, x) return x * 2 end, __len = function() return 42 end })
print(t.key, t(21), #t)
local words = {} for w in ("the quick brown fox"):gmatch("%a+") do words[#words + 1] = w end
table.sort(words) print(table.concat(words, " "), utf8.char(228, 8364), utf8.len("äö€"))
local all = {} for i = 1, 20000 do all[i] = { i, tostring(i) } end
collectgarbage() print(#all, all[20000][2], math.type(3), math.type(3.0), math.maxinteger, math.tointeger("8"))
local f = assert(io.open("/tmp/lua", "w")) f:write("one\\n", 2, "\\n", 3.5, "\\n") f:close()
for line in io.lines("/tmp/lua") do io.write("<", line, ">") end print()
local g = io.open("/tmp/lua") print(g:read("l", "n", "n", "a")) print(g:seek("set", 1), g:read(2)) g:close()
print(io.open("/missing")) print(os.getenv("A"), os.getenv("B"), os.date("!%Y-%m-%d", 86400), os.rename("/tmp/lua", "/tmp/lua2"), os.remove("/missing"))
goto out
print("never")
::out::
io.stderr:write("to stderr\\n")
local n, sum = 0, 0
for line in io.lines() do n = n + 1 sum = sum + (tonumber(line) or 0) end
print(n, sum)
os.exit(9, true)
`;

export const LUA_ERROR =
  'local function inner() error("a message") end\nlocal ok = pcall(inner)\nprint(ok)\ninner()\n';

/** Reads lines; says what it computed before the first. */
export const LUA_LINES = `
local squares = {} for i = 1, 1000 do squares[i] = i * i end
print("ready", #squares)
local n = 0
for line in io.lines() do n = n + 1 print(n, line:upper(), squares[#line + 1]) end
print("end", n)
`;

export const QUICKJS_LANGUAGE = `
import * as std from 'std';
import * as os from 'os';
class Animal { #name; static count = 0; constructor(name) { this.#name = name; Animal.count++; } get name() { return this.#name; } toString() { return 'Animal ' + this.#name; } }
class Dog extends Animal { speak() { return super.toString() + ' barks'; } }
print(new Dog('Rex').speak(), Animal.count, scriptArgs.length, scriptArgs[1]);
print(2n ** 200n, 7n / 2n, BigInt.asIntN(8, 255n), 0.1 + 0.2, (123.456).toFixed(1), parseFloat('1e-7'), 5e-324, 1 / 3);
print('2021-03-27'.replace(/(?<y>\\d+)-(?<m>\\d+)-(?<d>\\d+)/u, '$<d>.$<m>.$<y>'), 'aBc'.match(/b/i).index, [...'a\\u{1F600}b'].length, /(?<=x)y/.test('xy'));
print(JSON.stringify({ a: [1, 2, { b: null }], c: 'ü', d: undefined, e: NaN }), JSON.parse('{"x":[1,2.5,"\\\\n"]}').x[1]);
const { a, ...rest } = { a: 1, b: 2, c: 3 }; const [first, , third = 9] = [1, 2]; print(a, JSON.stringify(rest), first, third, null ?? 'default', rest?.q?.r);
function* naturals() { for (let i = 0; ; i++) yield i; } let total = 0; for (const i of naturals()) { if (i > 100) break; total += i; } print(total);
print([3, 1, 2].sort().map((x) => x * 2).reduce((x, y) => x + y), new Map([[1, 'a']]).get(1), [...new Set([1, 1, 2])].length, Array.from({ length: 3 }, (_, i) => i).flatMap((x) => [x, x]).join());
print(new Uint8Array([1, 2, 300]).join(), new Float64Array([1.5]).buffer.byteLength, new DataView(new ArrayBuffer(8)).getInt8(3));
try { null.x; } catch (error) { print(error.name, error.message); } finally { print('finally'); }
try { (function deep() { deep(); })(); } catch (error) { print(error.name, error.message); }
const proxy = new Proxy({}, { get: (_, key) => 'got ' + String(key) }); print(proxy.anything, Reflect.ownKeys({ z: 1, [Symbol.iterator]: 2 }).length, typeof Symbol('x'));
print(new Date(0).toISOString(), new Date(Date.UTC(2020, 1, 29)).getUTCDay(), Math.max(...[1, 5, 3]), Math.hypot(3, 4), Math.clz32(1));
const file = std.open('/tmp/js', 'w'); file.puts('one\\ntwo\\n'); file.close(); print(std.loadFile('/tmp/js').split('\\n').length, std.loadFile('/missing'));
print(std.getenv('A'), std.getenv('B'), os.stat('/tmp/js')[0].size, os.readdir('/data')[0].sort().join(), os.remove('/tmp/js'), os.getcwd()[0], std.sprintf('%05d %s', 42, 'x'));
const input = std.in.readAsString(); print(input.length, input.split('\\n').length);
const many = []; for (let i = 0; i < 20000; i++) many.push({ i, s: 'x' + i }); print(many.length, many[19999].s);
(async () => { await null; print('async'); await new Promise((resolve) => os.setTimeout(resolve, 5)); print('timer'); std.err.puts('to stderr\\n'); std.exit(7); })();
print('synchronous end');
`;

export const QUICKJS_ERROR =
  'function inner() { throw new TypeError("a message"); }\nfunction outer() { inner(); }\nouter();\n';

export const QUICKJS_LINES = `
import * as std from 'std';
const squares = Array.from({ length: 1000 }, (_, i) => i * i);
print('ready', squares.length);
let n = 0;
for (let line; (line = std.in.getline()) !== null; ) { n++; print(n, line.toUpperCase(), squares[line.length + 1]); }
print('end', n);
`;
