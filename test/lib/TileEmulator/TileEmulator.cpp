//===- TileEmulator.cpp - AMX-INT8 where there is none --------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A program that this is linked into runs code for --cpu=amx on any CPU with
// AVX512-VNNI and VPOPCNTDQ, so that its results can be compared. An instruction
// that the CPU does not know raises SIGILL; the handler does what the instruction
// would have done and goes on behind it. What a CPU with AMX would refuse ends the
// program: tiles that are not set up, shapes that do not fit, a configuration that
// is none. hostCpuFeatures() of such a program (the linker's --wrap) has AMX too.
// Where the CPU has it, nothing is changed.
//
// Semantics and encoding: Intel 64 and IA-32 Architectures Software Developer's
// Manual, volumes 1 (chapter 18) and 2 (LDTILECFG to TILEZERO).
//
//===----------------------------------------------------------------------===//
#include "stas/Runtime/CpuFeatures.h"

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <sys/ucontext.h>
#include <unistd.h>

/// stas::hostCpuFeatures() as it is, and as the program calls it: names that the linker gives them.
std::vector<std::string> presentFeatures() __asm__("__real__ZN4stas15hostCpuFeaturesB5cxx11Ev");
std::vector<std::string> featuresWithTiles() __asm__("__wrap__ZN4stas15hostCpuFeaturesB5cxx11Ev");

namespace {

constexpr int kTiles = 8, kMostRows = 16, kMostBytes = 64;

/// What LDTILECFG reads: palette 1 has 8 tiles of up to 16 rows of 64 bytes.
struct Configuration {
  uint8_t palette, startRow, reserved[14];
  uint16_t rowBytes[kTiles], reserved2[8];
  uint8_t rows[kTiles], reserved3[8];
};
static_assert(sizeof(Configuration) == 64);

struct Tiles {
  bool areSetUp = false;
  Configuration shape = {};
  uint8_t data[kTiles][kMostRows][kMostBytes] = {};
};
thread_local Tiles tiles;

/// Ends the program as the instruction would have, and says why; a handler may call nothing that allocates.
[[noreturn]] void refuse(const char *instruction, const char *why) {
  for (const char *part : {"tile emulator: ", instruction, ": ", why, "\n"})
    if (write(STDERR_FILENO, part, std::strlen(part)) < 0)
      break;
  std::signal(SIGILL, SIG_DFL);
  std::raise(SIGILL);
  _exit(128 + SIGILL);
}

/// A VEX-encoded instruction of three bytes of prefix, opcode map 0F38, 128 bits, W0.
struct Instruction {
  enum Prefix { None, P66, PF3, PF2 };
  uint8_t opcode;
  Prefix prefix;
  int mod, reg, rm, vvvv;
  const uint8_t *memory = nullptr; ///< What a memory operand points to.
  int64_t stride = 0;              ///< Of a tile in memory: its index, scaled.
  int length;

  /// Reads the instruction at a program counter; false if it is no such one.
  bool decode(const uint8_t *pc, const greg_t *registers);
};

int64_t valueOf(const greg_t *registers, int number) {
  constexpr int order[16] = {REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP, REG_RSI, REG_RDI,
                             REG_R8,  REG_R9,  REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15};
  return registers[order[number]];
}

bool Instruction::decode(const uint8_t *pc, const greg_t *registers) {
  bool isMap0F38 = pc[0] == 0xc4 && (pc[1] & 0x1f) == 2, isW0 = !(pc[2] & 0x80), is128 = !(pc[2] & 4);
  if (!isMap0F38 || !isW0 || !is128)
    return false;
  // The prefix has these bits inverted.
  int extendReg = pc[1] & 0x80 ? 0 : 8, extendIndex = pc[1] & 0x40 ? 0 : 8, extendBase = pc[1] & 0x20 ? 0 : 8;
  vvvv = ~(pc[2] >> 3) & 0xf;
  prefix = static_cast<Prefix>(pc[2] & 3);
  opcode = pc[3];
  mod = pc[4] >> 6;
  reg = (pc[4] >> 3 & 7) | extendReg;
  rm = pc[4] & 7;
  length = 5;
  if (mod == 3) {
    rm |= extendBase;
    return true;
  }
  int64_t address = 0;
  bool hasBase = true;
  int base = rm | extendBase;
  if (rm == 4) {
    uint8_t sib = pc[length++];
    int index = (sib >> 3 & 7) | extendIndex;
    base = (sib & 7) | extendBase;
    stride = index == 4 ? 0 : static_cast<int64_t>(static_cast<uint64_t>(valueOf(registers, index)) << (sib >> 6));
    hasBase = !((sib & 7) == 5 && mod == 0);
  } else if (rm == 5 && mod == 0) {
    return false; // relative to the program counter: none of the compiler's
  }
  if (hasBase)
    address = valueOf(registers, base);
  if (mod == 1) {
    address += static_cast<int8_t>(pc[length]);
    length += 1;
  } else if (mod == 2 || !hasBase) {
    int32_t displacement;
    std::memcpy(&displacement, pc + length, sizeof(displacement));
    address += displacement;
    length += 4;
  }
  memory = reinterpret_cast<const uint8_t *>(address);
  return true;
}

void loadConfiguration(const uint8_t *memory) {
  constexpr const char *name = "ldtilecfg";
  Configuration shape;
  std::memcpy(&shape, memory, sizeof(shape));
  tiles = Tiles();
  if (shape.palette == 0)
    return;
  if (shape.palette != 1)
    refuse(name, "the palette is neither 0 nor 1");
  auto isZero = [](const auto &bytes) {
    return std::all_of(std::begin(bytes), std::end(bytes), [](auto b) { return b == 0; });
  };
  if (!isZero(shape.reserved) || !isZero(shape.reserved2) || !isZero(shape.reserved3))
    refuse(name, "a reserved byte is not 0");
  if (shape.startRow != 0)
    refuse(name, "no row may have been loaded yet");
  for (int i = 0; i < kTiles; ++i)
    if (shape.rows[i] > kMostRows || shape.rowBytes[i] > kMostBytes || (shape.rows[i] == 0) != (shape.rowBytes[i] == 0))
      refuse(name, "a tile has more than 16 rows or 64 bytes of a row, or none of one alone");
  tiles.shape = shape;
  tiles.areSetUp = true;
}

/// A tile's number, of a tile that has a shape.
int tile(const char *instruction, int number) {
  if (!tiles.areSetUp)
    refuse(instruction, "tiles are not set up");
  if (number >= kTiles || tiles.shape.rows[number] == 0)
    refuse(instruction, "a tile has no shape");
  return number;
}

void load(int number, const uint8_t *memory, int64_t stride) {
  tile("tileloadd", number);
  std::memset(tiles.data[number], 0, sizeof(tiles.data[number]));
  for (int row = 0; row < tiles.shape.rows[number]; ++row)
    std::memcpy(tiles.data[number][row], memory + row * stride, tiles.shape.rowBytes[number]);
}

void store(int number, uint8_t *memory, int64_t stride) {
  tile("tilestored", number);
  for (int row = 0; row < tiles.shape.rows[number]; ++row)
    std::memcpy(memory + row * stride, tiles.data[number][row], tiles.shape.rowBytes[number]);
}

/// sums += left * right: quads of bytes, each of its own sign, into 32 bits that wrap around.
template <typename Left, typename Right> void multiply(int sums, int left, int right) {
  constexpr const char *name = "tdpb";
  for (int number : {sums, left, right})
    tile(name, number);
  if (sums == left || sums == right || left == right)
    refuse(name, "a tile is two of the three");
  const Configuration &shape = tiles.shape;
  if (shape.rowBytes[sums] % 4 || shape.rowBytes[left] % 4 || shape.rowBytes[right] % 4 ||
      shape.rows[sums] != shape.rows[left] || shape.rowBytes[sums] != shape.rowBytes[right] ||
      shape.rowBytes[left] / 4 != shape.rows[right])
    refuse(name, "the tiles' shapes do not fit one another");
  int words = shape.rowBytes[sums] / 4;
  for (int row = 0; row < shape.rows[sums]; ++row) {
    uint32_t result[kMostBytes / 4];
    std::memcpy(result, tiles.data[sums][row], sizeof(result));
    for (int quad = 0; quad < shape.rows[right]; ++quad)
      for (int word = 0; word < words; ++word)
        for (int i = 0; i < 4; ++i)
          result[word] += static_cast<uint32_t>(static_cast<Left>(tiles.data[left][row][4 * quad + i]) *
                                                static_cast<Right>(tiles.data[right][quad][4 * word + i]));
    std::memcpy(tiles.data[sums][row], result, sizeof(result));
  }
}

/// Does what an instruction says; false if it is none of AMX-TILE and AMX-INT8.
bool execute(const Instruction &it) {
  bool isMemory = it.mod != 3;
  switch (it.opcode) {
  case 0x49:
    if (it.prefix == Instruction::None && isMemory && it.reg == 0)
      loadConfiguration(it.memory);
    else if (it.prefix == Instruction::None && !isMemory && it.reg == 0 && it.rm == 0)
      tiles = Tiles();
    else if (it.prefix == Instruction::PF2 && !isMemory && it.rm == 0)
      std::memset(tiles.data[tile("tilezero", it.reg)], 0, sizeof(tiles.data[0]));
    else if (it.prefix == Instruction::P66 && isMemory && it.reg == 0)
      std::memcpy(const_cast<uint8_t *>(it.memory), &tiles.shape, sizeof(tiles.shape));
    else
      return false;
    return true;
  case 0x4b:
    if (!isMemory || it.prefix == Instruction::None)
      return false;
    if (it.prefix == Instruction::PF3)
      store(it.reg, const_cast<uint8_t *>(it.memory), it.stride);
    else
      load(it.reg, it.memory, it.stride);
    return true;
  case 0x5e:
    if (isMemory)
      return false;
    if (it.prefix == Instruction::PF2)
      multiply<int8_t, int8_t>(it.reg, it.rm, it.vvvv);
    else if (it.prefix == Instruction::PF3)
      multiply<int8_t, uint8_t>(it.reg, it.rm, it.vvvv);
    else if (it.prefix == Instruction::P66)
      multiply<uint8_t, int8_t>(it.reg, it.rm, it.vvvv);
    else
      multiply<uint8_t, uint8_t>(it.reg, it.rm, it.vvvv);
    return true;
  default:
    return false;
  }
}

void onUnknownInstruction(int, siginfo_t *, void *context) {
  greg_t *registers = static_cast<ucontext_t *>(context)->uc_mcontext.gregs;
  bool isFirst = true;
  // A signal takes longer than what the instruction does: those that follow at once are done by the way.
  for (Instruction it; it.decode(reinterpret_cast<const uint8_t *>(registers[REG_RIP]), registers) && execute(it);
       it = Instruction(), isFirst = false)
    registers[REG_RIP] += it.length;
  if (isFirst)
    std::signal(SIGILL, SIG_DFL); // it is met again, and ends the program
}

} // namespace

std::vector<std::string> featuresWithTiles() {
  std::vector<std::string> present = presentFeatures();
  auto has = [&](const char *feature) { return std::find(present.begin(), present.end(), feature) != present.end(); };
  // What code for --cpu=amx has beside tiles, no handler does.
  if (has("amx-tile") || !has("avx512vnni") || !has("avx512vpopcntdq"))
    return present;
  struct sigaction action = {};
  action.sa_sigaction = onUnknownInstruction;
  action.sa_flags = SA_SIGINFO | SA_NODEFER; // so that refuse() can raise it
  if (sigaction(SIGILL, &action, nullptr) != 0)
    return present;
  present.insert(present.end(), {"amx-int8", "amx-tile"});
  std::sort(present.begin(), present.end());
  return present;
}
