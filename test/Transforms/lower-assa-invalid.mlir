// What stas-lower-assa is told, and cannot follow.
// RUN: not stas-opt %s --pass-pipeline='builtin.module(func.func(stas-lower-assa{association=both}))' 2>&1 | FileCheck %s --check-prefix=NAME
// NAME: error: association: requires auto, key_value or query_key, found 'both'
// RUN: not stas-opt %s --pass-pipeline='builtin.module(func.func(stas-lower-assa{rates=%t/no.json}))' 2>&1 | FileCheck %s --check-prefix=FILE
// FILE: error: rates: {{.*}}no.json: {{.+}}
// RUN: rm -rf %t && mkdir -p %t && echo '{"layers": {"q": {"rate": 1.5}}}' > %t/rates.json
// RUN: not stas-opt %s --pass-pipeline='builtin.module(func.func(stas-lower-assa{rates=%t/rates.json}))' 2>&1 | FileCheck %s --check-prefix=RATE
// RATE: error: rates: {{.*}}rates.json: layer q: required a rate from 0 to 1, found 1.5
func.func @main(%q: tensor<?x2x8xi1>) -> tensor<?x2x8xi32> {
  %0 = spike.coincide %q, %q, %q heads 1 : tensor<?x2x8xi1> -> tensor<?x2x8xi32>
  return %0 : tensor<?x2x8xi32>
}
