#include "TestKernels.h"
#include <gtest/gtest.h>
#include <fstream>
using namespace stas;
using namespace stas::cuda;
TEST(Linear, Ptx) {
  auto dump = [&](const char *name, const LinearSpec &spec) {
    std::string ptx = ptxOf(spec);
    std::ofstream(std::string("/work/cuda-ptx/") + name + ".ptx") << ptx;
    auto target = stas::GpuTarget::create("sm_80");
    auto ptxas = stas::findPtxas();
    ASSERT_TRUE(ptxas);
    auto cubin = stas::assemble(ptx, *target, *ptxas);
    if (!cubin) FAIL() << llvm::toString(cubin.takeError());
    for (auto &k : cubin->kernels) printf("%s: regs %ld stack %ld spills %ld %ld\n", name, k.registers, k.stack, k.spillStores, k.spillLoads);
    Launch l = launchOf(spec, 49*3);
    printf("   rows 147: grid %ld threads %ld shared %ld;", l.grid[0], l.threads, l.sharedBytes);
    for (auto &p : parametersOf(spec)) printf(" %s%s", p.name.c_str(), p.kind == Parameter::Kind::Number ? ":u32" : "");
    printf("\n");
  };
  LinearSpec spec;
  spec.inputs = 384; spec.channels = 384; spec.timesIn = spec.timesOut = 4; spec.form.guard = 2; spec.form.fraction = 6;
  dump("linear_spikes_384_T4", spec);
  spec.input = LinearSpec::Input::Counts;
  dump("linear_counts_384_T4", spec);
  spec.residual = 4; spec.spikes = false; spec.input = LinearSpec::Input::Spikes; spec.streamTimes = 4;
  dump("linear_residual_384_T4", spec);
  spec.bits = 8; spec.tiles.inputs = 128;
  dump("linear_residual_8bit_384_T4_BK128", spec);
  LinearSpec odd; odd.inputs = 48; odd.channels = 80; odd.timesIn = odd.timesOut = 5; odd.form.guard = 1; odd.form.fraction = 9; odd.form.mode = NeuronForm::Mode::General; odd.form.multiplier = 357913941; odd.form.soft = true;
  odd.input = LinearSpec::Input::Counts;
  dump("linear_counts_48x80_T5_general_soft", odd);
  LinearSpec act; act.inputs = 192; act.channels = 768; act.form.guard = 2; act.form.fraction = 6; act.stateful = act.listed = true; act.tiles.warpRows = 32; act.tiles.rows = 128;
  dump("linear_act_192x768", act);
  LinearSpec steady; steady.inputs = 192; steady.channels = 192; steady.timesOut = 4; steady.form.guard = 2; steady.form.fraction = 6; steady.input = LinearSpec::Input::Counts; steady.tiles.warpChannels = 64;
  dump("linear_steady_192_T1to4", steady);
}
