//===- SyntaxTest.cpp - What is no PTX, or not known ----------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "PtxTest.h"

using namespace stas;
using namespace stas::ptx;

static std::string errorOf(const std::string &text) {
  Memory memory;
  Result<std::unique_ptr<Program>> program = Program::load(text, memory);
  return program ? "" : program.message();
}

TEST(PTXSyntax, ReadsAFile) {
  Result<File> file = parse(R"(
    // A comment, and /* another
    .version 7.4
    .target sm_80, debug /* over
    two lines */ .address_size 64
    .extern .shared .align 16 .b8 dynamic[];
    .const .align 4 .u32 table[2] = {1, -2};
    .visible .entry first(.param .u8 a, .param .align 8 .b8 b[12], .param .u64 .ptr .global .align 4 c) .maxntid 64, 2
    .minnctapersm 2 { .reg .pred %p<3>; .reg .f32 %f; LABEL: @!%p1 bra LABEL; ret; }
    .entry second() { ret; })");
  ASSERT_TRUE(file) << file.message();
  EXPECT_EQ(file->version, 74u);
  EXPECT_EQ(file->target, "sm_80");
  EXPECT_EQ(file->variables.at("dynamic").size, 0u);
  EXPECT_EQ(file->variables.at("table").initial, (std::vector<uint8_t>{1, 0, 0, 0, 254, 255, 255, 255}));
  ASSERT_EQ(file->kernels.size(), 2u);
  const Kernel &kernel = file->kernels[0];
  ASSERT_EQ(kernel.parameters.size(), 3u);
  EXPECT_EQ(kernel.parameters[1].offset, 8u);
  EXPECT_EQ(kernel.parameters[2].offset, 24u);
  EXPECT_EQ(kernel.parameterBytes, 32u);
  EXPECT_EQ(kernel.maxThreads[1], 2u);
  EXPECT_EQ(kernel.registers.size(), 4u);
  ASSERT_EQ(kernel.instructions.size(), 2u);
  EXPECT_EQ(kernel.instructions[0].line, 9u);
  EXPECT_TRUE(kernel.instructions[0].guardIsNegated);
  EXPECT_EQ(kernel.labels.at("LABEL"), 0u);
}

TEST(PTXSyntax, RefusesWhatIsNoPTX) {
  const std::string head = ".version 8.0\n.target sm_80\n.address_size 64\n";
  auto kernel = [&](const std::string &body) { return errorOf(head + ".entry k()\n{\n" + body + "\n}"); };
  EXPECT_EQ(errorOf(""), "required a .version, found none: no PTX");
  EXPECT_EQ(errorOf(".version x"), "line 1: required a number, found 'x'");
  EXPECT_EQ(errorOf(".version 8"), "line 1: required a version, found 'the end of the file'");
  EXPECT_EQ(errorOf(".version 8.0 /* and"), "line 1: a comment does not end");
  EXPECT_EQ(errorOf("\"abc"), "line 1: a string does not end");
  EXPECT_EQ(errorOf(".version 8.0\n#"), "line 2: the character '#' is no part of PTX");
  EXPECT_EQ(errorOf(".version 8.0\n12ab3"), "line 2: required a number, found '12ab3'");
  EXPECT_EQ(errorOf(".version 8.0\n.address_size 32;"), "line 2: required addresses of 64 bits, found ';'");
  EXPECT_EQ(errorOf(head + ".func f() { ret; }"), "line 4: required a directive that is known here, found '.func'");
  EXPECT_EQ(errorOf(head + ".extern .global .u32 x;"), "line 4: required a variable that this file defines, found ';'");
  EXPECT_EQ(errorOf(head + ".global .b8;"), "line 4: required a name, found ';'");
  EXPECT_EQ(errorOf(head + ".global .q8 x;"), "line 4: required a type, found '.q8'");
  EXPECT_EQ(errorOf(head + ".global x;"), "line 4: required a type, found 'x'");
  EXPECT_EQ(errorOf(head + ".global .u32 x[1] = {1, 2};"),
            "line 4: required at most as many values as elements, found '}'");
  EXPECT_EQ(errorOf(head + ".global .b128 x = 1;"), "line 4: required elements of at most 8 bytes, found '1'");
  EXPECT_EQ(errorOf(head + ".entry k(.u32 x) { ret; }"), "line 4: required a parameter, found '.u32'");
  EXPECT_EQ(errorOf(head + ".entry k() .noreturn { ret; }"),
            "line 4: required a directive of a kernel that is known here, found '.noreturn'");
  EXPECT_EQ(kernel(".reg .b8 %r;"), "line 6: required a type of a register, found '.b8'");
  EXPECT_EQ(kernel(".reg .b32 %r<2000000>;"), "line 6: required at most a million registers, found ';'");
  EXPECT_EQ(kernel("@%p1 ret;"), "line 6: required a predicate before the instruction, found 'ret'");
  EXPECT_EQ(kernel(".word 1;"), "line 6: required an instruction, found '.word'");
  EXPECT_EQ(kernel("ret"), "line 7: required a name, found '}'");
  EXPECT_EQ(kernel("add.s32 1 2;"), "line 6: required ',', found '2'");
  EXPECT_EQ(kernel("call f, (x);"), "line 6: required a name, found '('");
  EXPECT_EQ(kernel("bra NOWHERE;"), "line 6: required a label of this kernel after bra");
}

TEST(PTXSyntax, RefusesInstructionsThatAreNotKnown) {
  auto refused = [](const std::string &code) {
    std::string error = errorOf(kernelOf(code));
    const std::string start = "kernel 'test', line 7, ";
    EXPECT_EQ(error.substr(0, start.size()), start) << code;
    return error.substr(std::min(start.size(), error.size()));
  };
  EXPECT_EQ(refused("sin.approx.f32 %f0, %f1;"), "sin.approx.f32: an instruction that is not known here");
  EXPECT_EQ(refused("add.cc.u32 %r0, %r1, %r2;"), "add.cc.u32: the modifier '.cc' is not known here");
  EXPECT_EQ(refused("add.rz.f32 %f0, %f1, %f2;"), "add.rz.f32: the modifier '.rz' is not known here");
  EXPECT_EQ(refused("add.f16 %h0, %h1, %h2;"), "add.f16: the type '.f16' is not known here");
  EXPECT_EQ(refused("add.s32 %r0, %r1;"), "add.s32: an unexpected number of operands: 2");
  EXPECT_EQ(refused("add.s32 %x0, %r1, %r2;"), "add.s32: required a register of 32 bits for the result, found %x0");
  EXPECT_EQ(refused("add.s32 %r0, %x1, %r2;"), "add.s32: required a register of 32 bits, found %x1");
  EXPECT_EQ(refused("add.s32 %r0, %r1, nothing;"), "add.s32: required a value of 32 bits, found nothing");
  EXPECT_EQ(refused("mov.u32 %r0, %clock;"), "mov.u32: required a value of 32 bits, found %clock");
  EXPECT_EQ(refused("mov.u32 %r0, %tid;"), "mov.u32: required a value of 32 bits, found %tid");
  EXPECT_EQ(refused("mul.s32 %r0, %r1, %r2;"), "mul.s32: required one of .lo, .hi and .wide");
  EXPECT_EQ(refused("mul.wide.u64 %x0, %x1, %x2;"), "mul.wide.u64: required 16 or 32 bits to widen");
  EXPECT_EQ(refused("div.full.f32 %f0, %f1, %f2;"), "div.full.f32: the modifier '.full' is not known here");
  EXPECT_EQ(refused("sqrt.approx.f32 %f0, %f1;"), "sqrt.approx.f32: the modifier '.approx' is not known here");
  EXPECT_EQ(refused("rcp.f32 %f0, %f1;"), "rcp.f32: required .rn: others are not computed exactly by a device");
  EXPECT_EQ(refused("shf.l.wrap.b64 %x0, %x1, %x2, %r0;"), "shf.l.wrap.b64: required shf.l or shf.r of .b32");
  EXPECT_EQ(refused("prmt.b32.f4e %r0, %r1, %r2, %r3;"), "prmt.b32.f4e: required prmt.b32");
  EXPECT_EQ(refused("bfe.u16 %h0, %h1, 1, 2;"), "bfe.u16: required a type of 32 or 64 bits");
  EXPECT_EQ(refused("bfi.b16 %h0, %h1, %h2, 1, 2;"), "bfi.b16: required a type of 32 or 64 bits");
  EXPECT_EQ(refused("popc.b16 %r0, %h1;"), "popc.b16: required a type of 32 or 64 bits");
  EXPECT_EQ(refused("bfind.u16 %r0, %h1;"), "bfind.u16: required a type of 32 or 64 bits");
  EXPECT_EQ(refused("lop3.b32 %r0, %r1, %r2, %r3, 256;"), "lop3.b32: required lop3.b32 with a table of 8 bits");
  EXPECT_EQ(refused("dp4a.s32 %r0, %r1, %r2, %r3;"), "dp4a.s32: required two types");
  EXPECT_EQ(refused("dp4a.s32.s8 %r0, %r1, %r2, %r3;"), "dp4a.s32.s8: required .s32 or .u32");
  EXPECT_EQ(refused("mov.b8 %r0, %r1;"), "mov.b8: the type '.b8' is not known here");
  EXPECT_EQ(refused("setp.lo.s32 %p0, %r1, %r2;"), "setp.lo.s32: the comparison '.lo' of '.s32' is not known here");
  EXPECT_EQ(refused("setp.lt.nor.s32 %p0, %r1, %r2, %p1;"), "setp.lt.nor.s32: the modifier '.nor' is not known here");
  EXPECT_EQ(refused("setp.s32 %p0, %r1, %r2;"), "setp.s32: the form of the comparison is not known here");
  EXPECT_EQ(refused("cvt.s32 %r0, %r1;"), "cvt.s32: the form of the conversion is not known here");
  EXPECT_EQ(refused("cvt.f16.f32 %h0, %f1;"), "cvt.f16.f32: the types are not known here");
  EXPECT_EQ(refused("cvt.rn.s32.f32 %r0, %f1;"), "cvt.rn.s32.f32: required a rounding to integers");
  EXPECT_EQ(refused("cvt.rz.f32.f64 %f0, %d1;"), "cvt.rz.f32.f64: the rounding is not known here");
  EXPECT_EQ(refused("cvt.f32.s32 %f0, %r1;"), "cvt.f32.s32: required the rounding .rn");
  EXPECT_EQ(refused("cvt.rzi.s32.s64 %r0, %x1;"), "cvt.rzi.s32.s64: a rounding of integers");
  EXPECT_EQ(refused("ld.global.v2.b32 %r0, [%x1];"), "ld.global.v2.b32: required a vector of 2");
  EXPECT_EQ(refused("ld.global.foo.b32 %r0, [%x1];"), "ld.global.foo.b32: the modifier '.foo' is not known here");
  EXPECT_EQ(refused("ld.global.b128 %r0, [%x1];"), "ld.global.b128: the type '.b128' is not known here");
  EXPECT_EQ(refused("ld.global.b32 %r0, %x1;"), "ld.global.b32: required an address");
  EXPECT_EQ(refused("ld.global.b32 %r0, [nothing];"), "ld.global.b32: the name 'nothing' is not known here");
  EXPECT_EQ(refused("ld.global.b32 %r0, [in];"),
            "ld.global.b32: required an address in the space .global, found a symbol of .param");
  EXPECT_EQ(refused("st.param.b64 [in], %x0;"), "st.param.b64: the space is not written");
  EXPECT_EQ(refused("st.global.v2.b32 [%x1], %r0;"), "st.global.v2.b32: required a vector of 2");
  EXPECT_EQ(refused("atom.global.foo.u32 %r0, [%x1], 1;"),
            "atom.global.foo.u32: the modifier '.foo' is not known here");
  EXPECT_EQ(refused("atom.global.min.f32 %f0, [%x1], %f1;"), "atom.global.min.f32: the operation is not known here");
  EXPECT_EQ(refused("cvta.to.global.u32 %r0, %r1;"), "cvta.to.global.u32: required addresses of 64 bits");
  EXPECT_EQ(refused("cvta.param.u64 %x0, %x1;"), "cvta.param.u64: addresses of parameters are not known here");
  EXPECT_EQ(refused("cp.async.wait_group %r1;"), "cp.async.wait_group: required a number of groups");
  EXPECT_EQ(refused("cp.async.bulk.wait_group 0;"), "cp.async.bulk.wait_group: the modifier '.bulk' is not known here");
  EXPECT_EQ(refused("cp.async.cg.shared.global [%r1], [%x1], 8;"),
            "cp.async.cg.shared.global: required 16 bytes, or with .ca 4, 8 or 16");
  EXPECT_EQ(refused("cp.async.cg.shared.global [%r1], [%x1], %r1;"),
            "cp.async.cg.shared.global: required a number of bytes");
  EXPECT_EQ(refused("cp.async.shared.global [%r1], [%x1], 16;"),
            "cp.async.shared.global: the form of the copy is not known here");
  EXPECT_EQ(refused("fence.proxy.async;"), "fence.proxy.async: the modifier '.proxy' is not known here");
  EXPECT_EQ(refused("bar.arrive 0, 32;"), "bar.arrive: this barrier is not known here");
  EXPECT_EQ(refused("bar.sync 0, 32, 1;"), "bar.sync: an unexpected number of operands: 3");
  EXPECT_EQ(refused("shfl.bfly.b32 %r0, %r1, 1, 31;"), "shfl.bfly.b32: an unexpected number of operands: 4");
  EXPECT_EQ(refused("shfl.bfly.b32 %r0, %r1, 1, 31, 5;"), "shfl.bfly.b32: required shfl.sync of .b32");
  EXPECT_EQ(refused("shfl.sync.left.b32 %r0, %r1, 1, 31, 5;"),
            "shfl.sync.left.b32: the modifier '.left' is not known here");
  EXPECT_EQ(refused("vote.sync.ballot.pred %p0, %p1, 1;"),
            "vote.sync.ballot.pred: the form of the vote is not known here");
  EXPECT_EQ(refused("match.one.sync.b32 %r0, %r1, 1;"), "match.one.sync.b32: the form of the match is not known here");
  EXPECT_EQ(refused("redux.sync.mul.u32 %r0, %r1, 1;"),
            "redux.sync.mul.u32: the form of the reduction is not known here");
  EXPECT_EQ(refused("elect.sync %r0, 1;"), "elect.sync: required elect.sync d|p, mask");
  EXPECT_EQ(refused("ldmatrix.sync.aligned.m16n16.x1.shared.b8 {%r0}, [%r1];"),
            "ldmatrix.sync.aligned.m16n16.x1.shared.b8: the modifier '.m16n16' is not known here");
  EXPECT_EQ(refused("ldmatrix.sync.aligned.m8n8.x2.shared.b16 {%r0}, [%r1];"),
            "ldmatrix.sync.aligned.m8n8.x2.shared.b16: required a vector of 2");
  EXPECT_EQ(refused("mma.sync.aligned.m16n8k16.row.row.s32.s8.s8.s32 {%r0}, {%r0}, {%r0}, {%r0};"),
            "mma.sync.aligned.m16n8k16.row.row.s32.s8.s8.s32: the form of the product is not known here");
  EXPECT_EQ(refused("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%r0}, {%r0}, {%r0}, {%r0};"),
            "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32: the types are not known here");
  EXPECT_EQ(refused("mma.sync.aligned.m16n8k64.row.col.s32.s4.s4.s32 {%r0}, {%r0}, {%r0}, {%r0};"),
            "mma.sync.aligned.m16n8k64.row.col.s32.s4.s4.s32: the product is not known here");
  EXPECT_EQ(refused("mma.sync.aligned.m16n8k32.row.col.s32.s8.s8.s32 {%r0}, {%r0}, {%r0}, {%r0};"),
            "mma.sync.aligned.m16n8k32.row.col.s32.s8.s8.s32: required 4 registers for operand 0");
}
