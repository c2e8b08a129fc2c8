;; The works as functions of an Extism plug-in. Input is copied to 0 and output from 32768, eight bytes at a time, as
;; Extism's own plug-in kits do.
(module
  (import "extism:host/env" "input_length" (func $input_length (result i64)))
  (import "extism:host/env" "input_load_u8" (func $input_load_u8 (param i64) (result i32)))
  (import "extism:host/env" "input_load_u64" (func $input_load_u64 (param i64) (result i64)))
  (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
  (import "extism:host/env" "store_u8" (func $store_u8 (param i64 i32)))
  (import "extism:host/env" "store_u64" (func $store_u64 (param i64 i64)))
  (import "extism:host/env" "output_set" (func $output_set (param i64 i64)))
  (memory 1 1)

  (func $load (result i32)
    (local $length i32)
    (local $at i32)
    (local.set $length (i32.wrap_i64 (call $input_length)))
    (block $no_word
      (loop $words
        (br_if $no_word (i32.gt_u (i32.add (local.get $at) (i32.const 8)) (local.get $length)))
        (i64.store (local.get $at) (call $input_load_u64 (i64.extend_i32_u (local.get $at))))
        (local.set $at (i32.add (local.get $at) (i32.const 8)))
        (br $words)))
    (block $no_byte
      (loop $bytes
        (br_if $no_byte (i32.ge_u (local.get $at) (local.get $length)))
        (i32.store8 (local.get $at) (call $input_load_u8 (i64.extend_i32_u (local.get $at))))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br $bytes)))
    (local.get $length))

  (func $answer (param $from i32) (param $length i32)
    (local $block i64)
    (local $at i32)
    (local.set $block (call $alloc (i64.extend_i32_u (local.get $length))))
    (block $no_word
      (loop $words
        (br_if $no_word (i32.gt_u (i32.add (local.get $at) (i32.const 8)) (local.get $length)))
        (call $store_u64
          (i64.add (local.get $block) (i64.extend_i32_u (local.get $at)))
          (i64.load (i32.add (local.get $from) (local.get $at))))
        (local.set $at (i32.add (local.get $at) (i32.const 8)))
        (br $words)))
    (block $no_byte
      (loop $bytes
        (br_if $no_byte (i32.ge_u (local.get $at) (local.get $length)))
        (call $store_u8
          (i64.add (local.get $block) (i64.extend_i32_u (local.get $at)))
          (i32.load8_u (i32.add (local.get $from) (local.get $at))))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br $bytes)))
    (call $output_set (local.get $block) (i64.extend_i32_u (local.get $length))))

  (func (export "echo") (result i32)
    (call $answer (i32.const 0) (call $load))
    (i32.const 0))

  (func (export "transform") (result i32)
    (local $length i32)
    (local $from i32)
    (local $to i32)
    (local.set $length (call $load))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $from) (local.get $length)))
        (i32.store8 offset=32768
          (local.get $to)
          (i32.xor
            (i32.xor (i32.load8_u (local.get $from)) (i32.load8_u offset=1 (local.get $from)))
            (i32.load8_u offset=2 (local.get $from))))
        (local.set $from (i32.add (local.get $from) (i32.const 3)))
        (local.set $to (i32.add (local.get $to) (i32.const 1)))
        (br $next)))
    (call $answer (i32.const 32768) (local.get $to))
    (i32.const 0))

  (func $fibonacci (param $n i32) (result i64)
    (if (result i64) (i32.lt_u (local.get $n) (i32.const 2))
      (then (i64.extend_i32_u (local.get $n)))
      (else
        (i64.add
          (call $fibonacci (i32.sub (local.get $n) (i32.const 1)))
          (call $fibonacci (i32.sub (local.get $n) (i32.const 2)))))))

  (func (export "fib") (result i32)
    (drop (call $load))
    (i64.store offset=32768 (i32.const 0) (call $fibonacci (i32.load (i32.const 0))))
    (call $answer (i32.const 32768) (i32.const 8))
    (i32.const 0)))
