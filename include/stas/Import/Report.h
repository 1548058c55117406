//===- Report.h - Everything that is wrong with a model, at once ----------===//
//
// Part of stas, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An import does not stop at the first problem: a user who has to rename forty
// keys wants to see forty lines, once. Every step of the import adds to one
// Report; the steps whose input is unusable stop early.
//
//===----------------------------------------------------------------------===//

#ifndef STAS_IMPORT_REPORT_H
#define STAS_IMPORT_REPORT_H

#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

#include <string>
#include <vector>

namespace stas::import {

/// One thing that is wrong. `subject` says what it is about with its kind in
/// front ("layer head.weight", "key act.alpha"); empty when the problem is the
/// whole file. `message` is what was required, what was found, what to do.
struct Problem {
  std::string file;
  std::string subject;
  std::string message;

  /// "FILE: SUBJECT: MESSAGE", without the parts that are empty.
  std::string str() const;
  /// {file, subject, message}.
  llvm::json::Object toJSON() const;
};

/// Problems make the import fail; notes tell which of several readings of the
/// file was taken. Both keep the order in which they were added.
class Report {
public:
  /// Adds a problem about `file` (as the user spelled it): "required R, found F; A".
  void problem(llvm::StringRef file, const llvm::Twine &subject, const llvm::Twine &required, const llvm::Twine &found,
               const llvm::Twine &action = "");
  /// Adds a problem whose message names what it is about.
  void problem(const llvm::Twine &message) { problems.push_back({"", "", message.str()}); }
  void note(const llvm::Twine &text) { notes.push_back(text.str()); }

  bool failed() const { return !problems.empty(); }
  const std::vector<Problem> &getProblems() const { return problems; }
  const std::vector<std::string> &getNotes() const { return notes; }

  /// One line each, "TOOL: note: ..." then "TOOL: error: ..."; after 1000 errors
  /// only how many more there are.
  void print(llvm::raw_ostream &os, llvm::StringRef tool) const;
  /// {"problems": [{file, subject, message}], "notes": [...]}.
  llvm::json::Object toJSON() const;

private:
  std::vector<Problem> problems;
  std::vector<std::string> notes;
};

/// Text from a file made fit for a terminal and for JSON: control characters
/// and bytes that are not UTF-8 are written as \xNN, and past `limit` bytes the
/// rest is cut.
std::string printable(llvm::StringRef text, size_t limit = 120);

/// As %g writes it: 0.125, 1e-05.
std::string number(double value);

} // namespace stas::import

#endif // STAS_IMPORT_REPORT_H
