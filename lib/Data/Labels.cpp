//===- Labels.cpp - Labels from files -------------------------------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "stas/Data/Labels.h"
#include "Sources.h"
#include "stas/Data/Npy.h"
#include "stas/Support/Text.h"

#include <charconv>

using namespace stas;

using LabelsResult = Result<std::vector<int64_t>>;

static LabelsResult readNpyLabels(MappedFile file) {
  Result<NpyArray> array = NpyArray::parse(std::move(file));
  if (!array)
    return array.error();
  if (array->type() == NpyType::F32 || array->shape().size() != 1)
    return makeError(array->path(), ": labels: required integers [B], found ", npyTypeName(array->type()), " ",
                     shapeText(array->shape()));
  std::vector<int64_t> labels(array->count());
  for (uint64_t i = 0; i < labels.size(); ++i)
    labels[i] = array->integer(i);
  return labels;
}

static LabelsResult readIdxLabels(const MappedFile &file) {
  Result<std::vector<uint64_t>> shape = idxShape(file, 1);
  if (!shape)
    return shape.error();
  constexpr uint64_t kHeader = 8;
  return std::vector<int64_t>(file.data() + kHeader, file.data() + file.size());
}

static LabelsResult readTextLabels(const MappedFile &file) {
  std::vector<int64_t> labels;
  std::string_view rest = file.bytes();
  for (uint64_t line = 1; !rest.empty(); ++line) {
    size_t end = rest.find('\n');
    std::string_view text = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    while (!text.empty() && (text.back() == '\r' || text.back() == ' '))
      text.remove_suffix(1);
    if (text.empty() && rest.empty()) // An empty last line.
      break;
    int64_t label;
    auto [after, failure] = std::from_chars(text.data(), text.data() + text.size(), label);
    if (failure != std::errc() || after != text.data() + text.size())
      return makeError(file.path(), ": labels: line ", line, ": required an integer, found '", printable(text), "'");
    labels.push_back(label);
  }
  return labels;
}

LabelsResult stas::readLabels(const std::string &path, int64_t classes) {
  Result<MappedFile> file = MappedFile::open(path);
  if (!file)
    return file.error();
  FileKind kind = kindOf(*file);
  LabelsResult labels = kind == FileKind::Npy   ? readNpyLabels(std::move(*file))
                        : kind == FileKind::Idx ? readIdxLabels(*file)
                                                : readTextLabels(*file);
  if (!labels)
    return labels;
  for (size_t i = 0; i < labels->size(); ++i)
    if ((*labels)[i] < 0 || (*labels)[i] >= classes)
      return makeError(path, ": labels: image ", i, ": required a class from 0 to ", classes - 1, ", found ",
                       (*labels)[i]);
  return labels;
}
