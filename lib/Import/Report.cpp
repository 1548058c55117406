//===- Report.cpp - Everything that is wrong with a model, at once --------===//
//
// Part of stas, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "stas/Import/Report.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringExtras.h"

#include <algorithm>

using namespace stas::import;

std::string stas::import::printable(llvm::StringRef text, size_t limit) {
  bool cut = text.size() > limit;
  llvm::StringRef shown = text.take_front(limit);
  bool utf8 = llvm::json::isUTF8(shown);
  std::string result;
  for (unsigned char c : shown) {
    if (c >= 0x20 && c != 0x7f && (c < 0x80 || utf8)) {
      result += static_cast<char>(c);
      continue;
    }
    result += "\\x";
    result += llvm::hexdigit(c >> 4, /*LowerCase=*/true);
    result += llvm::hexdigit(c & 15, /*LowerCase=*/true);
  }
  return cut ? result + "..." : result;
}

std::string stas::import::number(double value) {
  char text[32];
  snprintf(text, sizeof(text), "%g", value);
  return text;
}

std::string Problem::str() const {
  std::string text = file;
  if (!subject.empty())
    text += (text.empty() ? "" : ": ") + subject;
  return text + (text.empty() ? "" : ": ") + message;
}

llvm::json::Object Problem::toJSON() const {
  return llvm::json::Object{{"file", llvm::json::fixUTF8(file)},
                            {"subject", llvm::json::fixUTF8(subject)},
                            {"message", llvm::json::fixUTF8(message)}};
}

void Report::problem(llvm::StringRef file, const llvm::Twine &subject, const llvm::Twine &required,
                     const llvm::Twine &found, const llvm::Twine &action) {
  std::string message = ("required " + required).str(), what = found.str(), todo = action.str();
  if (!what.empty())
    message += ", found " + what;
  if (!todo.empty())
    message += "; " + todo;
  problems.push_back({file.str(), subject.str(), std::move(message)});
}

void Report::print(llvm::raw_ostream &os, llvm::StringRef tool) const {
  for (const std::string &note : notes)
    os << tool << ": note: " << note << '\n';
  // A hostile file can have a million of them.
  size_t shown = std::min<size_t>(problems.size(), 1000);
  for (const Problem &problem : llvm::ArrayRef(problems).take_front(shown))
    os << tool << ": error: " << problem.str() << '\n';
  if (shown < problems.size())
    os << tool << ": error: and " << problems.size() - shown << " more\n";
}

llvm::json::Object Report::toJSON() const {
  llvm::json::Array problemList, noteList;
  for (const Problem &p : problems)
    problemList.push_back(p.toJSON());
  for (const std::string &note : notes)
    noteList.push_back(llvm::json::fixUTF8(note));
  return llvm::json::Object{{"problems", std::move(problemList)}, {"notes", std::move(noteList)}};
}
