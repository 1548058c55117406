//===- OutputFile.h - Files that appear whole or not at all -----*- C++ -*-===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_SUPPORT_OUTPUTFILE_H
#define STAS_SUPPORT_OUTPUTFILE_H

#include "stas/Support/Error.h"

#include <cstdint>
#include <string>

namespace stas {

/// A file being written. The bytes go to a file without a name (O_TMPFILE), or
/// with a temporary one in the same folder where the file system has no such
/// files; commit() makes them durable and gives them their name in one step.
/// Until then, and after any error, an old file of that name is untouched. The
/// destructor removes what was not committed.
///
/// A path that names a device or a pipe (/dev/null, /dev/full) is written
/// directly: there is nothing to keep and no name to replace.
class OutputFile {
public:
  /// Fails where the folder does not exist or cannot be written, so that the
  /// mistake is found before the work.
  static Result<OutputFile> create(const std::string &path);

  OutputFile(OutputFile &&other) noexcept;
  OutputFile &operator=(OutputFile &&other) noexcept;
  OutputFile(const OutputFile &) = delete;
  OutputFile &operator=(const OutputFile &) = delete;
  ~OutputFile();

  /// Writes at the end of what write() wrote so far.
  Status write(const void *data, uint64_t size);
  Status write(const std::string &text) { return write(text.data(), text.size()); }

  /// Writes at a byte offset, leaving the position of write() as it is. Safe to
  /// call from several threads at once for ranges that do not meet.
  Status writeAt(uint64_t offset, const void *data, uint64_t size);

  /// Sets the size; bytes never written read as zero.
  Status resize(uint64_t size);

  /// Flushes to the disk, where a full one may show only now. For writing
  /// several files of which all or none should appear: flush() all, then
  /// commit() all.
  Status flush();

  /// Flushes and renames. The file is closed whatever comes back.
  Status commit();

  const std::string &path() const { return finalPath; }

private:
  OutputFile() = default;
  void discard();
  template <typename Make> bool nameTemporary(Make make);
  std::string descriptorPath() const;
  Error systemError(const char *what) const;

  std::string finalPath;     ///< As the user gave it: what errors name.
  std::string targetPath;    ///< With symbolic links resolved.
  std::string temporaryPath; ///< Empty where there is none.
  bool isDevice = false;
  int descriptor = -1;
  uint64_t position = 0;
};

/// Writes a whole small file with the guarantees of OutputFile.
Status writeFile(const std::string &path, const std::string &contents);

/// Fails where `output` names the same file as `input`, under whatever path: a program that would replace what it
/// reads.
Status requireOtherFile(const std::string &output, const std::string &input);

} // namespace stas

#endif // STAS_SUPPORT_OUTPUTFILE_H
