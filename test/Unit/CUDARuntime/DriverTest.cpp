//===- DriverTest.cpp - Drivers and devices, found or not -----------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CudaTest.h"

#include <dlfcn.h>

using namespace stas;
using namespace stas::cuda;

TEST(CUDADriver, NoDriver) {
  std::string error = loadError("libno-such-driver.so.1");
  EXPECT_EQ(error.find("CUDA: no driver: cannot load 'libno-such-driver.so.1' ("), 0u) << error;
  EXPECT_NE(error.find("required a machine with an NVIDIA GPU and its driver"), std::string::npos) << error;
}

TEST(CUDADriver, TheVariableNamesALibrary) {
  Variable variable(kDriverVariable, "libanother-driver.so");
  std::string error = loadError("");
  EXPECT_EQ(error.find("CUDA: no driver: cannot load 'libanother-driver.so' ("), 0u) << error;
}

TEST(CUDADriver, LibrariesThatAreNoDriver) {
  EXPECT_EQ(loadError("libm.so.6"), "CUDA: 'libm.so.6' is no driver: it has no function 'cuDriverGetVersion'");
  EXPECT_EQ(loadError(STAS_TEST_OLD_CUDA_DRIVER),
            "CUDA: '" STAS_TEST_OLD_CUDA_DRIVER "' has no function 'cuInit'; update the NVIDIA driver");
}

TEST(CUDADriver, TheStubOfTheToolkit) {
  Variable variable("STAS_TEST_CUDA_VERSION_ERROR", std::to_string(kStubLibrary));
  EXPECT_EQ(loadError(), "CUDA: '" STAS_TEST_CUDA_DRIVER "' is the toolkit's stub, which runs nothing; required the "
                         "library that the NVIDIA driver installs");
}

TEST(CUDADriver, NoVersion) {
  Variable variable("STAS_TEST_CUDA_VERSION_ERROR", "999");
  EXPECT_EQ(loadError(), "CUDA: cannot ask the driver for its version (error 999)");
}

TEST(CUDADriver, TooOld) {
  Variable variable("STAS_TEST_CUDA_VERSION", "11020");
  EXPECT_EQ(loadError(), "CUDA: the driver is too old: required one for CUDA 11.4 or later, found one for 11.2; update "
                         "the NVIDIA driver");
}

TEST(CUDADriver, NoGPU) {
  Variable variable("STAS_TEST_CUDA_DEVICES", "0");
  EXPECT_EQ(loadError(), "CUDA: no GPU: the driver finds none; see what nvidia-smi lists and what CUDA_VISIBLE_DEVICES "
                         "hides");
}

TEST(CUDADriver, IsLoadedOnce) {
  auto first = valueOf(Driver::load(STAS_TEST_CUDA_DRIVER)), second = valueOf(Driver::load(STAS_TEST_CUDA_DRIVER));
  EXPECT_EQ(first, second);
  EXPECT_EQ(first->version(), 12040);
}

TEST(CUDADriver, StaysLoaded) {
  valueOf(Driver::load(STAS_TEST_CUDA_DRIVER));
  void *library = dlopen(STAS_TEST_CUDA_DRIVER, RTLD_NOW | RTLD_NOLOAD);
  ASSERT_NE(library, nullptr);
  dlclose(library);
}

TEST(CUDADriver, SaysWhatTheDriverSays) {
  auto driver = valueOf(Driver::load(STAS_TEST_CUDA_DRIVER));
  EXPECT_TRUE(driver->check(kSuccess, "do it"));
  EXPECT_EQ(messageOf(driver->check(kOutOfMemory, "do it")),
            "CUDA: cannot do it: out of memory (CUDA_ERROR_OUT_OF_MEMORY 2)");
  EXPECT_EQ(messageOf(driver->check(static_cast<DriverResult>(12345), "do it")),
            "CUDA: cannot do it: an error that the driver has no words for (error 12345)");
}

TEST(CUDADriver, DevicesSayWhatTheyAre) {
  Variable architecture("STAS_TEST_CUDA_ARCHITECTURE", "80"), memory("STAS_TEST_CUDA_MEMORY", "1048576");
  auto device = openDevice();
  EXPECT_EQ(device->name(), "PTX on the CPU");
  EXPECT_EQ(device->architecture(), 80);
  EXPECT_EQ(device->multiprocessors(), 4);
  EXPECT_EQ(device->sharedBytes(), 163u * 1024);
  EXPECT_EQ(device->memoryBytes(), 1048576u);
  EXPECT_EQ(device->freeBytes(), 1048576u);
}

TEST(CUDADriver, DevicesThatAreNot) {
  auto driver = valueOf(Driver::load(STAS_TEST_CUDA_DRIVER));
  EXPECT_EQ(messageOf(Device::open(driver, 1)),
            "CUDA: no GPU 1: the driver finds 1; see what nvidia-smi lists and what "
            "CUDA_VISIBLE_DEVICES hides");
  EXPECT_EQ(messageOf(Device::open(driver, -1)).find("CUDA: no GPU -1"), 0u);
}
