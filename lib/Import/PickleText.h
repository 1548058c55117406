//===- PickleText.h - Escapes in the strings of protocol 0 ----------------===//
//
// Part of stas, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef STAS_LIB_IMPORT_PICKLETEXT_H
#define STAS_LIB_IMPORT_PICKLETEXT_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Allocator.h"

#include <optional>

namespace stas::import {

/// The value of a quoted Python byte-string literal ('it\x73'), or nothing if
/// it is malformed. Points into `line` where there is no escape.
std::optional<llvm::StringRef> decodeQuoted(llvm::StringRef line, llvm::BumpPtrAllocator &storage);

/// UTF-8 of a raw-unicode-escape string (\uXXXX, \UXXXXXXXX, Latin-1).
std::optional<llvm::StringRef> decodeRawUnicode(llvm::StringRef line, llvm::BumpPtrAllocator &storage);

} // namespace stas::import

#endif // STAS_LIB_IMPORT_PICKLETEXT_H
