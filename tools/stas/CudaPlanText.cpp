//===- CudaPlanText.cpp - A launch plan of a GPU as text ------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CudaPlanText.h"
#include "JsonLists.h"
#include "stas/Support/Text.h"

using namespace stas;
using namespace stas::cudaplan;
using Json = nlohmann::ordered_json;

static std::string bufferText(const CudaPlan &plan, uint32_t id) {
  std::string name = printable(plan.buffers(static_cast<int>(id)).name());
  return "%" + std::to_string(id) + (name.empty() ? "" : "." + name);
}

static std::string argumentText(const CudaPlan &plan, const Argument &argument) {
  switch (argument.kind_case()) {
  case Argument::kRead:
    return bufferText(plan, argument.read());
  case Argument::kWrite:
    return "out " + bufferText(plan, argument.write());
  case Argument::kUpdate:
    return "inout " + bufferText(plan, argument.update());
  case Argument::kWeights:
    return "weights+" + std::to_string(argument.weights());
  case Argument::kPerImage:
    return std::to_string(argument.per_image()) + "/image";
  case Argument::kNumber:
  case Argument::KIND_NOT_SET:
    break;
  }
  return std::to_string(argument.number());
}

static std::string blocksText(const Launch &launch) {
  std::string text = std::to_string(launch.rows_per_image()) + "/image";
  if (launch.rows_per_block() != 1)
    text = "ceil(" + text + " / " + std::to_string(launch.rows_per_block()) + ")";
  return text + (launch.blocks_per_rows() != 1 ? " * " + std::to_string(launch.blocks_per_rows()) : "");
}

static void printStep(std::ostream &out, const CudaPlan &plan, const Step &step) {
  if (step.has_fill()) {
    out << "fill " << bufferText(plan, step.fill().buffer()) << " with " << step.fill().value();
  } else {
    const Launch &launch = step.launch();
    out << plan.kernels(static_cast<int>(launch.kernel())).name() << "(";
    std::string separator;
    for (const Argument &argument : launch.arguments()) {
      out << separator << argumentText(plan, argument);
      separator = ", ";
    }
    out << ") over " << blocksText(launch);
  }
  if (!step.layer().empty())
    out << "  # " << printable(step.layer());
  out << '\n';
}

void stas::printCudaPlanText(std::ostream &out, const CudaPlan &plan) {
  out << "\ncode\n";
  Table codes({"architecture", "form", "section"});
  for (const Code &code : plan.codes())
    codes.row({code.architecture(), formName(code.form()), sectionOf(code)});
  codes.print(out, 2);

  out << "\nkernels\n";
  Table kernels({"kernel", "threads a block", "shared bytes"});
  for (const Kernel &kernel : plan.kernels())
    kernels.row({kernel.name(), std::to_string(kernel.threads()), std::to_string(kernel.shared_bytes())});
  kernels.print(out, 2);

  out << "\nbuffers\n";
  Table buffers({"buffer", "bytes an image", "bytes besides", ""});
  for (int i = 0; i < plan.buffers_size(); ++i) {
    auto id = static_cast<uint32_t>(i);
    const char *role = id == plan.input_buffer()                                  ? "input"
                       : id == plan.logits_buffer()                               ? "logits"
                       : plan.has_halting_buffer() && id == plan.halting_buffer() ? "halting"
                                                                                  : "";
    buffers.row({bufferText(plan, id), std::to_string(plan.buffers(i).image_bytes()),
                 std::to_string(plan.buffers(i).fixed_bytes()), role});
  }
  buffers.print(out, 2);

  out << "\nplan\n";
  for (const Step &step : plan.steps()) {
    out << "  ";
    printStep(out, plan, step);
  }
}

static Json argumentJson(const Argument &argument) {
  switch (argument.kind_case()) {
  case Argument::kRead:
    return {{"read", argument.read()}};
  case Argument::kWrite:
    return {{"write", argument.write()}};
  case Argument::kUpdate:
    return {{"update", argument.update()}};
  case Argument::kWeights:
    return {{"weights", argument.weights()}};
  case Argument::kPerImage:
    return {{"per_image", argument.per_image()}};
  case Argument::kNumber:
  case Argument::KIND_NOT_SET:
    break;
  }
  return {{"number", argument.number()}};
}

static Json stepJson(const CudaPlan &plan, const Step &step) {
  Json json = {{"layer", step.layer()}};
  if (step.has_fill()) {
    json["fill"] = {{"buffer", step.fill().buffer()}, {"value", step.fill().value()}};
    return json;
  }
  const Launch &launch = step.launch();
  json["launch"] = {{"kernel", plan.kernels(static_cast<int>(launch.kernel())).name()},
                    {"rows_per_image", launch.rows_per_image()},
                    {"rows_per_block", launch.rows_per_block()},
                    {"blocks_per_rows", launch.blocks_per_rows()},
                    {"arguments", listOf(launch.arguments(), argumentJson)}};
  return json;
}

Json stas::cudaPlanJson(const CudaPlan &plan) {
  Json json;
  json["version"] = plan.version();
  json["codes"] = listOf(plan.codes(), [](const Code &code) {
    return Json{{"architecture", code.architecture()},
                {"form", code.form() == CUBIN ? "cubin" : "ptx"},
                {"section", sectionOf(code)}};
  });
  json["kernels"] = listOf(plan.kernels(), [](const Kernel &kernel) {
    return Json{{"name", kernel.name()}, {"threads", kernel.threads()}, {"shared_bytes", kernel.shared_bytes()}};
  });
  json["buffers"] = listOf(plan.buffers(), [](const Buffer &buffer) {
    return Json{{"name", buffer.name()}, {"fixed_bytes", buffer.fixed_bytes()}, {"image_bytes", buffer.image_bytes()}};
  });
  json["steps"] = listOf(plan.steps(), [&](const Step &step) { return stepJson(plan, step); });
  json["input_buffer"] = plan.input_buffer();
  json["logits_buffer"] = plan.logits_buffer();
  if (plan.has_halting_buffer())
    json["halting_buffer"] = plan.halting_buffer();
  return json;
}
