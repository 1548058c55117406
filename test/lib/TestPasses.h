//===- TestPasses.h - Passes for tests ------------------------------------===//
#ifndef STAS_TEST_LIB_TESTPASSES_H
#define STAS_TEST_LIB_TESTPASSES_H

namespace stas::test {
/// Registers test-stas-time-invariance, test-stas-integer-ranges, test-stas-firing-rates and test-stas-state-liveness.
void registerAnalysisTestPasses();
} // namespace stas::test

#endif // STAS_TEST_LIB_TESTPASSES_H
