//===- OutputFile.cpp - Files that appear whole or not at all -------------===//
//
// Part of the stas project, under the Apache License v2.0 with LLVM exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "stas/Support/OutputFile.h"

#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace stas;

static std::string folderOf(const std::string &path) {
  size_t slash = path.rfind('/');
  if (slash == std::string::npos)
    return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

static std::string baseOf(const std::string &path) {
  size_t slash = path.rfind('/');
  return slash == std::string::npos ? path : path.substr(slash + 1);
}

Error OutputFile::systemError(const char *what) const {
  return makeError(finalPath, ": cannot ", what, ": ", std::strerror(errno));
}

Result<OutputFile> OutputFile::create(const std::string &path) {
  OutputFile file;
  file.finalPath = path;
  file.targetPath = path;
  struct stat info;
  if (stat(path.c_str(), &info) == 0) {
    if (S_ISDIR(info.st_mode))
      return makeError(path, ": cannot write: this is a folder; give the name "
                             "of a file");
    if (!S_ISREG(info.st_mode)) {
      file.descriptor = open(path.c_str(), O_WRONLY | O_CLOEXEC);
      if (file.descriptor < 0)
        return file.systemError("write");
      file.isDevice = true;
      return file;
    }
    // The file behind a symbolic link is replaced, not the link.
    char resolved[PATH_MAX];
    if (realpath(path.c_str(), resolved))
      file.targetPath = resolved;
  }
  // A file without a name vanishes with its process, however that ends. Not every file system has them.
  file.descriptor = open(folderOf(file.targetPath).c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0666);
  if (file.descriptor >= 0 && access(file.descriptorPath().c_str(), F_OK) == 0)
    return file;
  file.discard();
  // Not mkstemp, whose files only their owner may read.
  file.nameTemporary([&file](const char *name) {
    file.descriptor = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    return file.descriptor >= 0;
  });
  if (file.descriptor < 0)
    return file.systemError("write");
  return file;
}

/// Tries hidden names beside the target until `make` can take one, or fails for another reason than that it is taken.
template <typename Make> bool OutputFile::nameTemporary(Make make) {
  std::string stem = folderOf(targetPath) + "/." + baseOf(targetPath) + "." + std::to_string(getpid()) + ".";
  for (int attempt = 0;; ++attempt) {
    std::string name = stem + std::to_string(attempt);
    if (make(name.c_str())) {
      temporaryPath = std::move(name);
      return true;
    }
    if (errno != EEXIST)
      return false;
  }
}

std::string OutputFile::descriptorPath() const { return "/proc/self/fd/" + std::to_string(descriptor); }

OutputFile::OutputFile(OutputFile &&other) noexcept { *this = std::move(other); }

OutputFile &OutputFile::operator=(OutputFile &&other) noexcept {
  if (this == &other)
    return *this;
  discard();
  finalPath = std::move(other.finalPath);
  targetPath = std::move(other.targetPath);
  temporaryPath = std::exchange(other.temporaryPath, {});
  descriptor = std::exchange(other.descriptor, -1);
  isDevice = other.isDevice;
  position = other.position;
  return *this;
}

OutputFile::~OutputFile() { discard(); }

void OutputFile::discard() {
  if (descriptor >= 0)
    close(descriptor);
  descriptor = -1;
  if (!temporaryPath.empty())
    unlink(temporaryPath.c_str());
  temporaryPath.clear();
}

Status OutputFile::write(const void *data, uint64_t size) {
  if (isDevice) { // A pipe has no offsets.
    const char *from = static_cast<const char *>(data);
    while (size > 0) {
      ssize_t written = ::write(descriptor, from, size);
      if (written < 0 && errno == EINTR)
        continue;
      if (written < 0)
        return systemError("write");
      from += written;
      size -= written;
    }
    return {};
  }
  if (Status status = writeAt(position, data, size); !status)
    return status;
  position += size;
  return {};
}

Status OutputFile::writeAt(uint64_t offset, const void *data, uint64_t size) {
  const char *from = static_cast<const char *>(data);
  while (size > 0) {
    ssize_t written = pwrite(descriptor, from, size, offset);
    if (written < 0 && errno == EINTR)
      continue;
    if (written < 0)
      return systemError("write");
    from += written;
    offset += written;
    size -= written;
  }
  return {};
}

Status OutputFile::resize(uint64_t size) {
  if (!isDevice && ftruncate(descriptor, size) != 0)
    return systemError("write");
  return {};
}

Status OutputFile::flush() {
  if (!isDevice && fsync(descriptor) != 0)
    return systemError("write");
  return {};
}

Status OutputFile::commit() {
  Status status = flush();
  // A link cannot replace a file, so that the name is a passing one.
  bool isNameless = !isDevice && temporaryPath.empty();
  if (status && isNameless && !nameTemporary([from = descriptorPath()](const char *name) {
        return linkat(AT_FDCWD, from.c_str(), AT_FDCWD, name, AT_SYMLINK_FOLLOW) == 0;
      }))
    status = systemError("replace");
  if (close(std::exchange(descriptor, -1)) != 0 && status)
    status = systemError("write");
  if (isDevice)
    return status;
  if (status && rename(temporaryPath.c_str(), targetPath.c_str()) != 0)
    status = systemError("replace");
  if (status)
    temporaryPath.clear();
  discard();
  return status;
}

Status stas::writeFile(const std::string &path, const std::string &contents) {
  Result<OutputFile> file = OutputFile::create(path);
  if (!file)
    return file.error();
  if (Status status = file->write(contents); !status)
    return status;
  return file->commit();
}

Status stas::requireOtherFile(const std::string &output, const std::string &input) {
  struct stat to, from;
  if (stat(output.c_str(), &to) != 0 || stat(input.c_str(), &from) != 0 || !S_ISREG(to.st_mode) ||
      to.st_dev != from.st_dev || to.st_ino != from.st_ino)
    return {};
  return makeError(output, ": required another file to write than ", input, ", which is read; give another name");
}
